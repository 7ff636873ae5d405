package witness

import (
	"regexp"
	"strconv"
	"strings"
)

// Command is one command that the kernel handed to a device, as labtrace
// recorded it.
type Command struct {
	Process string
	PID     int
	Event   string // nvme_setup_cmd, scsi_dispatch_cmd_start, megasas, ipmi, mpt3.
	// Name is the kernel's word for the command: nvme_admin_identify, INQUIRY,
	// or for megasas "0x4" (the frame) and for ipmi "0x6/0x1" (netfn/cmd).
	Name string
	// Raw are the bytes that the event shows: CDW10 to CDW15, the CDB.
	Raw  []byte
	Text string // The whole event.
}

// ParseTrace reads a file of labtrace. Lines of no known form are left out.
func ParseTrace(text string) []Command {
	line := regexp.MustCompile(`^\s*(.+)-(\d+)\s+\[\d+\]\s+\S+\s+[0-9.]+: (\w+): (.*)$`)
	var out []Command
	for l := range strings.Lines(text) {
		m := line.FindStringSubmatch(strings.TrimRight(l, "\n"))
		if m == nil {
			continue
		}
		pid, _ := strconv.Atoi(m[2])
		c := Command{Process: strings.TrimSpace(m[1]), PID: pid, Event: m[3], Text: m[4]}
		c.decode()
		out = append(out, c)
	}
	return out
}

func (c *Command) decode() {
	find := func(pattern string) []string {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(c.Text); m != nil {
			return m
		}
		return make([]string, 3)
	}
	switch c.Event {
	case "nvme_setup_cmd":
		m := find(`cmd=\((\w+) (?:.*cdw10=)?([0-9a-f ]*)`)
		c.Name, c.Raw = m[1], hexBytes(m[2])
	case "scsi_dispatch_cmd_start":
		m := find(`cmnd=\((\w+) .*raw=([0-9a-f ]+)`)
		c.Name, c.Raw = m[1], hexBytes(m[2])
	case "megasas":
		m := find(`cmd=(0x[0-9a-f]+) .*cdb=\{([^}]*)\}`)
		c.Name, c.Raw = m[1], hexBytes(strings.ReplaceAll(m[2], ",", " "))
	case "ipmi":
		m := find(`netfn=(0x[0-9a-f]+) cmd=(0x[0-9a-f]+)`)
		c.Name = m[1] + "/" + m[2]
	}
}

func hexBytes(s string) []byte {
	var out []byte
	for f := range strings.FieldsSeq(s) {
		n, err := strconv.ParseUint(strings.TrimPrefix(f, "0x"), 16, 8)
		if err != nil {
			return nil
		}
		out = append(out, byte(n))
	}
	return out
}

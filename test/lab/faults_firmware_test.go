//go:build lab

package lab_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/bee/test/lab"
	"example.com/bee/test/lab/ipmigen"
	"example.com/bee/test/lab/smbiosgen"
)

// firmwareFaults have machines of their own: what the firmware tells cannot be
// changed while one runs. They are compared with the server's report.
func firmwareFaults(t *testing.T, p *table, all bool, whole []byte) {
	t.Helper()
	type machine struct {
		fault
		profile string
		change  func(*lab.Options)
	}
	machines := []machine{
		{
			profile: "faulty-bmc:badfru", fault: fault{
				name: "badfru", title: "two FRU areas are damaged", promised: "they are said to be, others the same",
				concerned: concerned{"bmc.frus", "fru:", "power_supplies", "psu:", "collector bmc", "collector psu", "bmc"},
			},
		},
		{
			profile: "server", change: manyEvents, fault: fault{
				name: "sel", title: "10,000 entries in the event log", promised: "the newest are there, the rest is said to be left out, others the same", seconds: 30,
				concerned: concerned{"bmc", "sel.", "power_supplies", "psu:", "memory."}, also: newestEvents, full: true,
			},
		},
	}
	for _, v := range smbiosgen.Variants() {
		if v == smbiosgen.Whole || v == smbiosgen.SM3 || v == smbiosgen.Huge { // sound ones
			continue
		}
		machines = append(machines, machine{
			profile: "server:" + string(v), fault: fault{
				name: "smbios-" + string(v), title: "a damaged SMBIOS table (" + string(v) + ")", promised: "what dmidecode still reads of it, others the same",
				concerned: concerned{"board", "baseboard:", "chassis:", "slot:", "cpus", "cpu:", "memory", "dimm:", "power_supplies", "psu:", "host.identity", "collector board", "collector cpu", "collector memory", "collector psu", "bios", "system", "pci:", "nic:"},
				also:      func(*testing.T, faulted) []string { return nil },
				full:      v != smbiosgen.CutShort,
			},
		})
	}
	for _, m := range machines {
		r := p.promise(m.title, m.promised)
		if m.full && !all {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			if whole == nil {
				t.Skip("nothing to compare with: the server was not run")
			}
			b := boot(t, m.profile, m.change, makeMegaRAIDNode(), warm(), m.job())
			m.judge(t, p, r, m.outcome(t, b, whole))
		})
	}
}

// manyEvents fills the event log.
func manyEvents(o *lab.Options) {
	bmc := *o.Profile.BMC
	events := make([]ipmigen.Event, 10_000)
	for i := range events {
		events[i] = ipmigen.Event{Seconds: 0x60000000 + uint32(i), SensorType: 8, Number: 0x41, Data: [3]uint8{byte(i & 1), 0xFF, 0xFF}}
	}
	bmc.Config.Events = append(events, bmc.Config.Events...)
	o.Profile.BMC = &bmc
}

// newestEvents wants the number, and the entries of the server at the end.
func newestEvents(t *testing.T, f faulted) []string {
	t.Helper()
	whole, faulty := parseReport(t, f.whole), parseReport(t, f.faulty)
	if faulty.BMC == nil || faulty.BMC.SEL == nil {
		return []string{"no event log"}
	}
	sel := faulty.BMC.SEL
	t.Logf("%d entries in the report", len(sel.Last))
	if sel.Entries == nil || *sel.Entries != 10_002 {
		return []string{fmt.Sprintf("the log says %v entries", sel.Entries)}
	}
	want := whole.BMC.SEL.Last
	if len(sel.Last) < len(want) {
		return []string{fmt.Sprintf("%d entries in the report", len(sel.Last))}
	}
	for i, e := range sel.Last[len(sel.Last)-len(want):] {
		if e.Event != want[i].Event || e.Sensor != want[i].Sensor {
			return []string{fmt.Sprintf("entry %+v, want %+v", e, want[i])}
		}
	}
	return nil
}

// powerCuts cuts the power of a machine that writes one report after the other
// into one file, and looks at the file after the next boot, which ends in the
// next cut.
func powerCuts(t *testing.T, p *table, all bool) {
	t.Helper()
	r := p.promise("the power is cut while the report is written", "the old or the new report is there, whole, in its folder no other file that does not go away")
	format, err := exec.LookPath("mkfs.ext4")
	if err != nil {
		if format = "/sbin/mkfs.ext4"; exec.Command(format, "-V").Run() != nil {
			t.Skip("no mkfs.ext4 on this machine")
		}
	}
	profile, err := lab.Lookup("small")
	if err != nil {
		t.Fatal(err)
	}
	disks := t.TempDir()
	disk := filepath.Join(disks, profile.Disks[0].ID+".img")
	if err := errors.Join(os.WriteFile(disk, nil, 0o600), os.Truncate(disk, profile.Disks[0].Size)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(format, "-q", "-F", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cuts := 2
	if all {
		cuts = 10
	}
	audit := auditBinary(t)
	var complaints []string
	var numbers []string
	start := time.Now()
	for i := range cuts + 1 {
		// What the boot before left behind, then reports until the lights go out.
		look := `modprobe -q ext4; mkdir -p /disk; mount -t ext4 /dev/nvme0n1 /disk || exit 1; ls -A /disk > /out/names; [ ! -e /disk/report.json ] || cp /disk/report.json /out/`
		write := fmt.Sprintf(`modprobe -q ext4; mkdir -p /disk; mount -t ext4 /dev/nvme0n1 /disk || exit 1; /payload/audit --only host,cpu --output /disk/report.json > /dev/null
			( while /payload/audit --only host,cpu --output /disk/report.json > /dev/null; do :; done ) & sleep 1.%03d; labsync powercut; sleep 10`, i*137%1000)
		o := lab.Options{
			Profile: profile, DiskDir: disks, Log: logTo{t}, OutDir: t.TempDir(), NoTools: true, Files: map[string]string{"audit": audit},
			Jobs: []lab.Job{{Name: "write", Argv: []string{"sh", "-c", write}}},
		}
		if i > 0 {
			o.OutDir = t.TempDir()
			o.Jobs = []lab.Job{{Name: "look", Argv: []string{"sh", "-c", look}}}
			res, err := lab.Run(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			b := booted{Result: res}
			b.text(t, "look")
			text, err := os.ReadFile(filepath.Join(b.Out(), "report.json"))
			switch {
			case err != nil:
				complaints = append(complaints, fmt.Sprintf("cut %d: %v", i, err))
			case !json.Valid(text) || !bytes.HasSuffix(bytes.TrimSpace(text), []byte("}")):
				complaints = append(complaints, fmt.Sprintf("cut %d: a report of %d bytes that is none", i, len(text)))
			default:
				numbers = append(numbers, strconv.Itoa(len(text)))
			}
			t.Logf("cut %d: %d bytes, in the folder: %q", i, len(text), b.file(t, "names"))
			if i == cuts {
				break
			}
			o.OutDir, o.Jobs = t.TempDir(), []lab.Job{{Name: "write", Argv: []string{"sh", "-c", write}}}
		}
		if _, err := lab.Run(t.Context(), o); !errors.Is(err, lab.ErrNoAnswer) {
			t.Fatalf("after the cut: %v, want %v", err, lab.ErrNoAnswer)
		}
	}
	p.see(t, r, fmt.Sprintf("%.0f s for %d cuts", time.Since(start).Seconds(), cuts), fmt.Sprintf("%d cuts, a whole report each time (%s bytes)", cuts, strings.Join(numbers, ", ")), complaints)
}

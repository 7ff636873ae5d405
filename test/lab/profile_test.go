package lab_test

import (
	"strings"
	"testing"

	"example.com/bee/test/lab"
)

func TestEveryProfileIsMade(t *testing.T) {
	t.Parallel()
	for _, line := range lab.Names() {
		name := strings.Fields(line)[0]
		p, err := lab.Lookup(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := strings.Join(p.Arguments, " ")
		for _, d := range p.Disks {
			if !strings.Contains(all, d.ID+".img") {
				t.Errorf("%s: disk %s is not plugged in", name, d.ID)
			}
		}
		serials := map[string]bool{}
		for _, d := range p.Facts.Drives {
			if d.Serial == "" {
				continue
			}
			if serials[d.Serial] {
				t.Errorf("%s: two drives have the serial %s", name, d.Serial)
			}
			serials[d.Serial] = true
			// QEMU gives every SD card the same number.
			if d.Protocol != "mmc" && !strings.Contains(all, "serial="+d.Serial) {
				t.Errorf("%s: %s is not plugged in", name, d.Serial)
			}
		}
		for _, n := range p.Facts.NICs {
			if !strings.Contains(all, "mac="+n.MAC) {
				t.Errorf("%s: %s is not plugged in", name, n.MAC)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"nothing":          "unknown, want one of server",
		"desktop:x":        "takes no setting",
		"faulty-bmc:x":     "want badfru",
		"faulty-smbios:x":  "unknown, want one of",
		"big:1,2,3,4":      "want NVMe,SATA,SAS",
		"big:x":            "want a number",
		"faulty-smart:300": "below 256",
	} {
		if _, err := lab.Lookup(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", name, err, want)
		}
	}
	p, err := lab.Lookup("big:2,7,3,flat")
	if err != nil || len(p.Facts.Drives) != 12 {
		t.Errorf("big:2,7,3,flat has %d drives, %v", len(p.Facts.Drives), err)
	}
}

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
	"example.com/bee/test/lab/pciblob"
	"example.com/bee/test/lab/smbiosgen"
)

// machineFault is a fault that takes a machine of its own.
type machineFault struct {
	fault
	profile string
	change  func(*lab.Options)
}

// firmwareMachines are the faults of what firmware tells, which cannot be
// changed while a machine runs.
func firmwareMachines() []machineFault {
	machines := []machineFault{
		{
			profile: "faulty-bmc:badfru", fault: fault{
				name: "badfru", title: "two FRU areas are damaged", promised: "they are said to be, others the same",
				concerned: concerned{"power_supplies", "psu:"},
				also: func(t *testing.T, f faulted) []string {
					n := 0
					for _, g := range parseReport(t, f.faulty).Findings {
						if g.Code == "fru.damaged" {
							n++
						}
					}
					if n != 2 {
						return []string{fmt.Sprintf("%d findings of it", n)}
					}
					return nil
				},
			},
		},
		{
			profile: "server", change: manyEvents, fault: fault{
				name: "sel", title: "10,000 entries in the event log", promised: "how many there are, and the newest fifty, others the same", seconds: 30,
				concerned: concerned{"bmc", "sel.", "power_supplies", "psu:", "memory."}, also: newestEvents, full: true,
			},
		},
	}
	for _, v := range smbiosgen.Variants() {
		if v == smbiosgen.Whole || v == smbiosgen.SM3 || v == smbiosgen.Huge { // sound ones
			continue
		}
		machines = append(machines, machineFault{
			profile: "server:" + string(v), fault: fault{
				name: "smbios-" + string(v), title: "a damaged SMBIOS table (" + string(v) + ")", promised: "said to be damaged, what does not come from it the same",
				concerned: concerned{"board", "baseboard:", "chassis:", "slot:", "cpus", "cpu:", "memory", "dimm:", "power_supplies", "psu:", "host.identity", "collector board", "collector cpu", "collector memory", "collector psu", "bios", "system", "pci:", "nic:", "collector firmware", "collector pcie", "moved storage", "moved network"},
				full:      v != smbiosgen.CutShort,
			},
		})
	}
	return machines
}

// firmwareFaults are compared with the server's report; it is made here when it
// was not made before.
func firmwareFaults(t *testing.T, p *table, all bool, whole []byte) {
	t.Helper()
	for _, m := range firmwareMachines() {
		r := p.promise(m.title, m.promised)
		if m.full && !all {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			if whole == nil {
				control := fault{name: "whole"}
				whole = boot(t, "server", nil, makeMegaRAIDNode(), warm(), control.job()).file(t, "whole.json")
			}
			b := boot(t, m.profile, m.change, makeMegaRAIDNode(), warm(), m.job())
			m.judge(t, p, r, m.outcome(t, b, whole))
		})
	}
}

// functionCount is as many PCI functions as labpci can show.
const functionCount = 4096

// functionPair are the faults of a machine with many PCI functions.
func functionPair() (many, tight fault) {
	many = fault{
		name: "functions", title: "4,096 PCI functions more", promised: "all of them in the report, others the same", seconds: 180,
		concerned: concerned{"pci:1000:", "pcie_devices"},
		also: func(t *testing.T, f faulted) []string {
			n := 0
			for _, d := range parseReport(t, f.faulty).PCIeDevices {
				if strings.HasPrefix(d.Address, "1000:") {
					n++
				}
			}
			if n != functionCount {
				return []string{fmt.Sprintf("%d functions in the report", n)}
			}
			return nil
		},
	}
	tight = fault{name: "tight", title: "64 MiB of memory for all of it (cgroup), with 4,096 PCI functions", promised: "the whole report the same, nothing killed", seconds: 180, unharmed: true, before: in64, as: "/tmp/in64", after: memorySays, also: memoryKept}
	return many, tight
}

func functionFaults(t *testing.T, p *table, all bool) {
	t.Helper()
	many, tight := functionPair()
	rows := []*row{p.promise(many.title, many.promised), p.promise(tight.title, tight.promised)}
	if !all {
		return
	}
	functions := make([]pciblob.Function, functionCount)
	for i := range functions {
		// A plain function, and the mark that a device has several.
		c := pciblob.Make(pciblob.Endpoint{Vendor: 0x8086, Device: 0x1572, SubVendor: 0x8086, SubDevice: uint16(i), Class: 0x020000})[:256]
		c[0x06], c[0x34], c[0x0E] = 0, 0, 0x80
		functions[i] = pciblob.Function{Bus: uint8(i >> 8), Device: uint8(i >> 3 & 0x1F), Number: uint8(i & 7), Config: c}
	}
	control := fault{name: "whole", seconds: 30}
	taint := lab.Shell("taint", "modprobe labhang ms=0; rmmod labhang")
	whole := boot(t, "small", nil, taint, control.job()).file(t, "whole.json")
	b := boot(t, "small", func(o *lab.Options) { o.Profile.PCITree = pciblob.Encode(functions) }, taint, many.job(), tight.job())
	t.Run(many.name, func(t *testing.T) { many.judge(t, p, rows[0], many.outcome(t, b, whole)) })
	t.Run(tight.name, func(t *testing.T) {
		tight.judge(t, p, rows[1], tight.outcome(t, b, b.file(t, many.name+".json")))
	})
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

func powerPromise(p *table) *row {
	return p.promise("the power is cut while the report is written", "the old or the new report is there, whole")
}

// powerCuts cuts the power of a machine that writes one report after the other
// into one file, and looks at the file after the next boot, which ends in the
// next cut.
func powerCuts(t *testing.T, p *table, all bool) {
	t.Helper()
	r := powerPromise(p)
	format, err := exec.LookPath("mkfs.ext4")
	if err != nil {
		if format = "/sbin/mkfs.ext4"; exec.Command(format, "-V").Run() != nil {
			t.Fatal("no mkfs.ext4: test/lab/setup.sh installs it")
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
		cuts = 6
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

package screen_test

import (
	"time"

	"example.com/bee/cmd/audit-console/internal/screen"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/pkg/inventory"
)

// A scene is a state and what the person looks at. All numbers are invented.
type scene struct {
	state source.State
	view  screen.View
}

func at(hour, minute, second int) time.Time {
	return time.Date(2026, 3, 14, hour, minute, second, 0, time.UTC)
}

const fingerprint = "SHA256:jVR0aGlzIGlzIG5vdCBhIGtleSBhdCBhbGwhISEhISE"

// booting is a machine on which the services have only begun.
func booting() scene {
	return scene{
		state: source.State{
			Now: at(9, 26, 12), Uptime: 21 * time.Second, HostName: "bee-BEE0000123", Release: "bee 1.0.0",
			Options: source.Options{Shell: true},
			Audit:   source.Audit{Stage: source.StageWaiting, Elapsed: 3 * time.Second, Text: "for drivers"},
			NICs: []source.NIC{
				{Name: "eth0", MAC: "02:00:5e:00:53:10", Up: new(true), Carrier: new(true), SpeedMbps: 25000, State: "asking", For: 4 * time.Second},
				{Name: "eth1", MAC: "02:00:5e:00:53:11", Up: new(true), Carrier: new(false), State: "no_carrier", Reason: "no carrier: no cable, or the other end is off", For: 3 * time.Second},
			},
			Services: map[string]source.Status{"devices": {State: "running", Text: "enclosures"}, "medium": {State: "running"}},
		},
		view: screen.View{Password: true, File: "/var/log/bee-audit.json"},
	}
}

// running has an address and an audit under way.
func running() scene {
	s := booting()
	st := &s.state
	st.Now, st.Uptime = at(9, 26, 40), 49*time.Second
	st.NICs[0].State, st.NICs[0].Address = "lease", "192.0.2.10/24"
	st.NICs[1].For = 31 * time.Second
	st.Access = source.Access{Login: "password", Password: "k7mq-wz3t-9hfa", Fingerprints: []string{fingerprint}}
	st.Services = map[string]source.Status{"medium": {State: "removable"}}
	st.Audit = source.Audit{Stage: source.StageRunning, Elapsed: 12 * time.Second, Limit: 300 * time.Second, Collectors: []source.Collector{
		{Name: "host", Ended: true, Status: "ok"},
		{Name: "board", Ended: true, Status: "ok"},
		{Name: "cpu", Ended: true, Status: "ok"},
		{Name: "memory", Parts: 17, Ended: true, Status: "ok"},
		{Name: "storage", Parts: 4},
		{Name: "pcie", Parts: 70, Ended: true, Status: "ok"},
		{Name: "psu"},
		{Name: "nvidia", Ended: true, Status: "absent"},
		{Name: "bmc"},
	}}
	return s
}

// healthy has a report without a finding.
func healthy() scene {
	s := running()
	s.state.Now, s.state.Uptime = at(9, 31, 0), 309*time.Second
	s.state.NICs[1].For = 291 * time.Second
	s.state.Audit = source.Audit{Stage: source.StageDone, Elapsed: 18700 * time.Millisecond}
	s.state.Report = source.Report{Report: report(), Payload: "BEE1 S:BEE0000123 M:02005E005301 N:2.12.6.2.0.2 F:0.0.0 H:BA7816BF A:RACK-7/U21"}
	return s
}

func report() *inventory.Report {
	r := &inventory.Report{
		SchemaVersion: inventory.SchemaVersion, FinishedAt: at(9, 26, 59),
		Board: &inventory.Board{
			System:  &inventory.System{Manufacturer: "Example Systems", ProductName: "Storage 2U", SerialNumber: "BEE0000123"},
			Chassis: &inventory.Chassis{AssetTag: "RACK-7/U21"},
		},
		Network: []inventory.NIC{{Name: "eth0", Driver: "ice"}, {Name: "eth1", Driver: "ice"}},
		BMC:     &inventory.BMC{Product: "BMC 2600", MAC: "02:00:5e:00:53:01", LAN: &inventory.BMCLAN{IP: "192.0.2.17", IPSource: "dhcp"}},
	}
	for _, name := range []string{"host", "board", "cpu", "memory", "storage", "pcie", "psu", "nvidia", "network", "bmc"} {
		r.Collectors = append(r.Collectors, inventory.Outcome{Name: name, Status: inventory.StatusOK})
	}
	return r
}

// critical has more findings than fit.
func critical() scene {
	s := healthy()
	r := s.state.Report.Report
	add := func(severity inventory.Severity, id, message string) {
		r.Findings = append(r.Findings, inventory.Finding{Severity: severity, Code: "x.y", ComponentID: id, Message: message})
	}
	add(inventory.SeverityCritical, "dimm:P1_NODE0/P2-DIMMA2", "memory module P2-DIMMA2: 1 uncorrected errors")
	add(inventory.SeverityCritical, "psu:2", "power supply PSU2 is there and has no input: cord, outlet or feed")
	add(inventory.SeverityCritical, "drive:5000c500ee000003", "EXAMPLE 16TB ZL2BEE03 (sdc) in slot 6: its own verdict is that it fails")
	add(inventory.SeverityWarning, "dimm:P0_NODE0/P1-DIMMB1", "memory module P1-DIMMB1: 12 corrected errors")
	add(inventory.SeverityWarning, "pci:0000:31:00.0", "SAS HBA at 0000:31:00.0 (slot SLOT3) runs on 4 of 8 lanes")
	add(inventory.SeverityWarning, "drive:5000c500ee000003", "EXAMPLE 16TB ZL2BEE03 (sdc) in slot 6: 412 grown defects (limit 0)")
	add(inventory.SeverityWarning, "controller:raid", "the cache battery of controller RAID 9560 is failed")
	add(inventory.SeverityWarning, "volume:0", "volume data is degraded")
	add(inventory.SeverityInfo, "trust", "the kernel is tainted: out_of_tree_module")
	r.Collectors[4].Status, r.Collectors[4].Error = inventory.StatusPartial, "sdc: log page 2fh: input/output error"
	return s
}

// offline is a healthy machine without any cable.
func offline() scene {
	s := healthy()
	n := s.state.NICs
	n[0] = source.NIC{Name: "eth0", MAC: n[0].MAC, Up: new(true), Carrier: new(false), State: "no_carrier", Reason: n[1].Reason, For: 5 * time.Minute}
	n[1].Carrier, n[1].SpeedMbps, n[1].State, n[1].Reason, n[1].For = new(true), 1000, "no_offer", "no DHCP server answers", 3*time.Minute
	for i := 2; i < 8; i++ {
		s.state.NICs = append(s.state.NICs, source.NIC{Name: "enp129s0f" + string(rune('0'+i)), MAC: "02:00:5e:00:53:1" + string(rune('0'+i)), Up: new(false), State: "off", Reason: "not wanted: bee.nics"})
	}
	return s
}

// audits that ended in other ways.
func failed() scene {
	s := running()
	s.state.Audit = source.Audit{Stage: source.StageFailed, Text: "ended by signal 11", Collectors: s.state.Audit.Collectors}
	return s
}

func timeout() scene {
	s := running()
	s.state.Audit = source.Audit{Stage: source.StageTimeout, Text: "no end after 300 s", Collectors: s.state.Audit.Collectors}
	return s
}

func missing() scene {
	s := running()
	s.state.Audit = source.Audit{Stage: source.StageMissing, Text: "/usr/local/bin/audit is not there, or cannot be run"}
	return s
}

// again is an audit that runs for the second time.
func again() scene {
	s := critical()
	s.state.Audit = running().state.Audit
	return s
}

// locked is an image with keys, on a serial line, without a shell.
func locked() scene {
	s := healthy()
	s.view.Password, s.view.Secret = false, true
	s.state.Options.Shell = false
	s.state.Access = source.Access{Login: "keys", Fingerprints: []string{fingerprint}}
	return s
}

func scenes() map[string]scene {
	list := map[string]scene{
		"booting": booting(), "running": running(), "healthy": healthy(), "critical": critical(), "offline": offline(),
		"failed": failed(), "timeout": timeout(), "missing": missing(), "again": again(), "locked": locked(),
	}
	help := healthy()
	help.view.Page, help.view.Leave = screen.Help, true
	list["help"] = help
	power := critical()
	power.view.Page = screen.Power
	list["power"] = power
	return list
}

package source

import (
	"strings"
	"time"
)

// State is everything the console knows at one moment.
type State struct {
	Now time.Time
	// Uptime is the time since the kernel started; zero when it is not known.
	Uptime   time.Duration
	HostName string
	// Release is BEE_BUILD_INFO of /etc/bee-release.
	Release string
	Options Options
	Report  Report
	Audit   Audit
	NICs    []NIC
	Access  Access
	// Stored says that the report is all there is.
	Stored bool
	// Services are what other services say of themselves, by their names.
	Services map[string]Status
}

// Options are those of the kernel's command line that concern the console.
type Options struct {
	// Shell is false with bee.shell=0.
	Shell bool
	// SerialPassword is true with bee.serial_password=1.
	SerialPassword bool
}

// Reader reads states. It keeps what need not be read again.
type Reader struct {
	root     Root
	reports  Root // where the report lies
	paths    Paths
	now      func() time.Time
	report   reportCache
	progress progressCache
}

// Paths are the files a reader looks for, below its root.
type Paths struct {
	Report, Progress, Status string
	// Stored says that the report is any file and of any machine: nothing else
	// is read.
	Stored bool
}

// DefaultPaths are those of the live system.
func DefaultPaths() Paths {
	return Paths{Report: "/var/log/bee-audit.json", Progress: "/run/bee/audit.progress", Status: "/run/bee/audit.status"}
}

// NewReader reads below root, "/" for this machine.
func NewReader(root string, paths Paths, now func() time.Time) *Reader {
	r := &Reader{root: Root(root), reports: Root(root), paths: paths, now: now}
	if paths.Stored {
		r.reports = ""
	}
	return r
}

// Read looks at everything anew.
func (r *Reader) Read() State {
	if r.paths.Stored {
		return r.stored()
	}
	s := State{
		Now:      r.now(),
		HostName: r.root.line("/proc/sys/kernel/hostname"),
		Release:  r.root.release(),
		Options:  r.root.options(),
	}
	if s.HostName == "" {
		s.HostName = r.root.line("/etc/hostname")
	}
	first, _, _ := strings.Cut(r.root.line("/proc/uptime"), " ")
	s.Uptime = seconds(first)
	s.Report = r.report.read(r.reports, r.paths.Report)
	s.Audit = r.audit(s.Uptime, s.Report)
	s.NICs = r.root.nics(s.Uptime)
	s.Access = r.root.access()
	s.Services = r.root.services(s.Uptime)
	return s
}

// stored is the state as far as a report tells it.
func (r *Reader) stored() State {
	s := State{Now: r.now(), Stored: true, Audit: Audit{Stage: StageNone}}
	s.Report = r.report.read(r.reports, r.paths.Report)
	if s.Report.Report == nil {
		return s
	}
	s.Audit = Audit{Stage: StageDone, Elapsed: time.Duration(s.Report.DurationMS) * time.Millisecond}
	if h := s.Report.Host; h != nil {
		s.HostName, s.Release = Clean(h.Hostname), Clean(h.BeeRelease)
	}
	for i := range s.Report.Network {
		n := &s.Report.Network[i]
		nic := NIC{Name: Clean(n.Name), MAC: Clean(n.MAC), Up: n.AdminUp, Carrier: n.LinkUp, State: "stored"}
		if n.SpeedMbps != nil {
			nic.SpeedMbps = *n.SpeedMbps
		}
		s.NICs = append(s.NICs, nic)
	}
	return s
}

func (r Root) options() Options {
	o := Options{Shell: true}
	for word := range strings.FieldsSeq(r.text("/proc/cmdline")) {
		switch word {
		case "bee.shell=0":
			o.Shell = false
		case "bee.shell=1":
			o.Shell = true
		case "bee.serial_password=1":
			o.SerialPassword = true
		}
	}
	return o
}

func (r Root) release() string {
	if v := r.pairs("/etc/bee-release")["BEE_BUILD_INFO"]; v != "" {
		return v
	}
	return r.line("/etc/bee-release")
}

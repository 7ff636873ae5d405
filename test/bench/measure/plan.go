// Package measure runs programs beside each other and says what each of them
// cost: in shuffled order, after warm-ups, many times, on one machine in one
// boot. Time, memory and processes are measured in passes of their own, so that
// no measurement disturbs another.
package measure

import (
	"slices"
	"time"
)

// Peer is a program that is measured.
type Peer struct {
	Name string   `json:"name"`
	Argv []string `json:"argv"`
}

// Plan is what to run.
type Plan struct {
	Peers   []Peer `json:"peers"`
	Before  string `json:"before,omitempty"` // A line of sh, run once and not measured.
	Warmups int    `json:"warmups"`
	Runs    int    `json:"runs"`
	Seed    uint64 `json:"seed"` // Of the shuffling.
	LimitMS int64  `json:"limit_ms"`
}

// Sample is one run.
type Sample struct {
	WallUS   int64 `json:"wall_us"`
	UserUS   int64 `json:"user_us"` // Of the program and all that it waited for.
	SystemUS int64 `json:"system_us"`
}

// Measured is all that was seen of a peer.
type Measured struct {
	Name    string   `json:"name"`
	Samples []Sample `json:"samples"`
	// PeakKiB is the most resident memory of all its processes together:
	// looked at every two milliseconds, and not less than the biggest
	// process's own maximum. Pages that two processes share count twice.
	PeakKiB     int64 `json:"peak_kib"`
	Processes   int   `json:"processes"` // 0: not counted, strace is missing.
	StderrLines int   `json:"stderr_lines"`
	ExitCode    int   `json:"exit_code"`
	Answered    bool  `json:"answered"` // It ended without an error and said something.
	TimedOut    bool  `json:"timed_out,omitempty"`
}

// Outcome is a whole run.
type Outcome struct {
	StartedAt time.Time  `json:"started_at"`
	Seconds   float64    `json:"seconds"`
	CPUs      int        `json:"cpus"`
	CPU       string     `json:"cpu"`
	Kernel    string     `json:"kernel"`
	LoadFirst string     `json:"load_first"` // /proc/loadavg, first three numbers.
	LoadLast  string     `json:"load_last"`
	Peers     []Measured `json:"peers"`
}

// Peer finds a peer by name; nil when there is none.
func (o *Outcome) Peer(name string) *Measured {
	for i := range o.Peers {
		if o.Peers[i].Name == name {
			return &o.Peers[i]
		}
	}
	return nil
}

// Wall is the quantile q (0 to 1) of the elapsed times.
func (m *Measured) Wall(q float64) time.Duration {
	return m.quantile(q, func(s Sample) int64 { return s.WallUS })
}

// CPU is the quantile q of the processor times.
func (m *Measured) CPU(q float64) time.Duration {
	return m.quantile(q, func(s Sample) int64 { return s.UserUS + s.SystemUS })
}

func (m *Measured) quantile(q float64, of func(Sample) int64) time.Duration {
	if m == nil || len(m.Samples) == 0 {
		return 0
	}
	all := make([]int64, len(m.Samples))
	for i, s := range m.Samples {
		all[i] = of(s)
	}
	slices.Sort(all)
	at := int(q*float64(len(all)-1) + 0.5)
	return time.Duration(all[at]) * time.Microsecond
}

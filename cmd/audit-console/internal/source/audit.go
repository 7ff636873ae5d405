package source

import (
	"strconv"
	"strings"
	"time"
)

// Stage is how far the audit is.
type Stage string

// The stages.
const (
	StageNone    Stage = "none"    // nobody said anything of it
	StageWaiting Stage = "waiting" // the service waits for others
	StageRunning Stage = "running"
	StageDone    Stage = "done"
	StageFailed  Stage = "failed"
	StageTimeout Stage = "timeout"
	StageMissing Stage = "missing" // there is no audit program
	StageLost    Stage = "lost"    // said to run, but its process is gone
)

// Audit is the state of the service that runs the audit.
type Audit struct {
	Stage Stage
	// Elapsed is how long it has run, or ran; Limit what it may take; zero
	// when not known.
	Elapsed, Limit time.Duration
	// Text is what the service says of it.
	Text string
	// Collectors are those that were heard of, in their order.
	Collectors []Collector
}

func (r *Reader) audit(uptime time.Duration, report Report) Audit {
	st := r.root.status(r.paths.Status, uptime)
	a := Audit{Stage: Stage(st.State), Text: st.Text}
	if limit, found := strings.CutPrefix(a.Text, "limit "); found && a.Stage == StageRunning {
		if a.Limit = seconds(strings.TrimSuffix(limit, " s")); a.Limit > 0 {
			a.Text = ""
		}
	}
	switch a.Stage {
	case StageWaiting, StageRunning, StageDone, StageFailed, StageTimeout, StageMissing:
	default:
		a.Stage = StageNone
		if report.Report != nil {
			a.Stage = StageDone
		}
	}
	switch a.Stage {
	case StageWaiting, StageRunning:
		a.Elapsed = st.For
		if a.Stage == StageRunning && r.root.gone(r.root.line("/run/bee/audit.pid")) {
			a.Stage = StageLost
		}
	case StageDone:
		if report.Report != nil {
			a.Elapsed = time.Duration(report.DurationMS) * time.Millisecond
		}
	default:
	}
	a.Collectors = r.progress.read(r.root, r.paths.Progress)
	return a
}

// gone says that there is no such process.
func (r Root) gone(pid string) bool {
	n, err := strconv.ParseUint(pid, 10, 31)
	return err == nil && n > 0 && !r.exists("/proc/"+pid)
}

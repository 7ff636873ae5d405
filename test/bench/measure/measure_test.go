package measure_test

import (
	"testing"
	"time"

	"example.com/bee/test/bench/measure"
)

// TestWhatIsLeftBehindCounts: the processor time and the memory of a process
// that its starter does not wait for.
func TestWhatIsLeftBehindCounts(t *testing.T) {
	t.Parallel()
	busy := `i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done`
	plan := measure.Plan{Runs: 1, Peers: []measure.Peer{
		{Name: "waits", Argv: []string{"sh", "-c", busy}},
		{Name: "leaves", Argv: []string{"sh", "-c", "(" + busy + ") & exit 0"}},
	}}
	o, err := measure.Run(t.Context(), plan, t.TempDir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	waits, leaves := o.Peer("waits"), o.Peer("leaves")
	if leaves.CPU(0.5) < waits.CPU(0.5)/4 || leaves.CPU(0.5) < 20*time.Millisecond {
		t.Errorf("%s of processor time, of %s", leaves.CPU(0.5), waits.CPU(0.5))
	}
	if leaves.PeakKiB < 200 {
		t.Errorf("%d KiB", leaves.PeakKiB)
	}
}

package nvml

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/nvidia"
)

// A Result is how a run of the helper ended.
type Result struct {
	Data   *nvidia.Data
	Err    error // of the decoder
	Exit   int
	Stdout string
	Stderr string
}

// Run starts a command line that ends in the helper and its arguments, with
// the protocol on descriptor 3, and reads it to the end or for at most limit.
func Run(tb testing.TB, limit time.Duration, command ...string) Result {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(tb.Context(), command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &stdout, &stderr, []*os.File{w}
	cmd.Env = []string{"GOTRACEBACK=none"}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	_ = w.Close()
	_ = r.SetReadDeadline(time.Now().Add(limit))
	var res Result
	res.Data, res.Err = nvidia.DecodeHelper(r)
	if res.Err != nil {
		_ = cmd.Process.Kill()
	}
	_ = cmd.Wait()
	res.Exit, res.Stdout, res.Stderr = cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
	return res
}

// DriverFile makes a file that stands for /proc/driver/nvidia/version and
// returns its path.
func DriverFile(tb testing.TB) string {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), "version")
	write(tb, name, "NVRM version: NVIDIA UNIX x86_64 Kernel Module\n")
	return name
}

// Start is Run for tests that read the protocol themselves: it returns what
// the helper writes, and ends the helper with the test.
func Start(tb testing.TB, command ...string) *os.File {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), command[0], command[1:]...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	_ = w.Close()
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = r.Close()
	})
	return r
}

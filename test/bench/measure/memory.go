package measure

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// peak is the most resident memory of the peer and all that it started, in KiB.
func (p Plan) peak(ctx context.Context, peer Peer, dir string) int64 {
	cmd, closeFiles, err := p.command(ctx, peer.Argv, filepath.Join(dir, "scratch"))
	if err != nil {
		return 0
	}
	defer closeFiles()
	if cmd.Start() != nil {
		return 0
	}
	done := make(chan struct{})
	go func() {
		cmd.Wait() //nolint:errcheck // Only its memory matters here.
		close(done)
	}()
	var most int64
	for {
		most = max(most, descendantsKiB())
		select {
		case <-done:
			orphans()
			return most
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// descendantsKiB sums the resident memory of all that this process started, and
// of what those started.
func descendantsKiB() int64 {
	dir, err := os.Open("/proc")
	if err != nil {
		return 0
	}
	defer dir.Close() //nolint:errcheck // Only read.
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return 0
	}
	self := os.Getpid()
	parents, sizes := map[int]int{}, map[int]int64{}
	for _, n := range names {
		pid, err := strconv.Atoi(n)
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + n + "/stat")
		if err != nil {
			continue
		}
		// "PID (NAME) STATE PPID ...", field 24 is the resident pages.
		f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(f) < 22 {
			continue
		}
		parents[pid], _ = strconv.Atoi(f[1])
		pages, _ := strconv.ParseInt(f[21], 10, 64)
		sizes[pid] = pages * int64(os.Getpagesize()) / 1024
	}
	var sum int64
	for pid, size := range sizes {
		for p := parents[pid]; p > 0; p = parents[p] {
			if p == self {
				sum += size
				break
			}
		}
	}
	return sum
}

// processes counts the processes that a run starts, its own among them; 0 when
// strace is missing.
func (p Plan) processes(ctx context.Context, peer Peer, dir string) int {
	strace, err := exec.LookPath("strace")
	if err != nil {
		return 0
	}
	log := filepath.Join(dir, "scratch.strace")
	argv := append([]string{strace, "-f", "-qq", "-e", "signal=none", "-e", "trace=fork,vfork,clone,clone3", "-o", log}, peer.Argv...)
	cmd, closeFiles, err := p.command(ctx, argv, filepath.Join(dir, "scratch"))
	if err != nil {
		return 0
	}
	defer closeFiles()
	cmd.Run() //nolint:errcheck // Its exit status is known from the other runs.
	text, err := os.ReadFile(log)
	if err != nil {
		return 0
	}
	n := 1
	for line := range strings.Lines(string(text)) {
		call := strings.Contains(line, "fork(") || strings.Contains(line, "clone(") || strings.Contains(line, "clone3(")
		if call && !strings.Contains(line, "CLONE_THREAD") {
			n++
		}
	}
	return n
}

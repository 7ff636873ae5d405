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

// peak is the most resident memory of the peer's process group, in KiB.
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
		most = max(most, groupKiB(cmd.Process.Pid))
		select {
		case <-done:
			return most
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// groupKiB sums the resident memory of a process group.
func groupKiB(group int) int64 {
	dir, err := os.Open("/proc")
	if err != nil {
		return 0
	}
	defer dir.Close() //nolint:errcheck // Only read.
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return 0
	}
	var sum int64
	for _, n := range names {
		// Those before the group's leader cannot belong to it.
		if pid, err := strconv.Atoi(n); err != nil || pid < group {
			continue
		}
		stat, err := os.ReadFile("/proc/" + n + "/stat")
		if err != nil {
			continue
		}
		// "PID (NAME) STATE PPID PGRP ...", field 24 is the resident pages.
		f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(f) < 22 || f[2] != strconv.Itoa(group) {
			continue
		}
		pages, _ := strconv.ParseInt(f[21], 10, 64)
		sum += pages * int64(os.Getpagesize()) / 1024
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

package measure

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Run carries out the plan. What a peer printed in its first run is kept as
// DIR/NAME.out and DIR/NAME.err; $OUT names DIR/NAME.d, for peers that write
// several files. say is told of the progress.
func Run(ctx context.Context, p Plan, dir string, say func(string)) (*Outcome, error) {
	if p.Before != "" {
		if out, err := exec.CommandContext(ctx, "sh", "-c", p.Before).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", p.Before, err, out)
		}
	}
	// What programs leave behind becomes a child of this process.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return nil, err
	}
	o := &Outcome{
		StartedAt: time.Now().UTC(), CPUs: runtime.NumCPU(), CPU: cpuModel(),
		Kernel: word("/proc/sys/kernel/osrelease"), LoadFirst: load(),
	}
	o.Peers = make([]Measured, len(p.Peers))
	for i, peer := range p.Peers {
		m := &o.Peers[i]
		m.Name = peer.Name
		first, err := p.once(ctx, peer, dir, true)
		if err != nil {
			return nil, err
		}
		m.ExitCode, m.TimedOut, m.StderrLines = first.exit, first.late, first.stderr
		m.Answered = first.exit == 0 && !first.late && said(filepath.Join(dir, peer.Name))
		say(fmt.Sprintf("%s: exit %d, %d ms", peer.Name, m.ExitCode, first.sample.WallUS/1000))
	}
	order := rand.New(rand.NewPCG(p.Seed, 1))
	for round := range p.Warmups + p.Runs {
		for _, i := range order.Perm(len(p.Peers)) {
			if o.Peers[i].TimedOut {
				continue
			}
			r, err := p.once(ctx, p.Peers[i], dir, false)
			if err != nil {
				return nil, err
			}
			if round >= p.Warmups {
				o.Peers[i].Samples = append(o.Peers[i].Samples, r.sample)
			}
			o.Peers[i].PeakKiB = max(o.Peers[i].PeakKiB, r.maxRSS)
		}
		say(fmt.Sprintf("round %d of %d", round+1, p.Warmups+p.Runs))
	}
	for i, peer := range p.Peers {
		if o.Peers[i].TimedOut {
			continue
		}
		for range 2 {
			o.Peers[i].PeakKiB = max(o.Peers[i].PeakKiB, p.peak(ctx, peer, dir))
		}
		o.Peers[i].Processes = p.processes(ctx, peer, dir)
		say(peer.Name + ": memory and processes")
	}
	o.LoadLast, o.Seconds = load(), time.Since(o.StartedAt).Seconds()
	return o, nil
}

// said is whether a peer wrote anything, to standard output or into its folder.
func said(base string) bool {
	files, err := filepath.Glob(base + ".d/*")
	if err != nil {
		return false
	}
	for _, f := range append(files, base+".out") {
		if st, err := os.Stat(f); err == nil && st.Mode().IsRegular() && st.Size() > 0 {
			return true
		}
	}
	return false
}

type run struct {
	sample Sample
	maxRSS int64
	exit   int
	stderr int
	late   bool
}

// once runs a peer with its output in files, as a shell would.
func (p Plan) once(ctx context.Context, peer Peer, dir string, keep bool) (run, error) {
	base := filepath.Join(dir, "scratch")
	if keep {
		base = filepath.Join(dir, peer.Name)
	}
	cmd, closeFiles, err := p.command(ctx, peer.Argv, base)
	if err != nil {
		return run{}, err
	}
	defer closeFiles()
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return run{}, fmt.Errorf("%s: %w", peer.Name, err)
	}
	late := false
	timer := time.AfterFunc(p.limit(), func() {
		late = true
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // Gone already.
	})
	cmd.Wait() //nolint:errcheck // The state says more.
	wall := time.Since(start)
	if !timer.Stop() {
		late = true
	}
	r := run{exit: cmd.ProcessState.ExitCode(), late: late}
	r.sample.WallUS = wall.Microseconds()
	usages := orphans()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		usages = append(usages, *u)
	}
	for _, u := range usages {
		r.sample.UserUS += u.Utime.Nano() / 1000
		r.sample.SystemUS += u.Stime.Nano() / 1000
		r.maxRSS = max(r.maxRSS, u.Maxrss)
	}
	if keep {
		text, err := os.ReadFile(base + ".err")
		if err != nil {
			return run{}, err
		}
		r.stderr = bytes.Count(text, []byte("\n"))
	}
	return r, nil
}

// orphans waits for what a program left behind, and says what that took: a
// process that ends without waiting for its own is not charged for them.
func orphans() []syscall.Rusage {
	var all []syscall.Rusage
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		var u syscall.Rusage
		pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, &u)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return all // ECHILD: nobody is left
		case pid == 0:
			time.Sleep(time.Millisecond)
		default:
			all = append(all, u)
		}
	}
	return all
}

func (p Plan) limit() time.Duration {
	if p.LimitMS == 0 {
		return 2 * time.Minute
	}
	return time.Duration(p.LimitMS) * time.Millisecond
}

func (p Plan) command(ctx context.Context, argv []string, base string) (*exec.Cmd, func(), error) {
	stdout, err := os.Create(base + ".out")
	if err != nil {
		return nil, nil, err
	}
	stderr, err := os.Create(base + ".err")
	if err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(base+".d", 0o755); err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Env = append(os.Environ(), "OUT="+base+".d")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd, func() {
		stdout.Close() //nolint:errcheck // The child writes it.
		stderr.Close() //nolint:errcheck // The child writes it.
	}, nil
}

func word(name string) string {
	data, _ := os.ReadFile(name)
	return strings.TrimSpace(string(data))
}

func load() string {
	f := strings.Fields(word("/proc/loadavg"))
	return strings.Join(f[:min(3, len(f))], " ")
}

func cpuModel() string {
	for line := range strings.Lines(word("/proc/cpuinfo")) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Labrun runs the jobs of one boot inside the guest and writes down what each
// of them said and cost.
//
//	labrun JOBS.json OUTDIR
//
// Each job's output goes to OUTDIR/NAME.out and NAME.err, the summary to
// OUTDIR/jobs.json. The exit status is that of the last job. A process that
// cannot be killed (a call stuck in a driver) is left behind, not waited for.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

type job struct {
	Name       string   `json:"name"`
	Argv       []string `json:"argv"`
	Env        []string `json:"env"`
	TimeoutMS  int64    `json:"timeout_ms"`
	Background bool     `json:"background"`
	UID        int      `json:"uid"`
}

type result struct {
	Name       string `json:"name"`
	State      string `json:"state"` // exited, killed (at its time limit), stuck (not even then), not_started
	ExitCode   int    `json:"exit_code"`
	WallUS     int64  `json:"wall_us"`
	UserUS     int64  `json:"user_us"`
	SystemUS   int64  `json:"system_us"`
	MaxRSSKiB  int64  `json:"max_rss_kib"`
	StartedUS  int64  `json:"started_us"` // Since the first job.
	StartError string `json:"start_error,omitempty"`
}

func main() {
	code, err := runAll(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "labrun:", err)
		code = 125
	}
	os.Exit(code)
}

func runAll(list, out string) (int, error) {
	data, err := os.ReadFile(list)
	if err != nil {
		return 0, err
	}
	var jobs []job
	if err := json.Unmarshal(data, &jobs); err != nil {
		return 0, err
	}
	results := make([]result, len(jobs))
	begin := time.Now()
	waits := make([]chan struct{}, len(jobs))
	for i, j := range jobs {
		waits[i] = make(chan struct{})
		go func() {
			defer close(waits[i])
			results[i] = runOne(j, out, begin)
			tell(results[i])
		}()
		if !j.Background {
			<-waits[i]
		}
	}
	code := 0
	for i := range jobs {
		<-waits[i]
		code = results[i].ExitCode
	}
	if data, err = json.MarshalIndent(results, "", "\t"); err != nil {
		return 0, err
	}
	return code, os.WriteFile(filepath.Join(out, "jobs.json"), data, 0o644)
}

// tell shows progress on the host.
func tell(r result) {
	if f, err := os.OpenFile("/dev/ttyS1", os.O_WRONLY, 0); err == nil {
		fmt.Fprintf(f, "@job %s %s %d %d\n", r.Name, r.State, r.ExitCode, r.WallUS/1000) //nolint:errcheck // Only progress.
		f.Close()                                                                        //nolint:errcheck // Only progress.
	}
}

func runOne(j job, out string, begin time.Time) result {
	r := result{Name: j.Name, State: "not_started", ExitCode: 127, StartedUS: time.Since(begin).Microseconds()}
	stdout, err := os.Create(filepath.Join(out, j.Name+".out"))
	if err != nil {
		r.StartError = err.Error()
		return r
	}
	defer stdout.Close() //nolint:errcheck // The child writes it.
	stderr, err := os.Create(filepath.Join(out, j.Name+".err"))
	if err != nil {
		r.StartError = err.Error()
		return r
	}
	defer stderr.Close() //nolint:errcheck // The child writes it.
	cmd := exec.Command(j.Argv[0], j.Argv[1:]...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.Env = append(os.Environ(), j.Env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if j.UID != 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(j.UID), Gid: uint32(j.UID)}
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		r.StartError = err.Error()
		return r
	}
	done := make(chan struct{})
	go func() {
		cmd.Wait() //nolint:errcheck // The state says more.
		close(done)
	}()
	select {
	case <-done:
		r.State = "exited"
	case <-time.After(time.Duration(j.TimeoutMS) * time.Millisecond):
		r.State = "killed"
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) //nolint:errcheck // Gone already.
		select {
		case <-done:
		case <-time.After(3 * time.Second):
			r.State, r.ExitCode = "stuck", 124
		}
	}
	r.WallUS = time.Since(start).Microseconds()
	if r.State == "stuck" {
		return r
	}
	r.ExitCode = exitCode(cmd.ProcessState)
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.UserUS, r.SystemUS, r.MaxRSSKiB = u.Utime.Nano()/1000, u.Stime.Nano()/1000, u.Maxrss
	}
	return r
}

// exitCode is the shell's: 128 plus the signal for one that was killed.
func exitCode(p *os.ProcessState) int {
	if s, ok := p.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return 128 + int(s.Signal())
	}
	return p.ExitCode()
}

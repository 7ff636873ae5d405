package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Job is one command in the guest. Jobs run one after the other in one boot.
type Job struct {
	Name       string        `json:"name"` // Of its outputs: letters, digits, "-", "_" and ".".
	Argv       []string      `json:"argv"`
	Env        []string      `json:"env,omitempty"`
	Timeout    time.Duration `json:"-"`
	Background bool          `json:"background,omitempty"` // The next job starts at once.
	UID        int           `json:"uid,omitempty"`        // Run as this user; 0 is root.
}

// Shell is a job that runs a line of bash.
func Shell(name, line string) Job {
	return Job{Name: name, Argv: []string{"bash", "-c", line}}
}

// DefaultJobTimeout bounds a job that names no timeout.
const DefaultJobTimeout = 120 * time.Second

// Options is what to run and how.
type Options struct {
	Profile Profile
	Jobs    []Job
	Files   map[string]string // Name below /payload in the guest: file or folder of the host.

	// OutDir receives the guest's /out, the console and the command line; empty
	// is a new folder in the cache.
	OutDir string
	// DiskDir keeps the disks between two runs; empty is a new one.
	DiskDir string
	Timeout time.Duration // Of the whole run; 0 is ten minutes.
	NoTools bool          // Leave the witnesses out: boots faster.
	Append  []string      // Further words of the kernel's command line.
	Log     io.Writer     // Progress; nil is nobody.
	// Sync answers the guest's labsync before the built-in verbs do; it says
	// ok=false for what it does not know.
	Sync func(ctx context.Context, vm *VM, verb string, args []string) (answer string, ok bool, err error)
	// Started is called once the machine runs.
	Started func(ctx context.Context, vm *VM)
}

// ErrTimeout is a run that took too long; ErrNoAnswer a guest that never spoke
// or went away.
var (
	ErrTimeout  = errors.New("time limit reached")
	ErrNoAnswer = errors.New("the guest went away")
)

// JobResult is what one job did.
type JobResult struct {
	Name      string `json:"name"`
	State     string `json:"state"` // exited, killed (at its time limit), stuck (could not be killed), not_started
	ExitCode  int    `json:"exit_code"`
	WallUS    int64  `json:"wall_us"`
	UserUS    int64  `json:"user_us"`
	SystemUS  int64  `json:"system_us"`
	MaxRSSKiB int64  `json:"max_rss_kib"`
	StartedUS int64  `json:"started_us"` // After the first job's start.
	Error     string `json:"start_error,omitempty"`

	dir string
}

// Stdout reads what the job wrote to its standard output.
func (j JobResult) Stdout() ([]byte, error) { return os.ReadFile(filepath.Join(j.dir, j.Name+".out")) }

// Stderr reads what the job wrote to its standard error.
func (j JobResult) Stderr() ([]byte, error) { return os.ReadFile(filepath.Join(j.dir, j.Name+".err")) }

// Wall is how long the job took in the guest.
func (j JobResult) Wall() time.Duration { return time.Duration(j.WallUS) * time.Microsecond }

// Result is what came back.
type Result struct {
	Dir       string        // OutDir.
	ExitCode  int           // Of the last job.
	BootWall  time.Duration // From the start of QEMU to the first job.
	BootGuest time.Duration // The guest's uptime then.
	Wall      time.Duration
	Jobs      []JobResult
}

// Out is the folder with what the guest left in /out.
func (r *Result) Out() string { return filepath.Join(r.Dir, "out") }

// Job finds a job's result by name.
func (r *Result) Job(name string) (JobResult, error) {
	for _, j := range r.Jobs {
		if j.Name == name {
			return j, nil
		}
	}
	return JobResult{}, fmt.Errorf("job %s: no result", name)
}

// Run boots the profile, runs the jobs and brings back /out. Every process it
// starts is gone when it returns. The result is not nil when the guest booted,
// even with an error.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Minute
	}
	built, err := Build(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	if err := o.folders(); err != nil {
		return nil, err
	}
	vm, err := start(ctx, o, built)
	if err != nil {
		return nil, fmt.Errorf("lab %s: %w", o.Profile.Name, err)
	}
	defer vm.stop()
	if o.Started != nil {
		o.Started(ctx, vm)
	}
	res, err := vm.serve(ctx, o)
	res.Dir = o.OutDir
	if readErr := res.readJobs(); readErr != nil && err == nil {
		err = readErr
	}
	res.Wall = time.Since(vm.started)
	if err != nil {
		return res, fmt.Errorf("lab %s: %w (see %s)", o.Profile.Name, err, o.OutDir)
	}
	return res, nil
}

func (o *Options) folders() error {
	if o.OutDir == "" {
		cacheDir, err := CacheDir()
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(cacheDir, "runs"), 0o755); err != nil {
			return err
		}
		dropStale(filepath.Join(cacheDir, "runs", "*"), "")
		if o.OutDir, err = os.MkdirTemp(filepath.Join(cacheDir, "runs"), time.Now().Format("0102-150405-")); err != nil {
			return err
		}
	}
	var err error
	if o.OutDir, err = filepath.Abs(o.OutDir); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(o.OutDir, "out")); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(o.OutDir, "out"), 0o755)
}

func (r *Result) readJobs() error {
	data, err := os.ReadFile(filepath.Join(r.Out(), "jobs.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &r.Jobs); err != nil {
		return fmt.Errorf("jobs.json: %w", err)
	}
	for i := range r.Jobs {
		r.Jobs[i].dir = r.Out()
	}
	return nil
}

// payload is the run's own part of the initramfs.
func payload(o Options) (archive, error) {
	a := archive{}
	type guestJob struct {
		Job
		TimeoutMS int64 `json:"timeout_ms"`
	}
	jobs := make([]guestJob, 0, len(o.Jobs))
	for _, j := range o.Jobs {
		if j.Name == "" || strings.ContainsAny(j.Name, "/ \n") || len(j.Argv) == 0 {
			return nil, fmt.Errorf("job %q: needs a plain name and a command", j.Name)
		}
		if j.Timeout == 0 {
			j.Timeout = DefaultJobTimeout
		}
		jobs = append(jobs, guestJob{j, j.Timeout.Milliseconds()})
	}
	data, err := json.Marshal(jobs)
	if err != nil {
		return nil, err
	}
	a.put("payload/jobs.json", entry{mode: modeFile, data: data})
	if tree := o.Profile.PCITree; tree != nil {
		a.put("payload/pci.blob", entry{mode: modeFile, data: tree})
	}
	for name, from := range o.Files {
		st, err := os.Stat(from)
		if err != nil {
			return nil, err
		}
		if st.IsDir() {
			err = a.dir("payload/"+name, from)
		} else {
			a.put("payload/"+name, entry{mode: modeExec, from: from})
		}
		if err != nil {
			return nil, err
		}
	}
	return a, nil
}

// joinInitramfs writes the layers one behind the other; the kernel unpacks
// them in order.
func joinInitramfs(to string, own archive, parts ...string) error {
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close() //nolint:errcheck // Closed below too.
	for _, p := range parts {
		if err := appendFile(out, p); err != nil {
			return err
		}
	}
	if err := own.write(out); err != nil {
		return err
	}
	return out.Close()
}

func appendFile(out *os.File, name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // Only read.
	n, err := io.Copy(out, in)
	if err != nil {
		return err
	}
	_, err = out.Write(make([]byte, -n&511))
	return err
}

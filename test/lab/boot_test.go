//go:build lab

package lab_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// booted is one boot: the audit's report and what the witnesses said.
type booted struct {
	*lab.Result
	facts lab.Facts
}

// boot runs the jobs on a profile in one boot. The audit, built from the
// tree, lies at /payload/audit.
func boot(t *testing.T, profile string, change func(*lab.Options), jobs ...lab.Job) booted {
	t.Helper()
	p, err := lab.Lookup(profile)
	if err != nil {
		t.Fatal(err)
	}
	o := lab.Options{Profile: p, Jobs: jobs, Log: logTo{t}, OutDir: t.TempDir()}
	if dir := os.Getenv("BEE_LAB_OUT"); dir != "" { // To look at afterwards.
		o.OutDir = filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "_"))
	}
	for _, j := range jobs {
		for _, word := range j.Argv {
			if strings.Contains(word, "/payload/audit") {
				o.Files = map[string]string{"audit": auditBinary(t)}
			}
		}
	}
	if change != nil {
		change(&o)
	}
	res, err := lab.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: booted in %.1f s, %.1f s in all", profile, res.BootWall.Seconds(), res.Wall.Seconds())
	for _, j := range res.Jobs {
		t.Logf("job %-16s %s %d: %.3f s wall, %.3f s cpu, %d KiB", j.Name, j.State, j.ExitCode, j.Wall().Seconds(), float64(j.UserUS+j.SystemUS)/1e6, j.MaxRSSKiB)
	}
	return booted{res, o.Profile.Facts}
}

// auditBinary builds the audit as it ships, or takes the one BEE_LAB_AUDIT names.
func auditBinary(t *testing.T) string {
	t.Helper()
	if b := os.Getenv("BEE_LAB_AUDIT"); b != "" {
		return b
	}
	return built(t, "example.com/bee/cmd/audit")
}

// audit is the job that most tests run.
func audit(args ...string) lab.Job {
	return lab.Job{Name: "audit", Argv: append([]string{"/payload/audit"}, args...), Timeout: 2 * time.Minute}
}

// text is a job's standard output; the job has to have ended with exit 0.
func (b booted) text(t *testing.T, job string) string {
	t.Helper()
	j, err := b.Job(job)
	if err != nil {
		t.Fatal(err)
	}
	out, err := j.Stdout()
	if err != nil {
		t.Fatal(err)
	}
	if j.State != "exited" || j.ExitCode != 0 {
		said, _ := j.Stderr()
		t.Fatalf("job %s: %s, exit %d %s\n%s", job, j.State, j.ExitCode, j.Error, said)
	}
	return string(out)
}

// report is the audit's report.
func (b booted) report(t *testing.T) *inventory.Report {
	t.Helper()
	var r inventory.Report
	if err := json.Unmarshal([]byte(b.text(t, "audit")), &r); err != nil {
		t.Fatalf("report: %v", err)
	}
	for _, c := range r.Collectors {
		t.Logf("collector %-8s %-7s %d ms %s", c.Name, c.Status, c.DurationMS, c.Error)
	}
	return &r
}

// silent wants nothing on the audit's standard error.
func (b booted) silent(t *testing.T) {
	t.Helper()
	j, err := b.Job("audit")
	if err != nil {
		t.Fatal(err)
	}
	if said, err := j.Stderr(); err != nil || len(said) > 0 {
		t.Errorf("standard error of the audit: %s %v", said, err)
	}
}

// witnesses of the collectors that need no device commands.
func platformWitnesses() []lab.Job {
	return []lab.Job{
		{Name: "dmidecode", Argv: []string{"dmidecode"}},
		{Name: "lspci-machine", Argv: []string{"lspci", "-Dnnvmmk"}},
		{Name: "lspci-verbose", Argv: []string{"lspci", "-Dvvv"}},
		lab.Shell("uname", "uname -n; uname -r"),
		lab.Shell("cpuinfo", "cat /proc/cpuinfo"),
		lab.Shell("slots", "for s in /sys/bus/pci/slots/*; do echo ${s##*/} $(cat $s/address); done"),
	}
}

func (b booted) dmi(t *testing.T) []witness.DMI {
	t.Helper()
	return witness.DMIDecode(b.text(t, "dmidecode"))
}

func (b booted) pci(t *testing.T) []witness.PCI {
	t.Helper()
	return witness.Lspci(b.text(t, "lspci-machine"), b.text(t, "lspci-verbose"))
}

// logTo sends the lab's progress to the test's log.
type logTo struct{ t *testing.T }

func (l logTo) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// checker compares facts and counts them.
type checker struct {
	t            *testing.T
	right, wrong int
}

func newChecker(t *testing.T) *checker {
	t.Helper()
	c := &checker{t: t}
	t.Cleanup(func() { t.Logf("%d facts right, %d wrong", c.right, c.wrong) })
	return c
}

// same compares one fact.
func same[T comparable](c *checker, what string, got, want T) {
	c.t.Helper()
	if got != want {
		c.wrong++
		c.t.Errorf("%s: %#v, want %#v", what, got, want)
		return
	}
	c.right++
}

// said compares an optional number: known=false wants nil.
func said[T int | uint8 | uint16 | uint32 | uint64](c *checker, what string, got *T, want int, known bool) {
	c.t.Helper()
	switch {
	case !known && got == nil:
		c.right++
	case !known:
		c.wrong++
		c.t.Errorf("%s: %d, want none", what, *got)
	case got == nil:
		c.wrong++
		c.t.Errorf("%s: none, want %d", what, want)
	default:
		same(c, what, *got, T(want))
	}
}

// file is a file that a job left in /out.
func (b booted) file(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(b.Out(), name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

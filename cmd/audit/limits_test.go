package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// in runs a program from a shell that first does something to its surroundings.
func in(t *testing.T, before, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := program(t, name, args...)
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	cmd.Args = append([]string{"sh", "-c", before + ` && exec "$@"`, "sh", linked(t, cmd)}, args...)
	cmd.Path = sh
	return cmd
}

// TestFewDescriptors: with 64 nothing is missing. With fewer there is no worker
// and the report says so; with fewer still there is no report and audit says
// so.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	cmd := in(t, "ulimit -n 64", "audit", "--timeout", "60s")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, cmd.Stderr)
	}
	for _, i := range parsed(t, cmd).Issues {
		if strings.Contains(i.Detail, "too many open files") || i.Source == "worker" {
			t.Errorf("%+v", i)
		}
	}
	alone := 0
	for n := 8; n < 24; n++ {
		cmd := in(t, fmt.Sprintf("ulimit -n %d", n), "fragile", "--only", "good,many")
		err := cmd.Run()
		if err != nil {
			said := cmd.Stderr.(*bytes.Buffer).String()
			if cmd.Stdout.(*bytes.Buffer).Len() > 0 || said == "" {
				t.Errorf("%d: %v, %q", n, err, said)
			}
			if strings.HasPrefix(said, "audit: ") && cmd.ProcessState.ExitCode() != 1 {
				t.Errorf("%d: %v", n, err)
			}
			continue
		}
		r := parsed(t, cmd)
		for _, i := range r.Issues {
			if i.Source == "worker" && strings.Contains(i.Detail, "the collecting process could not be started: ") {
				alone++
			}
		}
		if r.Memory == nil || len(r.PowerSupplies) != 5000 {
			t.Errorf("%d: a report without what it could have: %d", n, len(r.PowerSupplies))
		}
	}
	if alone == 0 {
		t.Error("never collected without a worker")
	}
}

// TestWhereItCannotWrite: a full disk and one that is read-only end with 1, and
// with the old report.
func TestWhereItCannotWrite(t *testing.T) {
	t.Parallel()
	unshare, err := exec.LookPath("unshare")
	if err != nil {
		t.Skip("unshare is not there")
	}
	for name, test := range map[string]struct{ do, want string }{
		"full":      {"mount -t tmpfs -o size=64k none $dir", "no space left on device"},
		"read-only": {"mount -t tmpfs none $dir && echo old >$dir/report.json && mount -o remount,ro $dir", "read-only file system"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := program(t, "fragile")
			script := "set -e; dir=$1; " + test.do + `; [ -e $dir/report.json ] || echo old >$dir/report.json
				echo ready; code=0; "$2" --only good,many --output $dir/report.json || code=$?
				echo "code $code"; cat $dir/report.json; ls -A $dir`
			cmd.Args = []string{"unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", t.TempDir(), linked(t, cmd)}
			cmd.Path = unshare
			if err := cmd.Run(); err != nil {
				if out := cmd.Stdout.(*bytes.Buffer).String(); !strings.Contains(out, "ready") {
					t.Skipf("no file system can be mounted here: %s", cmd.Stderr)
				}
				t.Fatalf("%v: %s", err, cmd.Stderr)
			}
			if got := cmd.Stdout.(*bytes.Buffer).String(); got != "ready\ncode 1\nold\nreport.json\n" {
				t.Errorf("%s", got)
			}
			said := cmd.Stderr.(*bytes.Buffer).String()
			if !strings.Contains(said, test.want) || !strings.Contains(said, "the file there, if any, is as it was") {
				t.Errorf("%s", said)
			}
		})
	}
}

// TestManyAtOnce: audits that write the same file do not disturb each other.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "report.json")
	var wg sync.WaitGroup
	for range 4 {
		cmd := program(t, "fragile", "--only", "good,many", "--output", name)
		wg.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Errorf("%v: %s", err, cmd.Stderr)
			}
		})
	}
	wg.Wait()
	data, err := os.ReadFile(name)
	var r said
	if err = errors.Join(err, json.Unmarshal(data, &r)); err != nil || len(r.PowerSupplies) != 5000 {
		t.Errorf("%d, %v", len(r.PowerSupplies), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
}

// TestNotRoot: who may read less gets a report of less, and is told.
func TestNotRoot(t *testing.T) {
	t.Parallel()
	const nobody = 65534
	if os.Geteuid() != 0 {
		t.Skip("only root can become somebody else; elsewhere all tests run as a user")
	}
	dir, err := os.MkdirTemp("", "audit") //nolint:usetesting // others must be able to enter it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	cmd := program(t, "audit", "--timeout", "60s")
	if err := errors.Join(os.Chmod(dir, 0o755), copyFile(cmd.Path, filepath.Join(dir, "audit"))); err != nil {
		t.Fatal(err)
	}
	cmd.Path, cmd.Dir = filepath.Join(dir, "audit"), "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, cmd.Stderr)
	}
	denied := 0
	for _, i := range parsed(t, cmd).Issues {
		if i.Source == "worker" {
			t.Errorf("%+v", i)
		}
		if i.Kind == "denied" {
			denied++
		}
	}
	if told := strings.Contains(cmd.Stderr.(*bytes.Buffer).String(), "denied to user 65534"); told != (denied > 0) {
		t.Errorf("%d denied, said %q", denied, cmd.Stderr)
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

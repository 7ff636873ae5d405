package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are the scripts' own words.
func commands() map[string]func(ts *testscript.TestScript, neg bool, args []string) {
	return map[string]func(ts *testscript.TestScript, neg bool, args []string){
		// code N PROGRAM ARGS: the program ends with N.
		"code": func(ts *testscript.TestScript, _ bool, args []string) {
			want(ts, args[0], ts.Exec(args[1], args[2:]...))
		},
		// usage 'ARGS' PATTERN: the command line is refused with 2, nothing is
		// written to standard output.
		"usage": func(ts *testscript.TestScript, _ bool, args []string) {
			want(ts, "2", ts.Exec("stub", strings.Fields(args[0])...))
			stderr := ts.ReadFile("stderr")
			if !regexp.MustCompile(args[1]).MatchString(stderr) {
				ts.Fatalf("audit %s: said %q, want %q", args[0], stderr, args[1])
			}
			if !regexp.MustCompile(`Run 'audit.* --help' for usage`).MatchString(stderr) {
				ts.Fatalf("audit %s: no word on help in %q", args[0], stderr)
			}
			if out := ts.ReadFile("stdout"); out != "" {
				ts.Fatalf("audit %s: wrote %q", args[0], out)
			}
		},
		// full N PROGRAM ARGS: standard output is a full disk.
		"full": func(ts *testscript.TestScript, _ bool, args []string) {
			line := make([]string, len(args)-1)
			for i, a := range args[1:] {
				line[i] = "'" + a + "'"
			}
			want(ts, args[0], ts.Exec("sh", "-c", strings.Join(line, " ")+" >/dev/full"))
		},
		// mode FILE OCTAL.
		"mode": func(ts *testscript.TestScript, _ bool, args []string) {
			st, err := os.Lstat(ts.MkAbs(args[0]))
			ts.Check(err)
			if got := strconv.FormatUint(uint64(st.Mode().Perm()), 8); got != args[1] {
				ts.Fatalf("mode of %s is %s, want %s", args[0], got, args[1])
			}
		},
		// no-litter: nothing temporary is left in the working folder.
		"no-litter": func(ts *testscript.TestScript, _ bool, _ []string) {
			left, err := filepath.Glob(ts.MkAbs(".*.tmp"))
			ts.Check(err)
			if len(left) > 0 {
				ts.Fatalf("left behind: %q", left)
			}
		},
		// interrupt PROGRAM: a hanging collection gets SIGTERM and still
		// writes its report.
		"interrupt": func(ts *testscript.TestScript, _ bool, args []string) {
			interrupt(ts, args[0])
		},
	}
}

func want(ts *testscript.TestScript, code string, err error) {
	got := 0
	var ee *exec.ExitError
	switch {
	case errors.As(err, &ee):
		got = ee.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(got) != code {
		ts.Fatalf("exit code %d, want %s", got, code)
	}
}

func interrupt(ts *testscript.TestScript, program string) {
	path, err := exec.LookPath(program)
	ts.Check(err)
	var out bytes.Buffer
	cmd := exec.Command(path, "--only", "good,hung", "--timeout", "60s")
	cmd.Stdout = &out
	ts.Check(cmd.Start())
	begun := time.Now()
	time.AfterFunc(500*time.Millisecond, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
	want(ts, "0", cmd.Wait())
	if d := time.Since(begun); d > 10*time.Second {
		ts.Fatalf("took %s", d)
	}
	var r struct {
		Memory     any
		Collectors []struct{ Name, Status string }
	}
	ts.Check(json.Unmarshal(out.Bytes(), &r))
	if r.Memory == nil || !strings.Contains(out.String(), `"timeout"`) {
		ts.Fatalf("the report lacks what was read, or the hung collector: %s", out.String())
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestConsole: both programs know the same flags, and one becomes the other.
func TestConsole(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("links two programs")
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir, ".", "../audit-console")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	audit := filepath.Join(dir, "audit")
	values := map[string][]string{
		"report": {"report.json"}, "root": {dir}, "line": {"tty1"}, "blocks": {"no"}, "stay": {"true"},
		"command": {"save=/bin/true a,b c", "rerun=/bin/true"},
	}
	help, err := exec.CommandContext(t.Context(), audit, "console", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	line := []string{"console"}
	n := 0
	for _, m := range regexp.MustCompile(`(?m)^ +(?:-., )?--([a-z-]+)`).FindAllStringSubmatch(string(help), -1) {
		if m[1] == "help" {
			continue
		}
		if len(values[m[1]]) == 0 {
			t.Fatalf("no value for --%s", m[1])
		}
		n++
		for _, v := range values[m[1]] {
			line = append(line, "--"+m[1]+"="+v)
		}
	}
	if n != len(values) {
		t.Errorf("flags: %q", line)
	}
	// There is no terminal; it gets as far as to say so.
	out, err := exec.CommandContext(t.Context(), audit, line...).CombinedOutput()
	if code(err) != 1 || !strings.Contains(string(out), "audit console: terminal:") {
		t.Errorf("%v: %s", err, out)
	}
	out, err = exec.CommandContext(t.Context(), audit, "console", "--command", "fly=/bin/true").CombinedOutput()
	if code(err) != 2 || !strings.Contains(string(out), "identify") {
		t.Errorf("%v: %s", err, out)
	}
	if err := os.Remove(filepath.Join(dir, "audit-console")); err != nil {
		t.Fatal(err)
	}
	out, err = exec.CommandContext(t.Context(), audit, "console").CombinedOutput()
	if code(err) != 1 || !strings.Contains(string(out), "audit-console") {
		t.Errorf("without the program: %v: %s", err, out)
	}
}

package main

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPush: both programs know the same flags, and one becomes the other.
func TestPush(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("links two programs")
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir, ".", "../audit-push")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	audit := filepath.Join(dir, "audit")
	got := make(chan *http.Request, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		got <- r
	}))
	defer s.Close()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	values := map[string]string{
		"allow-http": "true", "attempts": "2", "timeout": "20s", "spool": filepath.Join(dir, "spool"),
		"token-file": write("token", "secret\n"), "ca-file": write("ca.pem", pemOf(t)),
	}
	help, err := exec.CommandContext(t.Context(), audit, "push", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	line := []string{"push"}
	for _, m := range regexp.MustCompile(`(?m)^ +(?:-., )?--([a-z-]+)`).FindAllStringSubmatch(string(help), -1) {
		if m[1] == "help" {
			continue
		}
		v, ok := values[m[1]]
		if !ok {
			t.Fatalf("no value for --%s", m[1])
		}
		line = append(line, "--"+m[1]+"="+v)
	}
	if len(line) != len(values)+1 {
		t.Errorf("flags: %q", line)
	}
	out, err := exec.CommandContext(t.Context(), audit, append(line, "testdata/reports/server.json", s.URL+"/r")...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if r := <-got; r.Header.Get("Authorization") != "Bearer secret" || r.Method != http.MethodPost {
		t.Errorf("%s %v", r.Method, r.Header)
	}
	out, err = exec.CommandContext(t.Context(), audit, "push", "testdata/reports/server.json", "ftp://x").CombinedOutput()
	if code(err) != 2 || !strings.Contains(string(out), "want https") {
		t.Errorf("%v: %s", err, out)
	}
	if err := os.Remove(filepath.Join(dir, "audit-push")); err != nil {
		t.Fatal(err)
	}
	out, err = exec.CommandContext(t.Context(), audit, "push", "x", s.URL).CombinedOutput()
	if code(err) != 1 || !strings.Contains(string(out), "audit-push") {
		t.Errorf("without the program: %v: %s", err, out)
	}
}

func code(err error) int {
	if ee, ok := err.(*exec.ExitError); ok { //nolint:errorlint // as the os package makes it
		return ee.ExitCode()
	}
	return 0
}

// pemOf is any certificate.
func pemOf(t *testing.T) string {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
}

package main

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What ships: one static program of bounded size that cannot reach a network.
func TestBinary(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("links the program")
	}
	path := filepath.Join(t.TempDir(), "audit")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w -X main.version=9.9.9 -X main.commit=f00", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	const most = 10 << 20
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", len(data))
	if len(data) > most {
		t.Errorf("%d bytes, want at most %d", len(data), most)
	}

	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("not static: it has %s", p.Type)
		}
	}

	// Package net comes with the flag library, for its address types. What
	// could open a connection must not be linked. Names of functions stand in
	// the binary, also in a stripped one.
	for _, name := range []string{"net.(*Dialer).DialContext", "net.(*sysDialer)", "net.(*Resolver)", "net/http.", "crypto/tls.", "text/template.(*Template).Execute", "html/template."} {
		if bytes.Contains(data, []byte(name)) {
			t.Errorf("%s is linked", name)
		}
	}

	best := time.Hour
	for range 10 {
		begun := time.Now()
		out, err := exec.CommandContext(t.Context(), path, "version").Output()
		best = min(best, time.Since(begun))
		if err != nil || !strings.HasPrefix(string(out), "audit 9.9.9\ncommit f00") {
			t.Fatalf("%q, %v", out, err)
		}
	}
	t.Logf("version: %s", best)
	if best > 50*time.Millisecond { // 2 ms on an idle machine; a loaded one must not fail this
		t.Errorf("version took %s", best)
	}
}

// The library does not pull in what its users did not ask for.
func TestImports(t *testing.T) {
	t.Parallel()
	for pkg, forbidden := range map[string]func(string) bool{
		"example.com/bee/pkg/inventory": func(p string) bool {
			first, _, _ := strings.Cut(p, "/")
			return strings.Contains(first, ".") && p != "example.com/bee/pkg/inventory"
		},
		"example.com/bee/pkg/collectors": func(p string) bool {
			return slices.Contains([]string{"github.com/spf13/cobra", "go.yaml.in/yaml/v3", "rsc.io/qr", "net/http", "os/exec"}, p)
		},
		"example.com/bee/cmd/audit": func(p string) bool {
			return p == "net/http" || p == "crypto/tls" || strings.HasPrefix(p, "github.com/invopop") || p == "testing"
		},
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("%s: %v", pkg, err)
		}
		for p := range strings.FieldsSeq(string(out)) {
			if forbidden(p) {
				t.Errorf("%s imports %s", pkg, p)
			}
		}
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"example.com/bee/cmd/audit/internal/formats"
	"example.com/bee/pkg/inventory"
)

// evil is what a device may say: a terminal's escape sequences in 7 and 8 bits,
// marks that turn the direction of text, ends of lines and of documents, and
// bytes that are no text.
const evil = "a\x1b[31mb\x1b]0;t\x07\x9bc\u202ed\u2066e\u200ff\u2028g\u200b\U000e0041\x7f\x00\b\r\nINJECTED\t</script><!--]]>\"'`\\u001b\xff\xc0\xaf\xed\xa0\x80\ufeff"

// hostileCollectors say it wherever something can be said.
func hostileCollectors() []inventory.Collector {
	psu := inventory.PowerSupply{
		Meta: inventory.Meta{
			ID: "psu:" + evil, ParentID: evil, Sources: []string{evil},
			Provenance: map[string]inventory.Provenance{evil: {Source: evil, Rejected: map[string]string{evil: evil}}},
		},
		Slot: evil, Model: evil, SerialNumber: evil, Manufacturer: evil,
	}
	return []inventory.Collector{
		inventory.New("hostile", []string{"power_supplies", "extensions"}, func(_ context.Context, s *inventory.Sink) (bool, error) {
			s.Put(&psu)
			doc, err := json.Marshal(map[string]string{evil: evil})
			s.Put(&inventory.Extension{Key: "acme.example/" + evil, Data: doc})
			return true, errors.Join(err, errors.New(evil),
				&inventory.PartError{ComponentID: evil, Field: evil, Source: evil, Err: fmt.Errorf("%s: %w", evil, fs.ErrPermission)})
		}),
		inventory.New("hostile-failed", nil, func(context.Context, *inventory.Sink) (bool, error) { return false, errors.New(evil) }),
		inventory.New("hostile-panics", nil, func(context.Context, *inventory.Sink) (bool, error) { panic(evil) }),
		inventory.New("hostile-crashes", nil, func(context.Context, *inventory.Sink) (bool, error) {
			_, _ = os.Stderr.WriteString(evil + "\nfatal error: " + evil + "\n")
			os.Exit(2)
			return true, nil
		}),
	}
}

// TestHostileTextIsInert: in every form, on every way out, with and without a
// worker, also as the last words of a worker.
func TestHostileTextIsInert(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, form := range formats.Names() {
		for name, args := range map[string][]string{
			"worker":     {"--only", "good,hostile,hostile-failed,hostile-panics"},
			"in process": {"--only", "good,hostile,hostile-failed,hostile-panics", "--root", empty},
			"last words": {"--only", "good,hostile-crashes"},
			"strict":     {"--only", "hostile-failed", "--strict"},
			"to a file":  {"--only", "good,hostile", "--output", filepath.Join(t.TempDir(), "a\x1b[31m\u202eb")},
		} {
			t.Run(form+" "+name, func(t *testing.T) {
				t.Parallel()
				cmd := program(t, "fragile", append(args, "--format", form, "-v")...)
				if err := cmd.Run(); err != nil && (name != "strict" || cmd.ProcessState.ExitCode() != 3) {
					t.Fatalf("%v: %s", err, cmd.Stderr)
				}
				stdout := cmd.Stdout.(*bytes.Buffer).String()
				inert(t, "standard error", cmd.Stderr.(*bytes.Buffer).String())
				if cmd.Stderr.(*bytes.Buffer).Len() == 0 {
					t.Error("nothing was logged")
				}
				inert(t, "standard output", stdout)
				documents(t, form, stdout, name == "to a file")
			})
		}
	}
}

// inert fails when text could act on a terminal or begin a line of its own.
func inert(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is no text: %.2000q", what, text)
	}
	for i, c := range text {
		if c != '\n' && c != '\t' && !unicode.IsPrint(c) && (c != '\r' || !strings.HasPrefix(text[i:], "\r\n")) {
			t.Errorf("%s holds %q: %q", what, c, text[max(0, i-40):min(len(text), i+40)])
			return
		}
	}
	if strings.HasPrefix(text, "INJECTED") || strings.Contains(text, "\nINJECTED") {
		t.Errorf("%s: a line was injected", what)
	}
}

// documents fails when the JSON of a form was broken.
func documents(t *testing.T, form, text string, summary bool) {
	t.Helper()
	if summary {
		return
	}
	switch form {
	case "json", "redfish":
		if !json.Valid([]byte(text)) {
			t.Errorf("not JSON: %s", text)
		}
	case "ndjson":
		for line := range strings.Lines(text) {
			if !json.Valid([]byte(line)) {
				t.Errorf("not JSON: %s", line)
			}
		}
	}
}

// TestHostileFiles: nor does a file that is read.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	quoted := strings.ToValidUTF8(evil, "?")
	doc, err := json.Marshal(quoted)
	if err != nil {
		t.Fatal(err)
	}
	version := file("version.json", `{"schema_version":`+string(doc)+`}`)
	damaged := file("damaged.json", `{"schema_version":"1.0","cpus":{`+string(doc)+`:1}}`)
	garbage := file("garbage", evil)
	policy := file("policy.yaml", "version: 1\n"+string(doc)+": 1\n")
	named := file("a\x1b[31m\u202eb", evil)
	good := filepath.Join("testdata", "reports", "desktop.json")
	for _, args := range [][]string{
		{"show", version},
		{"show", damaged},
		{"show", garbage},
		{"show", named},
		{"show", "/no" + evil[:12]},
		{"diff", good, damaged},
		{"diff", garbage, good},
		{"check", good, "--policy", policy},
		{"check", good, "--policy", garbage},
		{"check", good, "--policy", named},
		{"policy", "from", damaged},
		{"--replay", garbage},
		{"--replay", named},
		{"--root", named},
		{"--host-root", named},
		{"--only", evil[:20]},
		{"--format", evil[:20]},
		{"--" + evil[:12]},
		{evil[:20]},
		{"show", good, evil[:20]},
		{"--mode", evil[:12]},
		{"--timeout", evil[:12]},
		{"--output", "/proc/" + evil[:12], "--only", "host"},
	} {
		cmd := program(t, "audit", args...)
		if err := cmd.Run(); err == nil {
			t.Errorf("%q: no error", args)
		}
		inert(t, fmt.Sprintf("%q", args), cmd.Stderr.(*bytes.Buffer).String())
		inert(t, fmt.Sprintf("%q", args), cmd.Stdout.(*bytes.Buffer).String())
		if !strings.HasPrefix(cmd.Stderr.(*bytes.Buffer).String(), "audit: ") {
			t.Errorf("%q: %q", args, cmd.Stderr)
		}
	}
}

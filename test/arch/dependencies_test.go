package arch_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dependency is one line of docs/dependencies.md.
type dependency struct {
	licence string
	in      []string
	why     string
}

// TestDependenciesArePut: docs/dependencies.md lists the modules of go.mod,
// what links them, and their licences.
func TestDependenciesArePut(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]dependency{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$").FindAllStringSubmatch(string(page), -1) {
		listed[m[1]] = dependency{m[2], strings.Split(m[3], ", "), m[4]}
	}

	linkedIn := map[string][]string{}
	for name, pkg := range map[string]string{
		"audit": "cmd/audit", "audit-console": "cmd/audit-console", "audit-nvml": "cmd/audit-nvml", "audit-push": "cmd/audit-push",
		"library": "pkg/collectors", "gonvml": "pkg/collectors/nvidia/gonvml",
	} {
		for _, m := range modules(t, pkg) {
			linkedIn[m] = append(linkedIn[m], name)
		}
	}
	direct := map[string]bool{}
	for _, line := range goList(t, "-m", "-f", "{{if not (or .Indirect .Main)}}{{.Path}} {{.Dir}}{{end}}", "all") {
		path, dir, _ := strings.Cut(line, " ")
		direct[path] = true
		d, ok := listed[path]
		if !ok {
			t.Errorf("%s is in go.mod; why, docs/dependencies.md does not say", path)
			continue
		}
		want := slices.Sorted(slices.Values(linkedIn[path]))
		if want == nil {
			want = []string{"tests"}
		}
		if diff := cmp.Diff(want, d.in); diff != "" {
			t.Errorf("%s: what links it (+ the page)\n%s", path, diff)
		}
		if got := licence(t, dir); got != "" && got != d.licence {
			t.Errorf("%s: the page says %s, its licence is %s", path, d.licence, got)
		}
	}
	for path := range listed {
		if !direct[path] {
			t.Errorf("%s is on the page and not in go.mod", path)
		}
	}
	for path, names := range linkedIn {
		if !direct[path] {
			t.Errorf("%s is linked into %v by way of another module; put it on the page and into go.mod", path, names)
		}
	}
	programs, err := filepath.Glob(filepath.Join(root, "cmd", "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		if name := filepath.Base(filepath.Dir(p)); name != "internal" && !slices.Contains([]string{"audit", "audit-console", "audit-nvml", "audit-push"}, name) {
			t.Errorf("this test does not know the program %s", name)
		}
	}
}

// modules are those whose packages a package is linked with.
func modules(t *testing.T, pkg string) []string {
	t.Helper()
	all := goList(t, "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", "./"+pkg)
	slices.Sort(all)
	return slices.Compact(all)
}

// goList is go list at the top of the tree, with cgo, as gonvml wants it.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// licence reads what a module's licence is; empty where the module is not on
// this machine.
func licence(t *testing.T, dir string) string {
	t.Helper()
	if dir == "" {
		return ""
	}
	files, err := filepath.Glob(filepath.Join(dir, "[LC][IO][CP][EY][NI]*"))
	if err != nil || len(files) == 0 {
		t.Errorf("%s: no licence file: %v", dir, err)
		return ""
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(data)), " ")
	has := func(words string) bool { return strings.Contains(text, words) }
	mit := has("Permission is hereby granted, free of charge")
	apache := has("Apache License") && has("2.0")
	switch {
	case mit && has("Apache"):
		return "MIT and Apache-2.0"
	case mit:
		return "MIT"
	case apache:
		return "Apache-2.0"
	case has("Redistributions in binary form must reproduce") && has("Neither the name"):
		return "BSD-3-Clause"
	default:
		return "unknown"
	}
}

// TestMakeHelpListsAll: every target of the Makefile says what it does.
func TestMakeHelpListsAll(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, m := range regexp.MustCompile(`(?m)^\.PHONY: (.*)$`).FindAllStringSubmatch(string(data), -1) {
		targets = append(targets, strings.Fields(m[1])...)
	}
	var helped []string
	for _, m := range regexp.MustCompile(`(?m)^([a-z0-9-]+):.*## \S`).FindAllStringSubmatch(string(data), -1) {
		helped = append(helped, m[1])
	}
	var all []string
	for _, m := range regexp.MustCompile(`(?m)^([A-Za-z][\w./-]*):(?:[^=]|$)`).FindAllStringSubmatch(string(data), -1) {
		all = append(all, m[1])
	}
	slices.Sort(helped)
	slices.Sort(all)
	if diff := cmp.Diff(all, helped); diff != "" {
		t.Errorf("-targets +those make help lists\n%s", diff)
	}
	for _, target := range all {
		if _, err := os.Lstat(filepath.Join(root, target)); err == nil && !slices.Contains(targets, target) {
			t.Errorf("%s is a file, too: without .PHONY make does nothing for it", target)
		}
	}
}

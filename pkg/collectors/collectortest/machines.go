package collectortest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os" //nolint:depguard // the test's own folders
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

// on runs the collector on a machine once.
func (s *suite) on(ctx context.Context, m machine, answer func(string, []byte, error) ([]byte, error)) (*observed, *faulty, error) {
	src, err := m.source()
	if err != nil {
		return nil, nil, err
	}
	f := &faulty{Source: src, answer: answer}
	o, err := s.observe(ctx, f, normal)
	return o, f, errors.Join(err, src.Close())
}

func (s *suite) checkFinds(ctx context.Context, _ string, m machine) error {
	o, _, err := s.on(ctx, m, nil)
	if err != nil {
		return err
	}
	if len(o.parts) == 0 {
		return fmt.Errorf("no components; status %s (%s)", o.outcome().Status, o.outcome().Error)
	}
	return nil
}

func (s *suite) checkRepeatable(ctx context.Context, _ string, m machine) error {
	var first []byte
	for range 3 {
		o, _, err := s.on(ctx, m, nil)
		if err != nil {
			return err
		}
		data, err := json.MarshalIndent(o.report, "", " ")
		if err != nil {
			return err
		}
		if first == nil {
			first = data
		}
		if !bytes.Equal(first, data) {
			return fmt.Errorf("two runs differ: %s", firstDifference(first, data))
		}
	}
	return nil
}

func firstDifference(a, b []byte) string {
	la, lb := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return fmt.Sprintf("line %d: %s / %s", i+1, la[i], lb[i])
		}
	}
	return fmt.Sprintf("%d / %d lines", len(la), len(lb))
}

// id is the form of ids: the kind, and what tells one from another.
var id = regexp.MustCompile(`^[a-z][a-z0-9_]*(:.+)?$`)

func (s *suite) checkComponents(ctx context.Context, _ string, m machine) error {
	o, _, err := s.on(ctx, m, nil)
	if err != nil {
		return err
	}
	var errs []error
	seen := map[string]bool{}
	sections := s.factory(host.New(&faulty{})).Sections()
	for _, part := range o.parts {
		section, err := sectionOf(part)
		if err != nil {
			errs = append(errs, err)
		} else if !slices.Contains(sections, section) {
			errs = append(errs, fmt.Errorf("%s fills section %s; the collector announced %q", part.Kind(), section, sections))
		}
		if e, ok := part.(*inventory.Extension); ok {
			if !strings.Contains(e.Key, ".") || seen[e.Key] {
				errs = append(errs, fmt.Errorf("extension key %q is not domain-qualified, or not unique", e.Key))
			}
			seen[e.Key] = true
			continue
		}
		all := metas(reflect.ValueOf(part))
		if len(all) == 0 {
			errs = append(errs, fmt.Errorf("%s carries no id", part.Kind()))
			continue
		}
		if len(all[0].Sources) == 0 {
			errs = append(errs, fmt.Errorf("%s %q names no sources", part.Kind(), all[0].ID))
		}
		for _, meta := range all {
			if !id.MatchString(meta.ID) {
				errs = append(errs, fmt.Errorf("%s: id %q is not kind:name", part.Kind(), meta.ID))
			}
		}
		for i := range all {
			if seen[all[i].ID] && !aliased(part, all[i].ID) {
				errs = append(errs, fmt.Errorf("two components are called %q", all[i].ID))
			}
			seen[all[i].ID] = true
		}
	}
	return errors.Join(errs...)
}

// aliased is true for a board's primary baseboard and chassis, which its lists
// hold once more.
func aliased(part inventory.Component, id string) bool {
	b, ok := part.(*inventory.Board)
	return ok && (b.Baseboard != nil && b.Baseboard.ID == id || b.Chassis != nil && b.Chassis.ID == id)
}

// checkReadOnly runs on files of a real folder and compares them afterwards.
func (s *suite) checkReadOnly(ctx context.Context, dir string, m machine) error {
	root := m.dir
	if m.src != nil {
		root = filepath.Join(dir, "root")
		if err := materialise(m.src.Files, m.src.Links, root); err != nil {
			return err
		}
	}
	before, err := snapshot(root)
	if err != nil {
		return err
	}
	h, err := host.Static(root)
	if err != nil {
		return err
	}
	inventory.Collect(ctx, []inventory.Collector{s.factory(h)})
	if err := h.Close(); err != nil {
		return err
	}
	after, err := snapshot(root)
	if err != nil {
		return err
	}
	for name, was := range before {
		if now, ok := after[name]; !ok || now != was {
			return fmt.Errorf("%s was %q and is %q", name, was, now)
		}
		delete(after, name)
	}
	for name := range after {
		return fmt.Errorf("%s was not there before", name)
	}
	return nil
}

func materialise(files, links map[string]string, root string) error {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			return err
		}
	}
	for name, target := range links {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.Symlink(target, path); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// snapshot is what a write would change: names, modes, sizes, times.
func snapshot(root string) (map[string]string, error) {
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := d.Info()
		if err != nil {
			return err
		}
		all[path] = fmt.Sprint(st.Mode(), st.Size(), st.ModTime().UnixNano())
		return nil
	})
	return all, err
}

// checkSingleFaults: one unreadable attribute costs that attribute. The
// collector still hands over something unless it was the only file it needs,
// and never claims that all is well with fewer components than before.
func (s *suite) checkSingleFaults(ctx context.Context, _ string, m machine) error {
	whole, f, err := s.on(ctx, m, nil)
	if err != nil {
		return err
	}
	files := f.files()
	for _, i := range spread(len(files)) {
		name := files[i]
		o, _, err := s.on(ctx, m, func(n string, data []byte, err error) ([]byte, error) {
			if n == name {
				return nil, &fs.PathError{Op: "read", Path: n, Err: syscall.EIO}
			}
			return data, err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		switch st := o.outcome().Status; {
		case st == inventory.StatusAbsent:
			return fmt.Errorf("%s: absent because it could not be read", name)
		case st == inventory.StatusOK && len(o.parts) < len(whole.parts):
			return fmt.Errorf("%s could not be read: %d components instead of %d, and the status is ok", name, len(o.parts), len(whole.parts))
		}
	}
	return nil
}

// checkGarbage feeds what no kernel should ever say.
func (s *suite) checkGarbage(ctx context.Context, _ string, m machine) error {
	_, f, err := s.on(ctx, m, nil)
	if err != nil {
		return err
	}
	kinds := garbage()
	names := slices.Sorted(maps.Keys(kinds))
	for _, kind := range names {
		_, _, err := s.on(ctx, m, func(_ string, data []byte, err error) ([]byte, error) {
			if err != nil {
				return data, err
			}
			return kinds[kind](data), nil
		})
		if err != nil {
			return fmt.Errorf("%s in every file: %w", kind, err)
		}
	}
	files := f.files()
	for _, n := range spread(len(files) * len(names)) {
		file, kind := files[n/len(names)], names[n%len(names)]
		_, _, err := s.on(ctx, m, func(n string, data []byte, err error) ([]byte, error) {
			if n == file && err == nil {
				return kinds[kind](data), nil
			}
			return data, err
		})
		if err != nil {
			return fmt.Errorf("%s in %s: %w", kind, file, err)
		}
	}
	return nil
}

// spread bounds the work on machines with thousands of files: all of the
// numbers below n when they are few, else some, evenly spread.
func spread(n int) []int {
	const most = 150
	list := make([]int, min(n, most))
	for i := range list {
		list[i] = i * n / len(list)
	}
	return list
}

// garbage are ways to spoil a file's content.
func garbage() map[string]func([]byte) []byte {
	random := func(n int) []byte {
		r := rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // the same in each run
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	return map[string]func([]byte) []byte{
		"nothing":      func([]byte) []byte { return nil },
		"a newline":    func([]byte) []byte { return []byte("\n") },
		"zero bytes":   func(b []byte) []byte { return make([]byte, max(len(b), 8)) },
		"ones":         func(b []byte) []byte { return bytes.Repeat([]byte{0xff}, max(len(b), 8)) },
		"random bytes": func(b []byte) []byte { return random(max(len(b), 64)) },
		"1 MiB":        func([]byte) []byte { return bytes.Repeat([]byte("0123456789abcde\n"), 1<<16) },
		"minus one":    func([]byte) []byte { return []byte("-1\n") },
		"a big number": func([]byte) []byte { return []byte("18446744073709551616\n") },
		"half of it":   func(b []byte) []byte { return b[:len(b)/2] },
		"twice":        func(b []byte) []byte { return append(bytes.Clone(b), b...) },
		"a flipped bit per 16 bytes": func(b []byte) []byte {
			b = bytes.Clone(b)
			for i := 3; i < len(b); i += 16 {
				b[i] ^= 1 << (i % 8)
			}
			return b
		},
	}
}

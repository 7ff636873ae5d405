package lab

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestArchiveIsDeterministicAndAligned(t *testing.T) {
	t.Parallel()
	a := archive{}
	a.put("/usr/bin/x", entry{mode: modeExec, data: []byte("#!/bin/sh\n")})
	a.put("bin", entry{mode: modeLink, data: []byte("usr/bin")})
	var one, two bytes.Buffer
	if err := errors.Join(a.write(&one), a.write(&two)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) || one.Len()%4 != 0 {
		t.Error("two archives of one content differ, or are not aligned")
	}
	at := -1
	for _, name := range []string{"bin\x00", "usr\x00", "usr/bin\x00", "usr/bin/x\x00", "TRAILER!!!\x00"} {
		i := bytes.Index(one.Bytes(), []byte("00000000"+name))
		if i <= at {
			t.Errorf("%q at %d, want it after %d", name, i, at)
		}
		at = i
	}
}

func TestUnpackStaysInside(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	tw := tar.NewWriter(zw)
	for _, name := range []string{"./a/b", "../../evil"} {
		if err := tw.WriteHeader(&tar.Header{Name: name, Size: 1, Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(tw, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(tw.Close(), zw.Close()); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "deep", "out")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unpack(&b, dir); err == nil {
		t.Error("a path that leaves the folder was accepted")
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "b")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "..", "..", "evil")); err == nil {
		t.Error("a file was written outside")
	}
}

func TestStepKeepsOnlyWholeResults(t *testing.T) {
	t.Parallel()
	c := &cache{t.TempDir(), io.Discard}
	broken := errors.New("broken")
	if _, err := c.step(t.Context(), "x", "k", func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	made := 0
	build := func(dst string) error {
		made++
		return os.WriteFile(filepath.Join(dst, "f"), nil, 0o600)
	}
	for range 2 {
		dir, err := c.step(t.Context(), "x", "k", build)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "f")); err != nil {
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times, want once", made)
	}
}

func TestKernelOrder(t *testing.T) {
	t.Parallel()
	v := []string{"6.1.0-56-amd64", "6.1.0-9-amd64", "6.12.1-amd64", "5.10.0-30-amd64"}
	slices.SortFunc(v, compareVersions)
	if want := []string{"5.10.0-30-amd64", "6.1.0-9-amd64", "6.1.0-56-amd64", "6.12.1-amd64"}; !slices.Equal(v, want) {
		t.Errorf("%v, want %v", v, want)
	}
}

func TestMissingPackagesAreNamed(t *testing.T) {
	t.Parallel()
	err := need("no-such-program", "its-package", "sh", "dash")
	if err == nil || err.Error() != "missing on this machine: apt-get install its-package (or run test/lab/setup.sh)" {
		t.Errorf("error %v", err)
	}
}

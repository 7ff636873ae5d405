package main_test

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"example.com/bee/pkg/collectors/nvidia"
	nvmlmock "example.com/bee/test/nvml"
)

// The real library, where there is no driver: it must answer so, as nobody and
// without leaving anything behind. It is downloaded from Debian's non-free
// component, so only on demand: BEE_TEST_NVML_DEB=1.
func TestRealLibrary(t *testing.T) {
	t.Parallel()
	if os.Getenv("BEE_TEST_NVML_DEB") == "" {
		t.Skip("BEE_TEST_NVML_DEB is not set")
	}
	dir := worldReadable(t)
	lib := download(t, dir)

	exports := exported(t, lib)
	for _, fn := range nvidia.Functions() {
		if fn != nvidia.FnTemperatureMargin && !slices.Contains(exports, string(fn)) { // that one is younger
			t.Errorf("the library has no %s", fn)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can become nobody")
	}
	before, _ := filepath.Glob("/dev/nvidia*")
	helper := nvmlmock.Helper(t, dir)
	driver := filepath.Join(dir, "version")
	if err := os.WriteFile(driver, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, loader := range loaders(t) {
		args := append(slices.Clone(loader), helper, "-fd", "1", "-library", lib, "-driver", driver)
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v", loader, err)
		}
		d, err := nvidia.DecodeHelper(bytes.NewReader(out))
		if err != nil || !d.Done || len(d.Notes) != 1 {
			t.Fatalf("%v: %v\n%s", loader, err, out)
		}
		r, asked := d.SystemReading(nvidia.FnInitWithFlags, 1)
		switch {
		case asked && r.Return == nvidia.DriverNotLoaded: // glibc
		case !asked && len(loader) > 0 && d.Notes[0].Kind == nvidia.NoteNoLibrary: // musl alone lacks glibc's symbols
			t.Logf("%v: %s", loader, d.Notes[0].Detail)
		default:
			t.Errorf("%v: %v\n%s", loader, r.Return, out)
		}
	}
	after, _ := filepath.Glob("/dev/nvidia*")
	if !slices.Equal(before, after) {
		t.Errorf("device nodes before %q, after %q", before, after)
	}
}

func worldReadable(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// download gets libnvidia-ml1 with package lists of its own.
func download(t *testing.T, dir string) string {
	t.Helper()
	list := filepath.Join(dir, "sources.list")
	text := "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm non-free\n"
	if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	apt := []string{
		"-qq", "-o", "Dir::Etc::sourcelist=" + list, "-o", "Dir::Etc::sourceparts=-",
		"-o", "Dir::State::lists=" + dir + "/lists", "-o", "Dir::Cache=" + dir + "/cache", "-o", "APT::Sandbox::User=root",
	}
	for _, command := range [][]string{
		{"mkdir", "-p", dir + "/lists/partial", dir + "/cache/archives/partial"},
		append(append([]string{"apt-get"}, apt...), "update"),
		append(append([]string{"apt-get"}, apt...), "download", "libnvidia-ml1"),
		{"sh", "-c", "dpkg-deb -x libnvidia-ml1_*.deb root"},
	} {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("%s: %v\n%s", strings.Join(command, " "), err, out)
		}
	}
	found, err := filepath.Glob(dir + "/root/usr/lib/*/nvidia/current/libnvidia-ml.so.1")
	if err != nil || len(found) != 1 {
		t.Fatalf("library: %v, %v", found, err)
	}
	return found[0]
}

func exported(t *testing.T, lib string) []string {
	t.Helper()
	f, err := elf.Open(lib)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range symbols {
		if s.Section != elf.SHN_UNDEF {
			names = append(names, s.Name)
		}
	}
	return names
}

package nvml

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/nvidia"
)

//go:embed testdata/mock.c
var source string

// Library compiles a stand-in that answers with the readings of d and returns
// its path. Macros are gcc's -D without the -D; they are listed in mock.c. The
// test is skipped where there is no gcc or the machine is not x86-64.
func Library(tb testing.TB, d *nvidia.Data, macros ...string) string {
	tb.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil || runtime.GOARCH != "amd64" {
		tb.Skip("the stand-in for NVML is built with gcc on x86-64")
	}
	dir := tb.TempDir()
	write(tb, filepath.Join(dir, "mock.c"), source)
	write(tb, filepath.Join(dir, "data.h"), table(d))
	lib := filepath.Join(dir, "libnvidia-ml.so.1")
	args := []string{
		"-O1", "-std=gnu11", "-Wall", "-Wno-unused-function", "-Wno-incompatible-pointer-types", "-ffreestanding", "-fno-builtin", "-fno-stack-protector",
		"-fno-tree-loop-distribute-patterns", "-fno-optimize-sibling-calls", "-fvisibility=hidden",
		"-nostdlib", "-shared", "-fPIC", "-Wl,-soname,libnvidia-ml.so.1", "-o", lib,
	}
	for _, m := range macros {
		args = append(args, "-D"+m)
	}
	cmd := exec.CommandContext(tb.Context(), gcc, append(args, "mock.c")...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("gcc: %v\n%s", err, out)
	}
	return lib
}

// Fault is the macros for a stand-in that crashes, aborts or hangs in one
// function when it is called for one GPU.
func Fault(how string, fn nvidia.Function, gpu int) []string {
	kinds := map[string]string{"crash": "1", "abort": "2", "hang": "3"}
	return []string{"FAULT=" + kinds[how], fmt.Sprintf("FAULT_FN=%q", string(fn)), "FAULT_GPU=" + strconv.Itoa(gpu)}
}

// Helper compiles audit-nvml into dir and returns its path.
func Helper(tb testing.TB, dir string) string {
	tb.Helper()
	return Build(tb, dir, "audit-nvml")
}

// Build compiles one of the programs below cmd/ as it is shipped: without cgo.
func Build(tb testing.TB, dir, program string) string {
	tb.Helper()
	_, file, _, _ := runtime.Caller(0)
	bin := filepath.Join(dir, program)
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", bin, "./cmd/"+program)
	cmd.Dir = filepath.Join(filepath.Dir(file), "..", "..")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// table writes data.h.
func table(d *nvidia.Data) string {
	var b strings.Builder
	b.WriteString("static const struct row rows[] = {\n")
	add := func(all []nvidia.Reading) {
		for _, r := range all {
			row(&b, r)
		}
	}
	add(d.System)
	for _, g := range d.GPUs {
		add(g.Readings)
		for _, in := range g.Instances {
			add(in.Readings)
		}
	}
	b.WriteString("};\n")
	return b.String()
}

func row(b *strings.Builder, r nvidia.Reading) {
	var nums [5]uint64
	var args [3]uint32
	copy(nums[:], r.Numbers)
	copy(args[:], r.Args)
	fmt.Fprintf(b, "\t{%q, %d, %d, %d, {%d, %d, %d}, %d, {%dull, %dull, %dull, %dull, %dull}, %s},\n",
		r.Function, r.GPU, r.Instance, len(r.Args), args[0], args[1], args[2], uint32(r.Return),
		nums[0], nums[1], nums[2], nums[3], nums[4], quoteC(r.Text))
}

// quoteC writes a C string literal; every odd byte as three octal digits.
func quoteC(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '?' {
			fmt.Fprintf(&b, "\\%03o", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

package atomicfile_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"example.com/bee/cmd/internal/atomicfile"
)

const traced = "ATOMICFILE_TRACED"

func TestMain(m *testing.M) {
	if name := os.Getenv(traced); name != "" {
		runtime.LockOSThread() // one thread is one trace
		if err := atomicfile.WriteMode(name, []byte("report"), 0o640); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestOrder: nothing is renamed that is not on the disk, and nothing is said to
// be done before the folder is.
func TestOrder(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not there: make deps")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(folder, "report.json")
	cmd := exec.CommandContext(t.Context(), strace, "-ff", "-y", "-e", "trace=openat,write,fsync,fchmod,close,rename,renameat,renameat2,unlink,unlinkat", "-o", log, self)
	cmd.Env = append(os.Environ(), traced+"="+name)
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "PTRACE") || strings.Contains(string(out), "ptrace") {
			t.Skipf("tracing is refused here: %s", out)
		}
		t.Fatalf("%v: %s", err, out)
	}
	data := traceOf(t, log)
	rest := string(data)
	file, here := `\d+<`+regexp.QuoteMeta(folder)+`/\.report\.json\.\w+\.tmp>`, `\d+<`+regexp.QuoteMeta(folder)+`>`
	for _, step := range []string{
		`openat\(` + here + `, "\.report\.json\.\w+\.tmp", O_WRONLY\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0600\) = \d`,
		`write\(` + file + `, "report", 6\) += 6`,
		`fchmod\(` + file + `, 0640\) += 0`,
		`fsync\(` + file + `\) += 0`,
		`close\(` + file + `\) += 0`,
		`renameat2?\(` + here + `, "\.report\.json\.\w+\.tmp", ` + here + `, "report\.json"(, 0)?\) += 0`,
		`fsync\(` + here + `\) += 0`,
	} {
		at := regexp.MustCompile(step).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("not in its place: %s\n%s", step, data)
		}
		rest = rest[at[1]:]
	}
	if strings.Contains(string(data), "unlink") {
		t.Errorf("something was removed:\n%s", data)
	}
	onlyEntry(t, folder, "report.json")
}

// traceOf is the trace of the thread that wrote.
func traceOf(t *testing.T, log string) []byte {
	t.Helper()
	threads, err := filepath.Glob(log + ".*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range threads {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "renameat") {
			return data
		}
	}
	t.Fatalf("no thread renamed anything: %q", threads)
	return nil
}

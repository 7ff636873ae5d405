package pcie_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

// asked is a machine whose configuration space is asked for its registers, as
// that of the running machine is.
type asked struct {
	*machine
	speaks bool // says so

	mu    sync.Mutex
	opens []string
	files []string // that were read
	bytes int      // of configuration space
}

// ways are those in which configuration space is read.
func ways(m *machine) map[string]*host.Host {
	return map[string]*host.Host{"files": m.Host(), "registers": (&asked{machine: m, speaks: true}).host()}
}

// host hides Speaks from a host that is to find out.
func (a *asked) host() *host.Host {
	if a.speaks {
		return host.New(speaker{a})
	}
	return host.New(a)
}

type speaker struct{ *asked }

// Speaks implements [host.Speaker].
func (speaker) Speaks(p host.Protocol) bool { return p == host.PCIConfig }

// ReadFile implements [host.Source].
func (a *asked) ReadFile(name string, limit int) ([]byte, error) {
	a.mu.Lock()
	a.files = append(a.files, name)
	a.mu.Unlock()
	return a.machine.ReadFile(name, limit)
}

// Open implements [host.Source].
func (a *asked) Open(p host.Protocol, name string) (host.Device, error) {
	a.mu.Lock()
	a.opens = append(a.opens, name)
	a.mu.Unlock()
	real := name
	if target, ok := a.Links[path.Dir(name)]; ok {
		real = path.Join(path.Dir(path.Dir(name)), target, path.Base(name))
	}
	_, there := a.Files[real]
	if err := a.Errors[real]; p != host.PCIConfig || !there && err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return pciconf.New(name, &configFile{a, name}, int64(len(a.Files[real]))), nil
}

type configFile struct {
	asked *asked
	name  string
}

// ReadAt implements [io.ReaderAt].
func (f *configFile) ReadAt(p []byte, at int64) (int, error) {
	b, err := f.asked.machine.ReadFile(f.name, 1<<20)
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		return 0, e.Err
	}
	n := copy(p, b[min(int(at), len(b)):])
	f.asked.mu.Lock()
	f.asked.bytes += n
	f.asked.mu.Unlock()
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Close implements [io.Closer].
func (*configFile) Close() error { return nil }

// sameBothWays reads a machine by files and by registers.
func sameBothWays(t *testing.T, m *machine) {
	t.Helper()
	words := map[string][]string{}
	lists := map[string][]inventory.PCIeDevice{}
	for way, h := range ways(m) {
		list, err := pcie.Read(t.Context(), h)
		lists[way] = list
		for _, e := range leaves(err) {
			words[way] = append(words[way], e.Error())
		}
	}
	if d := cmp.Diff(lists["files"], lists["registers"]); d != "" {
		t.Errorf("-files +registers:\n%s", d)
	}
	if d := cmp.Diff(words["files"], words["registers"]); d != "" {
		t.Errorf("-files +registers:\n%s", d)
	}
}

// TestAsksForRegisters: the file is not read beside, and of what it holds not
// much is.
func TestAsksForRegisters(t *testing.T) {
	t.Parallel()
	for _, speaks := range []bool{true, false} {
		const n = 20
		m := server(n)
		a := &asked{machine: m, speaks: speaks}
		list, err := pcie.Read(t.Context(), a.host())
		if len(list) != n || err != nil {
			t.Fatalf("%d functions, %v", len(list), err)
		}
		for _, f := range a.files {
			if strings.HasSuffix(f, "/config") {
				t.Errorf("read %s", f)
			}
		}
		want := n
		if !speaks {
			want++ // to find out
		}
		if len(a.opens) != want {
			t.Errorf("opened %d times, want %d", len(a.opens), want)
		}
		// The header, the capability, the list of the extended ones, the serial
		// number of the cards.
		if most := n * (64 + 28 + 12); a.bytes > most {
			t.Errorf("%d bytes, want %d at most", a.bytes, most)
		}
		t.Logf("%d bytes of %d", a.bytes, n*4096)
	}
}

// TestFilesCostNoQuestions: a source that has only files is asked once, a
// captured tree not at all, however many functions there are.
func TestFilesCostNoQuestions(t *testing.T) {
	t.Parallel()
	const n = 20
	m := server(n)
	for _, none := range []error{fs.ErrNotExist, errors.ErrUnsupported, inventory.ErrNotCollected} {
		s := &onlyFiles{machine: m, none: fmt.Errorf("open: %w", none)}
		list, err := pcie.Read(t.Context(), host.New(s))
		if len(list) != n || err != nil || s.opens != 1 {
			t.Errorf("%v: %d functions, %v, opened %d times", none, len(list), err, s.opens)
		}
		if list[n-1].SerialNumber == "" {
			t.Errorf("%v: %+v", none, list[n-1])
		}
	}
	s := &onlyFiles{machine: m, none: errors.New("opened")}
	list, err := pcie.Read(t.Context(), host.New(mute{s}))
	if len(list) != n || err != nil || s.opens != 0 {
		t.Errorf("%d functions, %v, opened %d times", len(list), err, s.opens)
	}
}

// onlyFiles has no devices.
type onlyFiles struct {
	*machine
	none  error
	opens int
}

// Open implements [host.Source].
func (s *onlyFiles) Open(host.Protocol, string) (host.Device, error) {
	s.opens++
	return nil, s.none
}

// mute knows that there are none.
type mute struct{ *onlyFiles }

// Speaks implements [host.Speaker].
func (mute) Speaks(host.Protocol) bool { return false }

package pciconf_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/inventory"
)

// registers is a file that counts what is read of it.
type registers struct {
	*bytes.Reader
	calls, bytes int
	fail         error // of every read but the first
}

func (r *registers) ReadAt(p []byte, at int64) (int, error) {
	if r.calls++; r.calls > 1 && r.fail != nil {
		return 0, r.fail
	}
	n, err := r.Reader.ReadAt(p, at)
	r.bytes += n
	return n, err
}

func (*registers) Close() error { return nil }

// ask reads what is visible of a space by its registers.
func ask(t testing.TB, visible []byte, size int) (answer []byte, r *registers) {
	t.Helper()
	r = &registers{Reader: bytes.NewReader(visible)}
	answer, err := pciconf.Read(t.Context(), pciconf.New("config", r, int64(size)))
	if err != nil {
		t.Fatal(err)
	}
	return answer, r
}

// sameAsWhole checks that what is decoded of an answer is what is decoded of
// all that is visible, words of errors included.
func sameAsWhole(t testing.TB, visible []byte, size int) {
	t.Helper()
	answer, r := ask(t, visible, size)
	if size >= 64 {
		visible = visible[:min(len(visible), size, 4096)]
	}
	if len(visible) == 0 {
		if len(answer) > 0 {
			t.Errorf("an answer about nothing: % x", answer)
		}
		return
	}
	want, wantErr := pciconf.Decode(visible)
	got, gotErr := pciconf.DecodeAnswer(answer)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%d of %d bytes: -whole +answer:\n%s", len(visible), size, d)
	}
	if d := cmp.Diff(words(wantErr), words(gotErr)); d != "" {
		t.Errorf("%d of %d bytes: -whole +answer:\n%s", len(visible), size, d)
	}
	most := len(visible)
	if size != len(visible) {
		most *= 2 // the end is looked for from the start
	}
	if len(answer) > 6+4096 || r.bytes > most {
		t.Errorf("%d bytes read, answer of %d", r.bytes, len(answer))
	}
	claims(t, answer, visible)
}

func words(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// claims checks that an answer holds nothing that is not in the space.
func claims(t testing.TB, answer, visible []byte) {
	t.Helper()
	for _, p := range pieces(t, answer) {
		if p.at+len(p.bytes) > len(visible) || !bytes.Equal(visible[p.at:p.at+len(p.bytes)], p.bytes) {
			t.Errorf("%d bytes at %03xh are not those of the space", len(p.bytes), p.at)
		}
	}
}

type piece struct {
	at    int
	bytes []byte
}

// pieces takes an answer apart by the words in which it is described.
func pieces(t testing.TB, answer []byte) (all []piece) {
	t.Helper()
	le := binary.LittleEndian
	for b := answer[2:]; len(b) > 0; {
		at, n := int(le.Uint16(b)), int(le.Uint16(b[2:]))
		all = append(all, piece{at, b[4 : 4+n]})
		b = b[4+n:]
	}
	return all
}

// sizes are those of files, and beside them what a caller without privilege
// sees.
func sizes() []struct{ visible, file int } {
	return []struct{ visible, file int }{
		{4096, 4096}, {256, 256}, {256, 4096}, {64, 4096}, {64, 256}, {128, 4096}, {128, 256}, {0, 4096}, {10, 10}, {10, 4096}, {0, 0}, {4096, 0}, {256, 0}, {8192, 8192},
	}
}

func TestReadIsLikeTheWhole(t *testing.T) {
	t.Parallel()
	for _, whole := range []space{endpoint(), rootPort()} {
		for n := range len(whole) + 1 {
			if n < 0x180 || n%64 < 2 {
				sameAsWhole(t, whole[:n], n)
				sameAsWhole(t, whole[:n], 4096)
			}
		}
	}
	spaces := append(captures(t), endpoint(), rootPort(), newSpace(4096), make([]byte, 4096), bytes.Repeat([]byte{0xFF}, 4096),
		endpoint().set8(0x34, 0), endpoint().set8(0x34, 0x10)) // lists that begin nowhere
	r := rand.New(rand.NewPCG(1, 2))
	for _, whole := range spaces {
		for _, size := range sizes() {
			sameAsWhole(t, whole[:min(len(whole), size.visible)], size.file)
		}
		for range 100 {
			s := mutated(r, whole)
			size := sizes()[r.IntN(len(sizes()))]
			sameAsWhole(t, s[:min(len(s), size.visible)], size.file)
		}
	}
}

// mutated changes a few bytes, most of them where lists are linked.
func mutated(r *rand.Rand, whole []byte) []byte {
	s := bytes.Clone(whole)
	for range 1 + r.IntN(6) {
		at := r.IntN(len(s))
		switch r.IntN(3) {
		case 0:
			at = r.IntN(min(len(s), 256))
		case 1:
			at = min(0x34+4*r.IntN(200), len(s)-1)
		}
		s[at] = byte(r.Uint32())
	}
	return s
}

// captures are configuration spaces of real functions, where there are any.
func captures(t testing.TB) (all [][]byte) {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		return nil
	}
	names, err := fs.Glob(os.DirFS(root), "pci/*/config/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(os.DirFS(root), name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	trees, err := fs.Glob(os.DirFS(root), "sysfs-trees/hwloc-*/*.tar.bz2")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range trees {
		for _, attrs := range pciAttributes(t, os.DirFS(root), name) {
			all = append(all, []byte(attrs["config"]))
		}
	}
	return all
}

func FuzzReadIsLikeTheWhole(f *testing.F) {
	for i, s := range append(captures(f), endpoint(), rootPort()) {
		f.Add(s, uint8(i))
	}
	f.Fuzz(func(t *testing.T, b []byte, kind uint8) {
		sameAsWhole(t, b, len(b))
		size := sizes()[int(kind)%len(sizes())]
		sameAsWhole(t, b[:min(len(b), size.visible)], size.file)
	})
}

// FuzzDecodeAnswer: what claims to be an answer may hold anything.
func FuzzDecodeAnswer(f *testing.F) {
	for _, s := range []space{endpoint(), rootPort(), endpoint()[:256], endpoint()[:64]} {
		answer, _ := ask(f, s, len(s))
		f.Add(answer)
	}
	f.Add([]byte{})
	f.Add([]byte{0, 0})
	f.Add([]byte{64, 0, 0, 0, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := pciconf.DecodeAnswer(b)
		switch {
		case c == nil && err == nil:
			t.Fatal("neither a value nor an error")
		case err != nil && !errors.Is(err, pciconf.ErrAllOnes) && !errors.Is(err, inventory.ErrMalformed) && !errors.Is(err, inventory.ErrNotCollected):
			t.Fatalf("error %v", err)
		case c != nil && len(c.Capabilities)+len(c.ExtendedCapabilities) > 48+960:
			t.Fatalf("%d and %d capabilities", len(c.Capabilities), len(c.ExtendedCapabilities))
		}
	})
}

// TestReadsOnlyWhatIsDecoded counts the registers, of four bytes each.
func TestReadsOnlyWhatIsDecoded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		space []byte
		file  int
		most  int // bytes
		calls int
	}{
		// The header, five capabilities, three and an empty extended one.
		"endpoint":      {endpoint(), 4096, 64 + 8 + 4 + 4 + 4 + 20 + 8 + 44 + 4 + 12 + 28, 18},
		"root port":     {rootPort(), 4096, 64 + 8 + 28 + 8 + 44 + 4, 12},
		"standard part": {endpoint()[:256], 256, 64 + 8 + 4 + 4 + 4 + 20 + 8, 10},
		"unprivileged":  {endpoint()[:64], 4096, 64, 2},
		"no list":       {newSpace(4096), 4096, 64 + 4, 2},
		"off the bus":   {bytes.Repeat([]byte{0xFF}, 4096), 4096, 64, 1},
		"zeros":         {make([]byte, 4096), 4096, 64, 1},
		"empty":         {nil, 4096, 0, 1},
		"list loops":    {endpoint().set8(0x81, 0x50).extended(0x160, 0x10, 1, 0x150), 4096, 64 + 8 + 4 + 4 + 4 + 20 + 8 + 44 + 4 + 12 + 28, 18},
	} {
		_, r := ask(t, test.space, test.file)
		if r.bytes != test.most || r.calls > test.calls {
			t.Errorf("%s: %d bytes in %d reads, want %d in %d", name, r.bytes, r.calls, test.most, test.calls)
		}
	}
	bytes, wholes := 0, 0
	for _, s := range captures(t) {
		_, r := ask(t, s, len(s))
		bytes += r.bytes
		wholes += len(s)
	}
	t.Logf("captured functions: %d of %d bytes", bytes, wholes)
}

// TestAnswer spells one out.
func TestAnswer(t *testing.T) {
	t.Parallel()
	s := newSpace(4096)
	s.capability(0x34, 0x50, 0x01).set16(0x54, 0x0003)
	s.extended(0x100, 0x0003, 1, 0).set32(0x104, 0x99AABBCC).set32(0x108, 0x00112233)
	answer, _ := ask(t, s, len(s))
	want := append([]byte{0x00, 0x10, 0x00, 0x00, 64, 0}, s[:64]...)
	want = append(append(want, 0x50, 0x00, 8, 0), s[0x50:0x58]...)
	want = append(append(want, 0x00, 0x01, 12, 0), s[0x100:0x10C]...)
	if d := cmp.Diff(want, answer); d != "" {
		t.Error(d)
	}
	if c, err := pciconf.DecodeAnswer(answer); err != nil || c.SerialNumber == nil || c.PowerState == nil {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestNotInTheAnswer: a decoder that looks for more than was read says so, and
// takes nothing for zero.
func TestNotInTheAnswer(t *testing.T) {
	t.Parallel()
	for _, whole := range []space{endpoint(), rootPort()} {
		answer, _ := ask(t, whole, len(whole))
		full, _ := pciconf.DecodeAnswer(answer)
		all := pieces(t, answer)
		for i, left := range all {
			short := bytes.Clone(answer[:2])
			for j, p := range all {
				if j == i {
					continue
				}
				short = binary.LittleEndian.AppendUint16(short, uint16(p.at))
				short = append(binary.LittleEndian.AppendUint16(short, uint16(len(p.bytes))), p.bytes...)
			}
			c, err := pciconf.DecodeAnswer(short)
			if !errors.Is(err, inventory.ErrNotCollected) || errors.Is(err, inventory.ErrMalformed) {
				t.Errorf("without %03xh: %v", left.at, err)
			}
			if (c == nil) != (left.at == 0) {
				t.Errorf("without %03xh: %v", left.at, c)
			}
			if c != nil && (len(c.Capabilities) > len(full.Capabilities) || len(c.ExtendedCapabilities) > len(full.ExtendedCapabilities)) {
				t.Errorf("without %03xh: %+v", left.at, c)
			}
		}
	}
}

func TestAnswerRefused(t *testing.T) {
	t.Parallel()
	head := bytes.Repeat([]byte{1}, 64)
	with := func(size uint16, rest ...[]byte) []byte {
		return append(binary.LittleEndian.AppendUint16(nil, size), bytes.Join(rest, nil)...)
	}
	for name, b := range map[string][]byte{
		"nothing":          nil,
		"half a size":      {64},
		"larger than any":  with(4100, []byte{0, 0, 64, 0}, head),
		"half a head":      with(64, []byte{0, 0, 64}),
		"beyond the space": with(64, []byte{4, 0, 64, 0}, head),
		"beyond the bytes": with(256, []byte{0, 0, 68, 0}, head),
		"empty piece":      with(256, []byte{0, 0, 64, 0}, head, []byte{0x80, 0, 0, 0}),
		"between two":      with(256, []byte{2, 0, 64, 0}, head),
		"half a register":  with(256, []byte{0, 0, 62, 0}, head[:62]),
		"back":             with(256, []byte{0x80, 0, 64, 0}, head, []byte{0, 0, 64, 0}, head),
		"twice":            with(256, []byte{0, 0, 64, 0}, head, []byte{0, 0, 64, 0}, head),
		"cut in two":       with(256, []byte{0, 0, 32, 0}, head[:32], []byte{32, 0, 32, 0}, head[32:]),
	} {
		if c, err := pciconf.DecodeAnswer(b); c != nil || !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	const all = 6 + 4096
	if err := pciconf.Allowed(device.Request{Command: []byte{1}, ReadLen: all}); err != nil {
		t.Error(err)
	}
	for name, r := range map[string]device.Request{
		"nothing": {}, "another": {Command: []byte{2}, ReadLen: all}, "longer": {Command: []byte{1, 0}, ReadLen: all},
		"data": {Command: []byte{1}, Data: []byte{0}, ReadLen: all}, "less": {Command: []byte{1}, ReadLen: all - 1}, "more": {Command: []byte{1}, ReadLen: all + 1},
	} {
		if pciconf.Allowed(r) == nil {
			t.Errorf("%s: allowed", name)
		}
		if _, err := pciconf.New("config", &registers{Reader: bytes.NewReader(endpoint())}, 4096).Exchange(t.Context(), r); err == nil {
			t.Errorf("%s: answered", name)
		}
	}
}

// TestReadFails: a read that fails on the way is the error of the whole.
func TestReadFails(t *testing.T) {
	t.Parallel()
	r := &registers{Reader: bytes.NewReader(endpoint()), fail: syscall.EIO}
	answer, err := pciconf.Read(t.Context(), pciconf.New("/x/config", r, 4096))
	var p *fs.PathError
	if answer != nil || !errors.As(err, &p) || p.Path != "/x/config" || !errors.Is(err, syscall.EIO) || r.calls != 2 {
		t.Errorf("% x, %v, %d reads", answer, err, r.calls)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r = &registers{Reader: bytes.NewReader(endpoint())}
	if _, err := pciconf.Read(ctx, pciconf.New("/x/config", r, 4096)); !errors.Is(err, context.Canceled) || r.calls > 0 {
		t.Errorf("%v, %d reads", err, r.calls)
	}
}

// odd answers with a number of bytes that cannot be.
type odd struct{ n int }

func (o odd) ReadAt([]byte, int64) (int, error) { return o.n, io.EOF }
func (odd) Close() error                        { return nil }

func TestReadOdd(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-1, 1 << 30} {
		if _, err := pciconf.Read(t.Context(), pciconf.New("config", odd{n}, 1<<40)); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	s := endpoint()
	d := pciconf.New("config", &registers{Reader: bytes.NewReader(s)}, int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		answer, err := pciconf.Read(b.Context(), d)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pciconf.DecodeAnswer(answer); err != nil {
			b.Fatal(err)
		}
	}
}

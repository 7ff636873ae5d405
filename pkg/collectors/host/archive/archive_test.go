package archive_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host/archive"
)

// all has a frame of each kind with every field set.
func all() []archive.Frame {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	call := archive.Call{Collector: "storage", Op: archive.OpExchange, Name: "/dev/sda", Protocol: "scsi", Command: []byte{0x12, 0}, Data: []byte{1}, ReadLen: 252}
	fault := &archive.Fault{
		Kind: archive.FaultPath, Text: "read /x: input/output error", Is: 0x41, Op: "read", Path: "/x", Since: at, Detail: []byte("{}"),
		Inner: []*archive.Fault{{Kind: archive.FaultPlain, Text: "input/output error", Errno: 5}, {Kind: archive.FaultJoined, Inner: []*archive.Fault{{Kind: archive.FaultStuck, Path: "scsi /dev/sda"}}}},
	}
	return []archive.Frame{
		&archive.Header{Version: archive.Version, Tool: "1.2", Commit: "abc", OS: "linux", Arch: "amd64", Live: true, Scrubbed: true, Start: at, Options: []archive.Option{{Name: "only", Value: "cpu"}}},
		&archive.Begin{ID: 1, After: time.Second, Call: call},
		&archive.End{ID: 1, After: 2 * time.Second, Answer: archive.Answer{Data: []byte("data"), Status: []byte{2}, Names: []string{"a", "", "b"}, Err: fault}},
		&archive.GiveUp{ID: 300, After: -time.Second, Bound: -1, Err: fault},
		&archive.Refuse{After: 3, Call: call, Bound: 2, Err: fault},
		&archive.Chunk{ID: 7, Part: 2, Data: []byte("line\n")},
		&archive.Moment{What: archive.CollectorEnd, Collector: "cpu", At: at, Elapsed: time.Minute, Ended: fault},
		&archive.Close{Reason: "why"},
	}
}

func file(t testing.TB, frames []archive.Frame) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.Append(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(""); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func read(b []byte) (all []archive.Frame, err error) {
	r, err := archive.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	all = append(all, r.Header())
	for {
		f, err := r.Next()
		if err != nil {
			return all, err
		}
		all = append(all, f)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	got, err := read(file(t, all()))
	if !errors.Is(err, io.EOF) || errors.Is(err, archive.ErrCut) {
		t.Fatal(err)
	}
	if d := cmp.Diff(all(), got); d != "" {
		t.Error(d)
	}
}

// TestFormat pins the written form: docs/recording.md describes it.
func TestFormat(t *testing.T) {
	t.Parallel()
	got := archive.Append(nil, &archive.Begin{ID: 300, After: 2, Call: archive.Call{Collector: "cpu", Op: archive.OpRead, Name: "/a", ReadLen: -1}})
	want := append([]byte{'B', 15, 0xAC, 2, 4, 3}, "cpur\x02/a\x00\x00\x00\x01"...)
	if !bytes.Equal(got, want) {
		t.Errorf("got % x, want % x", got, want)
	}
}

// TestCut: however much of a recording is there, what is whole is read.
func TestCut(t *testing.T) {
	t.Parallel()
	whole := file(t, all())
	most := 0
	for n := range whole {
		got, err := read(whole[:n])
		if clean := err == io.EOF; clean && len(got) < len(all()) || err == nil { //nolint:errorlint // the end, and no other
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
		if len(got) < most && n > most {
			t.Fatalf("%d bytes: %d frames, before %d", n, len(got), most)
		}
		most = max(most, len(got))
	}
	if most < len(all())-1 {
		t.Errorf("at most %d frames", most)
	}
}

// TestPieces: a stream may come in pieces, and end anywhere.
// TestEveryBit: nothing that was changed passes for what was recorded.
func TestEveryBit(t *testing.T) {
	t.Parallel()
	whole := file(t, all())
	want, err := read(whole)
	if err != io.EOF { //nolint:errorlint // ErrCut is not meant
		t.Fatal(err)
	}
	for at := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[at] ^= 1 << bit
			got, err := read(b)
			if err == io.EOF && !cmp.Equal(got, want) { //nolint:errorlint // as above
				t.Errorf("byte %d, bit %d: unnoticed", at, bit)
			}
		}
		if _, err := read(whole[:at]); err == nil || err == io.EOF { //nolint:errorlint // as above
			t.Errorf("cut after %d of %d bytes: unnoticed", at, len(whole))
		}
	}
	if _, err := read(append(bytes.Clone(whole), 0)); err != io.EOF { //nolint:errorlint // as above
		t.Errorf("what stands behind the stream is not part of it: %v", err)
	}
}

func TestPieces(t *testing.T) {
	t.Parallel()
	var stream []byte
	frames := all()[:7]
	for _, f := range frames {
		stream = archive.Append(stream, f)
	}
	for n := range stream {
		var out bytes.Buffer
		w, err := archive.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if _, err := w.Write(stream[i : i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close("lost"); err != nil {
			t.Fatal(err)
		}
		got, err := read(out.Bytes())
		if n > 60 && !errors.Is(err, io.EOF) {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if len(got) > 1 {
			if c, ok := got[len(got)-1].(*archive.Close); !ok || c.Reason != "lost" {
				t.Fatalf("%d bytes: the end is %+v", n, got[len(got)-1])
			}
			if d := cmp.Diff(frames[:len(got)-1], got[:len(got)-1]); d != "" {
				t.Fatal(d)
			}
		}
	}
}

// zipped is a recording of these bytes.
func zipped(t testing.TB, stream io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteString(archive.Magic)
	z := gzip.NewWriter(&out)
	if _, err := io.Copy(z, stream); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBomb: what unpacks to more than a recording is refused before it is kept.
func TestBomb(t *testing.T) {
	t.Parallel()
	head := archive.Append(nil, &archive.Header{Version: archive.Version})
	chunk := archive.Append(nil, &archive.Chunk{ID: 1, Part: 1, Data: make([]byte, 20<<20)})
	var many []io.Reader
	many = append(many, bytes.NewReader(head))
	for range 14 {
		many = append(many, bytes.NewReader(chunk))
	}
	if _, err := read(zipped(t, io.MultiReader(many...))); !errors.Is(err, archive.ErrTooLarge) {
		t.Errorf("too much: %v", err)
	}
	if _, err := read(zipped(t, io.MultiReader(bytes.NewReader(head), bytes.NewReader([]byte{'C', 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F})))); !errors.Is(err, archive.ErrTooLarge) {
		t.Errorf("a frame too large: %v", err)
	}
	if _, err := read(zipped(t, io.MultiReader(bytes.NewReader(head), bytes.NewReader([]byte{'C', 0xFF, 0xFF, 0xFF, 0x07, 1})))); !errors.Is(err, archive.ErrCut) {
		t.Errorf("a frame that is not there: %v", err)
	}
	if _, err := read(zipped(t, bytes.NewReader(archive.Append(nil, &archive.Header{Version: 99})))); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a later version: %v", err)
	}
	for _, b := range [][]byte{nil, []byte("hello"), []byte(archive.Magic), zipped(t, bytes.NewReader(nil)), zipped(t, bytes.NewReader(chunk[:0]))} {
		if _, err := read(b); err == nil {
			t.Errorf("% x is a recording", b)
		}
	}
}

// full is a disk that takes so many bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	w, err := archive.NewWriter(&full{100})
	if err != nil {
		t.Fatal(err)
	}
	for range 10000 {
		for _, f := range all()[:7] {
			err = errors.Join(err, w.Append(f))
		}
	}
	if err = errors.Join(err, w.Close("")); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

// FuzzDecode: a frame decodes or is an error; what decodes encodes to the same
// fields again.
func FuzzDecode(f *testing.F) {
	for _, frame := range all() {
		b := archive.Append(nil, frame)
		f.Add(b[0], b[2:])
	}
	f.Fuzz(func(t *testing.T, kind byte, b []byte) {
		frame, err := archive.Decode(kind, b)
		if err != nil || frame == nil {
			if frame != nil {
				t.Errorf("a frame and %v", err)
			}
			return
		}
		first := archive.Append(nil, frame)
		again, _ := read(zipped(t, bytes.NewReader(append(archive.Append(nil, &archive.Header{}), first...))))
		if len(again) == 2 && !bytes.Equal(archive.Append(nil, again[1]), first) {
			t.Errorf("% x became % x", first, archive.Append(nil, again[1]))
		}
	})
}

func FuzzReader(f *testing.F) {
	f.Add(file(f, all()))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if i := bytes.Index(b, []byte(archive.Magic)); i < 0 {
			b = append([]byte(archive.Magic), b...)
		}
		_, _ = read(b)
	})
}

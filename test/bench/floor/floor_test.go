package floor_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/test/bench/floor"
)

type device struct{ asked []host.Request }

func (d *device) Exchange(_ context.Context, r host.Request) (host.Response, error) {
	d.asked = append(d.asked, r)
	return host.Response{Status: []byte{0}, Data: []byte{7, 9}}, nil
}

func (*device) Close() error { return nil }

// TestTrace wants every request written down, kept, and made again.
func TestTrace(t *testing.T) {
	t.Parallel()
	d := &device{}
	src := &hosttest.Source{
		Files:   map[string]string{"/sys/a/b": "text\n"},
		Links:   map[string]string{"/sys/l": "a"},
		Devices: map[string]host.Device{"ipmi /dev/ipmi0": d},
	}
	trace := &floor.Trace{Source: src}
	trace.ReadFile("/sys/a/b", 10)
	trace.ReadFile("/sys/none", 10)
	trace.ReadDir("/sys/a")
	trace.ReadDir("/sys/a")
	trace.Readlink("/sys/l")
	dev, err := trace.Open(host.IPMI, "/dev/ipmi0")
	if err != nil {
		t.Fatal(err)
	}
	reserve := host.Request{Command: []byte{15, 0x20, 0, 0x0A, 0x22}, ReadLen: 16, Timeout: time.Second}
	get := host.Request{Command: []byte{15, 0x20, 0, 0x0A, 0x23}, Data: []byte{1, 2, 0, 0, 5, 16}, ReadLen: 32}
	for _, r := range []host.Request{reserve, get} {
		if _, err := dev.Exchange(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	dev.Close()

	ops, err := floor.Decode(floor.Encode(trace.Ops()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(trace.Ops(), ops); diff != "" {
		t.Errorf("kept: %s", diff)
	}
	want := floor.Counts{Files: 2, Dirs: 2, Links: 1, Opens: 1, Exchanges: 2, Failed: 1, Repeated: 1}
	if got := floor.Count(ops); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	d.asked = nil
	if err := floor.Replay(t.Context(), src, ops, nil); err != nil {
		t.Fatal(err)
	}
	renewed := get
	renewed.Data = []byte{7, 9, 0, 0, 5, 16} // The reservation is that of this session.
	if diff := cmp.Diff([]host.Request{reserve, renewed}, d.asked); diff != "" {
		t.Errorf("made again: %s", diff)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(floor.Encode([]floor.Op{{Kind: 'f', Name: "/sys/a", Bytes: 3}}))
	f.Add([]byte{0xFF, 0xFF, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		if ops, err := floor.Decode(b); err != nil && ops != nil {
			t.Error("a value and an error")
		}
	})
}

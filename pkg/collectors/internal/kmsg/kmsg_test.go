package kmsg_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/kmsg"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	lines := strings.Join([]string{
		"3,1234,5000000,-;NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus.",
		"12,1235,5000001,-,caller=T1;with a facility; and a semicolon",
		"no header",
		"x,1,1,-;priority is no number",
		"3,1,18446744073709551615,-;later than anything",
		"3,1,2;too few",
		"6,1,0,c;",
	}, "\n") + "\n"
	want := []kmsg.Record{
		{Priority: 3, SinceBoot: 5 * time.Second, Text: "NVRM: Xid (PCI:0000:3b:00): 79, GPU has fallen off the bus."},
		{Priority: 4, SinceBoot: 5*time.Second + time.Microsecond, Text: "with a facility; and a semicolon"},
		{Priority: 6},
	}
	if d := cmp.Diff(want, kmsg.Decode([]byte(lines))); d != "" {
		t.Error(d)
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	ok := device.Request{Command: []byte("NVRM: Xid"), ReadLen: 256 << 10}
	if err := kmsg.Allowed(ok); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*device.Request){
		"everything":    func(r *device.Request) { r.Command = nil },
		"nearly all":    func(r *device.Request) { r.Command = []byte("a") },
		"long":          func(r *device.Request) { r.Command = []byte(strings.Repeat("a", 65)) },
		"not printable": func(r *device.Request) { r.Command = []byte("abc\n") },
		"data":          func(r *device.Request) { r.Data = []byte{1} },
		"length":        func(r *device.Request) { r.ReadLen = 1 << 30 },
	} {
		r := ok
		change(&r)
		if kmsg.Allowed(r) == nil {
			t.Errorf("%s: allowed", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("3,1234,5000000,-;text\n KEY=value\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range kmsg.Decode(b) {
			if r.Priority > 7 || r.SinceBoot < 0 || strings.Contains(r.Text, "\n") {
				t.Errorf("%+v", r)
			}
		}
	})
}

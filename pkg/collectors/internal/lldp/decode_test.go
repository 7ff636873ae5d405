package lldp_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/lldp"
	"example.com/bee/pkg/inventory"
)

// element encodes an LLDP element: type, length, value.
func element(kind int, value ...byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(kind<<9|len(value))), value...)
}

func text(kind int, prefix []byte, s string) []byte {
	return element(kind, append(append([]byte{}, prefix...), s...)...)
}

func frame(elements ...[]byte) []byte {
	b := []byte{0x01, 0x80, 0xC2, 0, 0, 0x0E, 2, 0, 0, 0, 0, 1, 0x88, 0xCC}
	for _, e := range elements {
		b = append(b, e...)
	}
	return b
}

// mandatory are chassis (by MAC), port (by name) and time to live.
func mandatory() []byte {
	var b []byte
	for _, e := range [][]byte{
		element(1, 4, 2, 0, 0, 0, 0, 0xAA), text(2, []byte{5}, "Ethernet1/17"), element(3, 0, 120),
	} {
		b = append(b, e...)
	}
	return b
}

func whole() []byte {
	return frame(mandatory(),
		text(4, nil, "rack 7, server 12\x00"), text(5, nil, "leaf-7.example"), text(6, nil, "Switch OS 4.1\r\nbuild 7"),
		element(7, 0, 0x14, 0, 0x14),
		element(8, 5, 1, 192, 0, 2, 7, 2, 0, 0, 0, 1, 0),
		element(8, 17, 2, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, 0),
		element(127, 0x00, 0x80, 0xC2, 1, 0, 42),
		element(127, append([]byte{0x00, 0x80, 0xC2, 3, 0, 100, 7}, "storage"...)...),
		element(127, 0x00, 0x12, 0x0F, 4, 0x24, 0x14),
		element(127, 0x00, 0x80, 0xC2, 7, 3, 0, 0, 0, 1),
		element(127, 0xFF, 0xFF, 0xFF, 9, 1, 2, 3),
		element(0), element(5, 'x')) // what follows the end does not count
}

func TestDecode(t *testing.T) {
	t.Parallel()
	want := &lldp.Neighbor{
		ChassisID: "02:00:00:00:00:aa", ChassisIDType: "mac", PortID: "Ethernet1/17", PortIDType: "interface_name", TTLSeconds: 120,
		PortDescription: "rack 7, server 12", SystemName: "leaf-7.example", SystemDescription: "Switch OS 4.1 build 7",
		Capabilities: []string{"bridge", "router"}, ManagementAddresses: []string{"192.0.2.7", "2001:db8::1"},
		VLANID: new(uint16(42)), VLANs: map[uint16]string{100: "storage"}, Aggregated: new(true), MaxFrameBytes: new(uint16(9236)),
	}
	got, err := lldp.Decode(whole())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	// With a VLAN tag, which the kernel leaves in when the adapter does.
	tagged := append(append(append([]byte{}, whole()[:12]...), 0x81, 0, 0, 0), whole()[12:]...)
	got, err = lldp.Decode(tagged)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		elements [][]byte
		want     lldp.Neighbor
	}{
		"names": {
			[][]byte{text(1, []byte{7}, "sw1"), text(2, []byte{1}, "uplink"), element(3, 0, 9), element(0)},
			lldp.Neighbor{ChassisID: "sw1", ChassisIDType: "local", PortID: "uplink", PortIDType: "interface_alias", TTLSeconds: 9},
		},
		"addresses": {
			[][]byte{element(1, 5, 1, 192, 0, 2, 1), element(2, 4, 2, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2), element(3, 0, 9)},
			lldp.Neighbor{ChassisID: "192.0.2.1", ChassisIDType: "network_address", PortID: "fe80::1:0:2", PortIDType: "network_address", TTLSeconds: 9},
		},
		"no text": {
			[][]byte{element(1, 9, 0xFF, 0xFE), element(2, 3, 2, 0, 0, 0, 0, 7), element(3, 0, 0)},
			lldp.Neighbor{ChassisID: "fffe", ChassisIDType: "unknown_0x09", PortID: "02:00:00:00:00:07", PortIDType: "mac"},
		},
		"optional ones malformed": {
			[][]byte{mandatory(), element(7, 1), element(8, 200, 1), element(127, 1), element(127, 0x00, 0x80, 0xC2, 3, 0, 1, 200), element(127, 0x00, 0x80, 0xC2, 1, 0xFF, 0xFF)},
			lldp.Neighbor{ChassisID: "02:00:00:00:00:aa", ChassisIDType: "mac", PortID: "Ethernet1/17", PortIDType: "interface_name", TTLSeconds: 120},
		},
	} {
		got, err := lldp.Decode(frame(test.elements...))
		if diff := cmp.Diff(&test.want, got); diff != "" || err != nil {
			t.Error(name, diff, err)
		}
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"nothing":          nil,
		"another protocol": append(append([]byte{}, whole()[:12]...), 8, 0, 1, 2, 3),
		"empty":            frame(),
		"only the end":     frame(element(0)),
		"wrong order":      frame(text(2, []byte{5}, "x"), element(1, 4, 2, 0, 0, 0, 0, 1), element(3, 0, 1)),
		"no ttl":           frame(element(1, 7, 'x'), element(2, 7, 'y'), element(0)),
		"cut":              whole()[:40],
		"without an id":    frame(element(1, 4), element(2, 7, 'y'), element(3, 0, 1)),
		"length too long":  frame(mandatory(), []byte{4 << 1, 200, 1}),
	} {
		if n, err := lldp.Decode(b); !errors.Is(err, inventory.ErrMalformed) || n != nil {
			t.Errorf("%s: %+v %v", name, n, err)
		}
	}
}

func TestAllowed(t *testing.T) {
	t.Parallel()
	dev := fakedev.New(t, device.LLDP, fakedev.Exchange{Name: "listen", Command: []byte{1}, Data: []byte("eth0\neth1"), ReadLen: 1522, Status: []byte("eth1"), Reply: whole()})
	name, got, err := lldp.Next(t.Context(), dev, []string{"eth0", "eth1"}, 1)
	if err != nil || name != "eth1" || len(got) != len(whole()) {
		t.Error(name, got, err)
	}
	req := dev.Requests()[0]
	if err := lldp.Allowed(req); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*device.Request){
		"another command": func(r *device.Request) { r.Command = []byte{2} },
		"another buffer":  func(r *device.Request) { r.ReadLen = 1 << 20 },
		"no interface":    func(r *device.Request) { r.Data = nil },
		"a path":          func(r *device.Request) { r.Data = []byte("../eth0") },
		"an empty name":   func(r *device.Request) { r.Data = []byte("eth0\n") },
		"a long name":     func(r *device.Request) { r.Data = []byte("abcdefghijklmnop") },
	} {
		bad := req
		change(&bad)
		if lldp.Allowed(bad) == nil {
			t.Error(what, "is allowed")
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(whole())
	f.Add(frame(mandatory()))
	f.Add(frame(element(1, 5, 2), element(2, 4, 1), element(3, 0, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := lldp.Decode(b); (n == nil) != (err != nil) {
			t.Errorf("%+v %v", n, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := whole()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lldp.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

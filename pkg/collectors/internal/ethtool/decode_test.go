package ethtool_test

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/ethtool"
	"example.com/bee/pkg/inventory"
)

// attr encodes a netlink attribute.
func attr(kind uint16, value ...byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(4+len(value)))
	b = binary.LittleEndian.AppendUint16(b, kind)
	b = append(b, value...)
	return append(b, make([]byte, -len(b)&3)...)
}

func u32(v uint32) []byte { return binary.LittleEndian.AppendUint32(nil, v) }

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

const nested = 0x8000

// bitset encodes a verbose bit set: a trailing + marks the bits that are set.
func bitset(noMask bool, names ...string) []byte {
	var bits []byte
	for i, n := range names {
		fields := join(attr(1, u32(uint32(i))...), attr(2, append([]byte(strings.TrimSuffix(n, "+")), 0)...))
		if strings.HasSuffix(n, "+") {
			fields = append(fields, attr(3)...)
		}
		bits = append(bits, attr(1|nested, fields...)...)
	}
	b := join(attr(2, u32(93)...), attr(3|nested, bits...))
	if noMask {
		b = append(attr(1), b...)
	}
	return b
}

// linkModes is a LINKMODES_GET reply: 10 Gb/s of 25, the partner offers 10.
func linkModes() []byte {
	return join(attr(1|nested, attr(1, u32(2)...)...), attr(2, 1),
		attr(3|nested, bitset(false, "1000baseT/Full+", "Autoneg+", "TP", "10000baseT/Full+", "25000baseCR/Full", "Pause")...),
		attr(4|nested, bitset(true, "1000baseT/Full", "10000baseT/Full", "Autoneg")...),
		attr(5, u32(10000)...), attr(6, 1))
}

func ok(name string, way ethtool.Way, code uint32, data []byte, readLen int, reply []byte) fakedev.Exchange {
	return fakedev.Exchange{
		Name: name, Command: ethtool.Command{Way: way, Code: code}.Bytes(), Data: data, ReadLen: readLen,
		Status: ethtool.EncodeStatus(0), Reply: reply,
	}
}

func refused(name string, way ethtool.Way, code uint32, data []byte, errno uint32) fakedev.Exchange {
	e := ok(name, way, code, data, fakedev.AnyLen, nil)
	e.Status = u32(errno)
	return e
}

const (
	netlinkBuffer = 32 << 10
	notSupported  = 95
)

func client(t *testing.T, script ...fakedev.Exchange) *ethtool.Client {
	t.Helper()
	dev := fakedev.New(t, device.Ethtool, script...)
	t.Cleanup(func() {
		for _, req := range dev.Requests() { // what a client sends is on the list
			if err := ethtool.Allowed(req); err != nil {
				t.Error(err)
			}
		}
	})
	return ethtool.NewClient(dev)
}

func TestLink(t *testing.T) {
	t.Parallel()
	want := ethtool.Link{
		Port: "da", Autoneg: new(true), SpeedMbps: new(uint32(10000)), Duplex: "full",
		Supported:  []string{"1000baseT/Full", "10000baseT/Full", "25000baseCR/Full"},
		Advertised: []string{"1000baseT/Full", "10000baseT/Full"},
		Partner:    []string{"1000baseT/Full", "10000baseT/Full"},
		DownReason: "no_cable",
	}
	c := client(t,
		ok("modes", ethtool.Netlink, 4, nil, netlinkBuffer, linkModes()),
		ok("info", ethtool.Netlink, 2, nil, netlinkBuffer, join(attr(2, 5), attr(3, 0), attr(6, 1))),
		ok("state", ethtool.Netlink, 6, nil, netlinkBuffer, join(attr(2, 0), attr(5, 4))))
	got, err := c.Link(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}

	// The same by ioctl: bits 5, 12 and 31 of the kernel's enumeration.
	settings := make([]byte, 48+3*4*3)
	binary.LittleEndian.PutUint32(settings[4:], 10000)
	settings[8], settings[9], settings[11], settings[15] = 1, 5, 1, 3
	for _, bit := range []int{5, 6, 7, 12, 31} {
		settings[48+bit/8] |= 1 << (bit % 8)
	}
	for _, bit := range []int{5, 6, 12} {
		settings[60+bit/8] |= 1 << (bit % 8)
		settings[72+bit/8] |= 1 << (bit % 8)
	}
	first := make([]byte, 48)
	first[15] = 0xFD // -3 words
	ask := make([]byte, 44)
	ask[11] = 3
	script := func() []fakedev.Exchange {
		return []fakedev.Exchange{
			refused("modes", ethtool.Netlink, 4, nil, notSupported),
			ok("words", ethtool.Ioctl, 0x4C, nil, 48, first),
			ok("settings", ethtool.Ioctl, 0x4C, ask, len(settings), settings),
		}
	}
	want.DownReason = ""
	got, err = client(t, script()...).Link(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	settings[48+11] = 0x80 // bit 95: 800000baseDR8; none beyond the table with three words
	got, err = client(t, script()...).Link(t.Context())
	if err != nil || got.Unknown || got.Supported[3] != "800000baseDR8/Full" {
		t.Errorf("%+v %v", got, err)
	}
	_, err = client(t, refused("modes", ethtool.Netlink, 4, nil, notSupported), refused("words", ethtool.Ioctl, 0x4C, nil, notSupported)).Link(t.Context())
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
}

// TestModeNames compares the table with the kernel's header where there is one.
func TestModeNames(t *testing.T) {
	t.Parallel()
	header, err := os.ReadFile("/usr/include/linux/ethtool.h")
	if err != nil {
		t.Skip(err)
	}
	text := string(header)
	_, text, _ = strings.Cut(text, "enum ethtool_link_mode_bit_indices {")
	text, _, _ = strings.Cut(text, "__ETHTOOL_LINK_MODE_MASK_NBITS")
	seen := 0
	for line := range strings.Lines(text) {
		f := strings.Fields(strings.ReplaceAll(line, ",", " "))
		if len(f) < 3 || f[1] != "=" || !strings.HasPrefix(f[0], "ETHTOOL_LINK_MODE_") {
			continue
		}
		name := strings.TrimSuffix(strings.TrimPrefix(f[0], "ETHTOOL_LINK_MODE_"), "_BIT")
		for _, d := range []string{"Full", "Half"} {
			if s, ok := strings.CutSuffix(name, "_"+d); ok {
				name = s + "/" + d
			}
		}
		var bit int
		for _, c := range f[2] {
			bit = bit*10 + int(c-'0')
		}
		got, known := ethtool.ModeName(bit)
		if !strings.Contains(name, "base") {
			name = ""
		}
		if !known || got != name {
			t.Errorf("bit %d: %q, want %q", bit, got, name)
		}
		seen++
	}
	if seen < 90 {
		t.Errorf("%d modes in the header", seen)
	}
}

func TestDriver(t *testing.T) {
	t.Parallel()
	info := make([]byte, 196)
	copy(info[4:], "mlx5_core")
	copy(info[36:], "6.1.0")
	copy(info[68:], "16.35.2000 (MT_0000000080)")
	copy(info[100:], "0000:3b:00.0")
	copy(info[132:], "N/A")
	got, err := client(t, ok("driver", ethtool.Ioctl, 3, nil, 196, info)).Driver(t.Context())
	want := ethtool.Driver{Name: "mlx5_core", Version: "6.1.0", Firmware: "16.35.2000 (MT_0000000080)", Bus: "0000:3b:00.0"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	_, err = client(t, refused("driver", ethtool.Ioctl, 3, nil, 19)).Driver(t.Context())
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestPermanentAddress(t *testing.T) {
	t.Parallel()
	reply := func(n uint32, mac ...byte) []byte {
		b := append(append(u32(0x20), u32(n)...), mac...)
		return append(b, make([]byte, 40-len(b))...)
	}
	for name, test := range map[string]struct {
		reply []byte
		want  []byte
		bad   bool
	}{
		"an address":   {reply(6, 2, 0, 0, 0, 0, 1), []byte{2, 0, 0, 0, 0, 1}, false},
		"none":         {reply(0), nil, false},
		"zeros":        {reply(6), nil, false},
		"ones":         {reply(6, 255, 255, 255, 255, 255, 255), nil, false},
		"too long":     {reply(33), nil, true},
		"cut":          {reply(6)[:12], nil, true},
		"nothing":      {nil, nil, true},
		"enormous":     {reply(1<<32 - 1), nil, true},
		"one of bytes": {reply(6, 0, 0, 0, 0, 0, 9), []byte{0, 0, 0, 0, 0, 9}, false},
	} {
		got, err := client(t, ok(name, ethtool.Ioctl, 0x20, u32(32), 40, test.reply)).PermanentAddress(t.Context())
		if diff := cmp.Diff(test.want, got); diff != "" || (err != nil) != test.bad || err != nil && !errors.Is(err, inventory.ErrMalformed) {
			t.Error(name, diff, err)
		}
	}
}

func TestFEC(t *testing.T) {
	t.Parallel()
	got, said, err := client(t, ok("fec", ethtool.Netlink, 29, nil, netlinkBuffer,
		join(attr(2|nested, bitset(true, "RS", "BASER")...), attr(3, 1), attr(4, u32(50)...)))).FEC(t.Context())
	want := ethtool.FEC{Active: "rs", Configured: []string{"rs", "baser"}, Auto: new(true)}
	if diff := cmp.Diff(want, got); diff != "" || !said || err != nil {
		t.Error(diff, said, err)
	}
	old := join(u32(0x50), u32(1<<3), u32(1<<1|1<<3|1<<4), u32(0))
	got, said, err = client(t, refused("fec", ethtool.Netlink, 29, nil, notSupported), ok("old", ethtool.Ioctl, 0x50, nil, 16, old)).FEC(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || !said || err != nil {
		t.Error(diff, said, err)
	}
	_, said, err = client(t, refused("fec", ethtool.Netlink, 29, nil, notSupported), refused("old", ethtool.Ioctl, 0x50, nil, notSupported)).FEC(t.Context())
	if said || err != nil {
		t.Error(said, err)
	}
}

func TestModuleMemory(t *testing.T) {
	t.Parallel()
	page := ethtool.Page{I2CAddress: 0x50, Page: 3, Offset: 128, Length: 128}
	data := join(attr(2, u32(128)...), attr(3, u32(128)...), attr(4, 3), attr(5, 0), attr(6, 0x50))
	memory := []byte(strings.Repeat("x", 128))
	c := client(t, ok("page 3", ethtool.Netlink, 31, data, netlinkBuffer, attr(7, memory...)))
	if got, err := c.ModuleMemory(t.Context(), page); err != nil || string(got) != string(memory) {
		t.Error(got, err)
	}

	info := func(kind, size uint32) fakedev.Exchange {
		return ok("info", ethtool.Ioctl, 0x42, nil, 44, join(u32(0x42), u32(kind), u32(size), make([]byte, 32)))
	}
	read := func(offset, n uint32) fakedev.Exchange {
		return ok("read", ethtool.Ioctl, 0x43, join(u32(0), u32(offset), u32(n)), 16+int(n), join(make([]byte, 16), memory[:n]))
	}
	no := func(name string, data []byte) fakedev.Exchange {
		return refused(name, ethtool.Netlink, 31, data, notSupported)
	}
	// By ioctl a page is a place in one row of bytes, and netlink is tried
	// once only.
	c = client(t, no("page 3", data), info(3, 640), read(512, 128), read(22, 106))
	if got, err := c.ModuleMemory(t.Context(), page); err != nil || len(got) != 128 {
		t.Error(got, err)
	}
	if got, err := c.ModuleMemory(t.Context(), ethtool.Page{I2CAddress: 0x50, Offset: 22, Length: 106}); err != nil || len(got) != 106 {
		t.Error(got, err)
	}
	c = client(t, no("page 3", data), info(3, 256))
	if _, err := c.ModuleMemory(t.Context(), page); !errors.Is(err, errors.ErrUnsupported) {
		t.Error("a page the row lacks:", err)
	}
	diagnostics := ethtool.Page{I2CAddress: 0x51, Length: 112}
	c = client(t, no("a2h", join(attr(2, u32(0)...), attr(3, u32(112)...), attr(4, 0), attr(5, 0), attr(6, 0x51))), info(2, 512), read(256, 112))
	if got, err := c.ModuleMemory(t.Context(), diagnostics); err != nil || len(got) != 112 {
		t.Error(got, err)
	}
	c = client(t, ok("short", ethtool.Netlink, 31, data, netlinkBuffer, attr(7, 1, 2, 3)))
	if _, err := c.ModuleMemory(t.Context(), page); !errors.Is(err, inventory.ErrMalformed) {
		t.Error(err)
	}
	c = client(t, refused("denied", ethtool.Netlink, 31, data, 1))
	if _, err := c.ModuleMemory(t.Context(), page); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}

// TestAllowed: everything the client sends, and nothing else.
func TestAllowed(t *testing.T) {
	t.Parallel()
	page := join
	whole := page(attr(2, u32(0)...), attr(3, u32(128)...), attr(4, 0), attr(5, 0), attr(6, 0x50))
	settings := make([]byte, 44)
	settings[11] = 3
	changed := make([]byte, 44)
	changed[0], changed[11] = 1, 3 // a speed
	for name, test := range map[string]struct {
		way  ethtool.Way
		code uint32
		data []byte
		size int
		want bool
	}{
		"link info":               {ethtool.Netlink, 2, nil, netlinkBuffer, true},
		"link modes":              {ethtool.Netlink, 4, nil, netlinkBuffer, true},
		"module":                  {ethtool.Netlink, 31, whole, netlinkBuffer, true},
		"settings":                {ethtool.Ioctl, 0x4C, settings, 48 + 36, true},
		"set link info":           {ethtool.Netlink, 3, nil, netlinkBuffer, false},
		"set link modes":          {ethtool.Netlink, 5, nil, netlinkBuffer, false},
		"cable test":              {ethtool.Netlink, 26, nil, netlinkBuffer, false},
		"wake on lan":             {ethtool.Netlink, 9, nil, netlinkBuffer, false},
		"flash a module":          {ethtool.Netlink, 43, nil, netlinkBuffer, false},
		"with data":               {ethtool.Netlink, 2, attr(2, 0), netlinkBuffer, false},
		"another buffer":          {ethtool.Netlink, 2, nil, 100, false},
		"module, other page":      {ethtool.Netlink, 31, page(attr(2, u32(128)...), attr(3, u32(128)...), attr(4, 0x9F), attr(5, 0), attr(6, 0x50)), netlinkBuffer, false},
		"module, other device":    {ethtool.Netlink, 31, page(attr(2, u32(0)...), attr(3, u32(128)...), attr(4, 0), attr(5, 0), attr(6, 0x56)), netlinkBuffer, false},
		"module, across":          {ethtool.Netlink, 31, page(attr(2, u32(100)...), attr(3, u32(100)...), attr(4, 0), attr(5, 0), attr(6, 0x50)), netlinkBuffer, false},
		"module, with data":       {ethtool.Netlink, 31, append(whole[:len(whole):len(whole)], attr(7, 1)...), netlinkBuffer, false},
		"module, half a request":  {ethtool.Netlink, 31, whole[:16], netlinkBuffer, false},
		"module, twice":           {ethtool.Netlink, 31, append(whole[:len(whole):len(whole)], attr(6, 0x50)...), netlinkBuffer, false},
		"ioctl set settings":      {ethtool.Ioctl, 0x4D, settings, 48 + 36, false},
		"ioctl settings changed":  {ethtool.Ioctl, 0x4C, changed, 48 + 36, false},
		"ioctl settings overflow": {ethtool.Ioctl, 0x4C, settings, 48, false},
		"ioctl registers":         {ethtool.Ioctl, 4, nil, 4096, false},
		"ioctl eeprom":            {ethtool.Ioctl, 0xB, make([]byte, 12), 16, false},
		"ioctl self test":         {ethtool.Ioctl, 0x1A, nil, 16, false},
		"ioctl reset":             {ethtool.Ioctl, 0x34, nil, 16, false},
		"ioctl address overflow":  {ethtool.Ioctl, 0x20, u32(32), 8, false},
		"ioctl module overflow":   {ethtool.Ioctl, 0x43, join(u32(0), u32(0), u32(128)), 16, false},
		"ioctl module too far":    {ethtool.Ioctl, 0x43, join(u32(0), u32(1<<32-1), u32(128)), 144, false},
		"another way":             {3, 2, nil, netlinkBuffer, false},
	} {
		req := device.Request{Command: ethtool.Command{Way: test.way, Code: test.code}.Bytes(), Data: test.data, ReadLen: test.size}
		if err := ethtool.Allowed(req); (err == nil) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if ethtool.Allowed(device.Request{Command: []byte{1}}) == nil {
		t.Error("a command cut short")
	}
}

func TestSpeedOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]uint32{
		"10baseT/Half": 10, "1600000baseDR8_2/Full": 1600000, "Autoneg": 0, "base": 0, "": 0, "x1000baseT": 0, "99999999999baseT": 0,
	} {
		if got := ethtool.SpeedOf(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(linkModes())
	f.Add(join(attr(2|nested, bitset(true, "RS")...), attr(3, 1), attr(4, u32(50)...)))
	f.Add(make([]byte, 196))
	f.Add(make([]byte, 84))
	f.Add(attr(7, make([]byte, 128)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		var l ethtool.Link
		if err := ethtool.DecodeLinkModes(&l, b); err != nil && l.Supported != nil {
			t.Error("modes and", err)
		}
		_ = ethtool.DecodeLinkInfo(&l, b)
		if s, err := ethtool.DecodeLinkState(b); err != nil && s != "" {
			t.Error(s, err)
		}
		if _, said, err := ethtool.DecodeFEC(b); err != nil && said {
			t.Error("fec and", err)
		}
		if _, said, err := ethtool.DecodeFECParam(b); err != nil && said {
			t.Error("fec and", err)
		}
		if d, err := ethtool.DecodeModuleData(b, 128); (err == nil) != (d != nil) {
			t.Error(d, err)
		}
		if l, err := ethtool.DecodeLinkSettings(b); err != nil && l.Supported != nil {
			t.Error("settings and", err)
		}
		if n, err := ethtool.DecodeModeWords(b); err != nil && n != 0 {
			t.Error(n, err)
		}
		if d, err := ethtool.DecodeDriver(b); err != nil && d != (ethtool.Driver{}) {
			t.Error(d, err)
		}
		if a, err := ethtool.DecodePermanentAddress(b); err != nil && a != nil {
			t.Error(a, err)
		}
		_, _ = ethtool.DecodeModuleInfo(b)
		_ = ethtool.Allowed(device.Request{Command: ethtool.Command{Way: ethtool.Netlink, Code: 31}.Bytes(), Data: b, ReadLen: netlinkBuffer})
		ethtool.DecodeAnswer(b)
	})
}

func BenchmarkDecodeLinkModes(b *testing.B) {
	data := linkModes()
	b.ReportAllocs()
	for b.Loop() {
		var l ethtool.Link
		if err := ethtool.DecodeLinkModes(&l, data); err != nil {
			b.Fatal(err)
		}
	}
}

package scrub_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/collectors/host/scrub"
	"example.com/bee/pkg/inventory"
)

// The names of a machine of our own making.
const (
	serial = "ZX81-QK4711A"
	mac    = "02:ab:cd:13:57:9b"
	wwn    = "5000c500a1b2c3d4"
	uuid   = "1f2e3d4c-5b6a-4978-8877-665544332211"
	name   = "db7.example.net"
	ip     = "10.20.30.40"
)

// machine is a collector whose report has these names, read from a file.
func machine(h *host.Host, _ *replay.Source) []inventory.Collector {
	return []inventory.Collector{inventory.New("machine", []string{"board", "storage", "host", "network", "bmc"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
		b, err := h.ReadFile(ctx, "/names")
		if err != nil {
			return false, err
		}
		f := strings.Fields(string(b))
		s.Put(&inventory.Board{System: &inventory.System{SerialNumber: f[0], UUID: f[3]}})
		s.Put(&inventory.Drive{Meta: inventory.Meta{ID: "drive:" + f[2]}, WWN: f[2]})
		s.Put(&inventory.Host{Hostname: f[4]})
		s.Put(&inventory.NIC{Meta: inventory.Meta{ID: "nic:0"}, MAC: f[1]})
		s.Put(&inventory.BMC{Meta: inventory.Meta{ID: "bmc"}, LAN: &inventory.BMCLAN{IP: f[5]}})
		return true, nil
	})}
}

type recording struct {
	frames []archive.Frame
	id     uint64
}

func newRecording() *recording {
	r := &recording{frames: []archive.Frame{&archive.Header{Version: archive.Version, Start: time.Unix(1, 0)}}}
	r.file("/names", []byte(strings.Join([]string{serial, mac, wwn, uuid, name, ip}, "\n")))
	r.frames[1].(*archive.Begin).Call.Collector = "machine"
	return r
}

func (r *recording) call(c archive.Call, a archive.Answer) {
	r.id++
	r.frames = append(r.frames, &archive.Begin{ID: r.id, Call: c}, &archive.End{ID: r.id, Answer: a})
}

func (r *recording) file(path string, data []byte) {
	r.call(archive.Call{Op: archive.OpRead, Name: path, ReadLen: host.AttrLimit}, archive.Answer{Data: data})
}

func (r *recording) device(protocol string, command, data, answer []byte) {
	r.call(archive.Call{Op: archive.OpExchange, Name: "/dev/x", Protocol: protocol, Command: command, Data: data, ReadLen: 4096}, archive.Answer{Data: answer})
}

func (r *recording) bytes(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.frames {
		if err := w.Append(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(""); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// scrubbed are the frames of the scrubbed recording.
func (r *recording) scrubbed(t testing.TB) []archive.Frame {
	t.Helper()
	var out bytes.Buffer
	s, err := scrub.Scrub(t.Context(), bytes.NewReader(r.bytes(t)), &out, scrub.Options{Collectors: machine, Key: []byte("k")})
	if err != nil {
		t.Fatal(err)
	}
	if s.Values < 6 || s.Places == 0 {
		t.Errorf("%+v", s)
	}
	in, err := archive.NewReader(&out)
	if err != nil || !in.Header().Scrubbed {
		t.Fatal(err)
	}
	all := []archive.Frame{in.Header()}
	for {
		f, err := in.Next()
		if err != nil {
			return all
		}
		all = append(all, f)
	}
}

func (r *recording) answer(t testing.TB) []byte {
	t.Helper()
	all := r.scrubbed(t)
	return all[len(all)-2].(*archive.End).Answer.Data
}

func swapped(s string) []byte {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return b
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.NewReplacer(":", "", "-", "").Replace(s))
	if err != nil {
		panic(err)
	}
	return b
}

func reversed(b []byte) []byte {
	b = slices.Clone(b)
	slices.Reverse(b)
	return b
}

func utf16(s string) []byte {
	var b []byte
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

// TestEncodings: each name in each form, between other bytes, is replaced, and
// everything else stays.
func TestEncodings(t *testing.T) {
	t.Parallel()
	m, u := unhex(mac), unhex(uuid)
	mixed := slices.Concat(reversed(u[:4]), reversed(u[4:6]), reversed(u[6:8]), u[8:])
	eui := slices.Concat([]byte{m[0] ^ 2}, m[1:3], []byte{0xFF, 0xFE}, m[3:])
	for form, b := range map[string][]byte{
		"text":              []byte(serial),
		"padded":            []byte(serial + "        "),
		"lower":             []byte(strings.ToLower(serial)),
		"ata":               swapped(serial + "        "),
		"ata, to the right": swapped("     " + serial + " "),
		"ata, odd":          swapped("S" + serial + "   "),
		"utf-16":            utf16(serial),
		"hex of text":       []byte(hex.EncodeToString([]byte(serial))),
		"base64":            []byte(base64.StdEncoding.EncodeToString([]byte(serial))),
		"base64, 1":         []byte(base64.StdEncoding.EncodeToString([]byte("x" + serial))),
		"base64, 2":         []byte(base64.StdEncoding.EncodeToString([]byte("xy" + serial))),
		"mac":               []byte(mac),
		"mac, capitals":     []byte(strings.ToUpper(mac)),
		"mac, dashes":       []byte(strings.ReplaceAll(mac, ":", "-")),
		"mac, plain":        []byte("enx" + strings.ReplaceAll(mac, ":", "")),
		"mac, points":       []byte("02ab.cd13.579b"),
		"mac, raw":          m,
		"mac, backwards":    reversed(m),
		"eui-64":            eui,
		"eui-64, text":      []byte(hex.EncodeToString(eui)),
		"pci serial":        reversed(slices.Concat(m[:3], []byte{0xFF, 0xFF}, m[3:])),
		"wwn":               []byte("naa." + wwn),
		"wwn, 0x":           []byte("0x" + wwn),
		"wwn, raw":          unhex(wwn),
		"wwn, backwards":    reversed(unhex(wwn)),
		"wwn, ata":          swapped(string(unhex(wwn))),
		"uuid":              []byte(uuid),
		"uuid, plain":       []byte(strings.ReplaceAll(uuid, "-", "")),
		"uuid, raw":         u,
		"uuid, mixed":       mixed,
		"host":              []byte("\t" + name + " "),
		"host, short":       []byte(" db7 "),
		"ip":                []byte("addr=" + ip + "/24"),
	} {
		before := slices.Concat([]byte{0, 1, 2, 0x80, ' '}, b, []byte{0, 0x90, 3})
		r := newRecording()
		r.device("nvme-admin", []byte{2}, nil, before)
		after := r.answer(t)
		if len(after) != len(before) || bytes.Contains(after, b) || !bytes.Equal(after[:5], before[:5]) || !bytes.Equal(after[len(after)-3:], before[len(before)-3:]) {
			t.Errorf("%s: % x\nbecame % x", form, before, after)
		}
	}
}

// TestConsistent: one name has one pseudonym, in paths, lists, links and errors
// as well, and a key decides which.
// TestInsideWords: a short service tag is found beside other letters, too, as in
// vendors' own SMBIOS structures. A short number is not: it may be anything.
func TestInsideWords(t *testing.T) {
	t.Parallel()
	const tag, number = "BYYE0", "483920"
	collectors := func(h *host.Host, _ *replay.Source) []inventory.Collector {
		return []inventory.Collector{inventory.New("machine", []string{"board"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
			b, err := h.ReadFile(ctx, "/names")
			f := strings.Fields(string(b))
			if err != nil || len(f) < 2 {
				return false, err
			}
			s.Put(&inventory.Board{System: &inventory.System{SerialNumber: f[0]}, Baseboard: &inventory.Baseboard{SerialNumber: f[1]}})
			return true, nil
		})}
	}
	r := &recording{frames: []archive.Frame{&archive.Header{Version: archive.Version, Start: time.Unix(1, 0)}}}
	r.file("/names", []byte(tag+" "+number))
	r.frames[1].(*archive.Begin).Call.Collector = "machine"
	r.file("/table", []byte("\x01\x11"+tag+"i\x00 7"+number+"1"))
	var out bytes.Buffer
	if _, err := scrub.Scrub(t.Context(), bytes.NewReader(r.bytes(t)), &out, scrub.Options{Collectors: collectors, Key: []byte("k")}); err != nil {
		t.Fatal(err)
	}
	in, err := archive.NewReader(&out)
	for err == nil {
		var f archive.Frame
		if f, err = in.Next(); err != nil {
			break
		}
		if e, ok := f.(*archive.End); ok {
			if bytes.Contains(e.Answer.Data, []byte(tag)) {
				t.Errorf("the tag is there: %q", e.Answer.Data)
			}
			if bytes.HasPrefix(e.Answer.Data, []byte{1}) && !bytes.Contains(e.Answer.Data, []byte("7"+number+"1")) {
				t.Errorf("another number was changed: %q", e.Answer.Data)
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestConsistent(t *testing.T) {
	t.Parallel()
	r := newRecording()
	iface := "enx" + strings.ReplaceAll(mac, ":", "")
	r.call(archive.Call{Op: archive.OpReadDir, Name: "/sys/class/net"}, archive.Answer{Names: []string{"eth0", iface}})
	r.file("/sys/class/net/"+iface+"/address", []byte(mac+"\n"))
	r.call(archive.Call{Op: archive.OpReadlink, Name: "/sys/class/net/" + iface}, archive.Answer{Data: []byte("../../devices/" + iface)})
	r.call(archive.Call{Op: archive.OpRead, Name: "/sys/class/net/" + iface + "/x"}, archive.Answer{Err: &archive.Fault{
		Kind: archive.FaultPath, Op: "read", Path: "/sys/class/net/" + iface + "/x", Text: "read /sys/class/net/" + iface + "/x: no",
		Inner: []*archive.Fault{{Kind: archive.FaultPlain, Text: "no"}},
	}})
	r.device("lldp", []byte{1}, []byte("eth0\n"+iface), []byte("eth0"))
	r.frames = append(r.frames, &archive.Chunk{ID: 1, Part: 1, Data: []byte(`{"text":"ZX81-QK`)}, &archive.Chunk{ID: 1, Part: 1, Data: []byte("4711A\"}\n")})
	text := fmt.Sprintf("%+v", dump(r.scrubbed(t)))
	if again := fmt.Sprintf("%+v", dump(r.scrubbed(t))); again != text {
		t.Error("the key does not decide")
	}
	for _, old := range []string{mac, iface, serial, wwn, uuid, name, "db7", ip} {
		if strings.Contains(text, old) {
			t.Errorf("%q is left", old)
		}
	}
	i := strings.Index(text, "enx")
	fresh := text[i : i+len(iface)]
	if n := strings.Count(text, fresh); n != strings.Count(text, "enx") || n < 8 {
		t.Errorf("%s stands %d times:\n%s", fresh, n, text)
	}
	address := "02:ab:cd:" + fresh[9:11] + ":" + fresh[11:13] + ":" + fresh[13:15]
	if strings.Count(text, address) != 2 {
		t.Errorf("no %s", address)
	}
}

// dump shows all that frames hold.
func dump(frames []archive.Frame) []string {
	var all []string
	for _, f := range frames {
		switch f := f.(type) {
		case *archive.Begin:
			all = append(all, f.Call.Name, string(f.Call.Data))
		case *archive.End:
			all = append(all, string(f.Answer.Data), strings.Join(f.Answer.Names, " "))
			if e := f.Answer.Err; e != nil {
				all = append(all, e.Text, e.Path)
			}
		case *archive.Chunk:
			all = append(all, string(f.Data))
		}
	}
	return all
}

func sum(b []byte) (s byte) {
	for _, c := range b {
		s += c
	}
	return s
}

// TestFRU: a field that is packed, spread over pieces and covered by a checksum.
func TestFRU(t *testing.T) {
	t.Parallel()
	area := []byte{1, 0, 25, 0x80 | 9}
	packed := packSixBit(serial)
	area = append(area, packed...)
	area = append(area, 0xC0|byte(len(serial)))
	area = append(area, serial...)
	area = append(area, 0xC1)
	for len(area)%8 != 7 {
		area = append(area, 0)
	}
	area = append(area, 0)
	area[1] = byte(len(area) / 8)
	area[len(area)-1] = -sum(area)
	head := []byte{1, 0, 0, 1, 0, 0, 0, 0}
	head[7] = -sum(head)
	image := slices.Concat(head, area)

	r := newRecording()
	system := []byte{0x0F, 0x20, 0, 0x0A}
	r.device("ipmi", append(slices.Clone(system), 0x10), []byte{0}, []byte{byte(len(image)), 0, 0})
	const step = 5
	for at := 0; at < len(image); at += step {
		piece := image[at:min(at+step, len(image))]
		r.device("ipmi", append(slices.Clone(system), 0x11), []byte{0, byte(at), 0, byte(len(piece))}, append([]byte{byte(len(piece))}, piece...))
	}
	var after []byte
	for _, f := range r.scrubbed(t)[5:] {
		if e, ok := f.(*archive.End); ok {
			after = append(after, e.Answer.Data[1:]...)
		}
	}
	if len(after) != len(image) || bytes.Contains(after, packed) || bytes.Contains(after, []byte(serial)) || sum(after[8:]) != 0 || sum(after[:8]) != 0 {
		t.Errorf("% x\nbecame % x", image, after)
	}
	plain := after[8+5+len(packed) : 8+5+len(packed)+len(serial)]
	if !bytes.Contains(after, packSixBit(string(plain))) {
		t.Errorf("packed and plain differ: %q", plain)
	}
}

func packSixBit(s string) []byte {
	out := make([]byte, (len(s)*6+7)/8)
	for i, c := range []byte(s) {
		v, bit := uint16(c-0x20)<<(i*6%8), i*6/8
		out[bit] |= byte(v)
		if v>>8 != 0 {
			out[bit+1] |= byte(v >> 8)
		}
	}
	return out
}

// TestChecksums: sums that were right are right again, those that were wrong stay
// wrong.
func TestChecksums(t *testing.T) {
	t.Parallel()
	identify := make([]byte, 512)
	copy(identify[20:], swapped(serial+"        "))
	identify[510] = 0xA5
	identify[511] = -sum(identify)

	module := make([]byte, 128)
	copy(module[20:], "ACME            ")
	copy(module[68:], serial+"    ")
	module[63], module[95] = sum(module[:63]), sum(module[64:95])

	vpd := slices.Concat([]byte{0x82, 4, 0}, []byte("NAME"), []byte{0x90, byte(3 + len(serial) + 4), 0, 'S', 'N', byte(len(serial))}, []byte(serial), []byte{'R', 'V', 1, 0})
	vpd[len(vpd)-1] = -sum(vpd)

	for what, c := range map[string]struct {
		protocol, path string
		data           []byte
		right          func(b []byte) bool
	}{
		"identify": {"scsi", "", identify, func(b []byte) bool { return sum(b) == 0 }},
		"module": {"ethtool", "", slices.Concat([]byte{0x84, 0, 7, 0}, module), func(b []byte) bool {
			return sum(b[4:67]) == b[67] && sum(b[68:99]) == b[99]
		}},
		"vpd": {"", "/sys/bus/pci/devices/0000:01:00.0/vpd", vpd, func(b []byte) bool { return sum(b) == 0 }},
	} {
		for _, damaged := range []bool{false, true} {
			data := slices.Clone(c.data)
			if damaged {
				data[len(data)-1]++
				data[70%len(data)]++
			}
			r := newRecording()
			if c.protocol == "" {
				r.file(c.path, data)
			} else {
				r.device(c.protocol, []byte{0x85}, nil, data)
			}
			after := r.answer(t)
			if bytes.Equal(after, data) && !damaged || c.right(after) == damaged && what != "module" {
				t.Errorf("%s, damaged %v: % x", what, damaged, after)
			}
		}
	}
}

// TestLANAddress: four bytes are an address where they are said to be one.
func TestLANAddress(t *testing.T) {
	t.Parallel()
	r := newRecording()
	r.device("ipmi", []byte{0x0F, 0x20, 0, 0x0C, 2}, []byte{1, 4, 0, 0}, []byte{0x11, 10, 20, 30, 40})
	if got := r.answer(t); !bytes.Equal(got, []byte{0x11, 10, 20, 30, 40}) {
		t.Errorf("another parameter: % x", got)
	}
	r.device("ipmi", []byte{0x0F, 0x20, 0, 0x0C, 2}, []byte{1, 3, 0, 0}, []byte{0x11, 10, 20, 30, 40})
	if got := r.answer(t); bytes.Equal(got[1:], []byte{10, 20, 30, 40}) || len(got) != 5 {
		t.Errorf("the address: % x", got)
	}
}

// TestRefuses: no result is better than a wrong one.
func TestRefuses(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if _, err := scrub.Scrub(t.Context(), strings.NewReader("no recording"), &out, scrub.Options{}); !errors.Is(err, archive.ErrMalformed) || out.Len() > 0 {
		t.Errorf("%v", err)
	}
	// A collector whose report depends on a letter of the serial number.
	fickle := func(h *host.Host, src *replay.Source) []inventory.Collector {
		all := machine(h, src)
		return append(all, inventory.New("fickle", []string{"sensors"}, func(ctx context.Context, s *inventory.Sink) (bool, error) {
			b, err := h.ReadFile(ctx, "/fickle")
			if strings.HasPrefix(string(b), "ZX81") {
				s.Put(&inventory.HostSensor{Meta: inventory.Meta{ID: "sensor:0"}})
			}
			return true, err
		}))
	}
	r := newRecording()
	r.file("/fickle", []byte(serial))
	if _, err := scrub.Scrub(t.Context(), bytes.NewReader(r.bytes(t)), &out, scrub.Options{Collectors: fickle}); err == nil || out.Len() > 0 {
		t.Error("a report of another shape was accepted")
	}
}

// FuzzScrub: whatever a recording holds, scrubbing ends, and a result has none
// of the names.
func FuzzScrub(f *testing.F) {
	f.Add([]byte(serial), []byte(mac), byte(0))
	f.Add(unhex(wwn), swapped(serial), byte(1))
	f.Fuzz(func(t *testing.T, a, b []byte, kind byte) {
		r := newRecording()
		r.device([]string{"ipmi", "scsi", "ethtool", "lldp"}[kind%4], []byte{0x0F, 0x20, 0, 0x0A, 0x10 + kind%2}, b, a)
		r.file("/x/vpd", b)
		var out bytes.Buffer
		_, err := scrub.Scrub(t.Context(), bytes.NewReader(r.bytes(t)), &out, scrub.Options{Collectors: machine, Key: []byte("k")})
		if err != nil && out.Len() > 0 {
			t.Error(err)
		}
	})
}

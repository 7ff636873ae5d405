package storage_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/collectors/storage"
	"example.com/bee/pkg/inventory"
)

// machine is a machine in memory, with drives that answer.
type machine struct {
	*hosttest.Source
}

func newMachine() *machine {
	return &machine{&hosttest.Source{
		Files:   map[string]string{"/dev/null": ""},
		Links:   map[string]string{},
		Errors:  map[string]error{},
		Hang:    map[string]bool{},
		Devices: map[string]host.Device{},
	}}
}

// static takes the devices away: a captured tree.
func (m *machine) static() *machine {
	delete(m.Files, "/dev/null")
	clear(m.Devices)
	return m
}

func (m *machine) attrs(dir string, kv ...string) {
	for i := 0; i+1 < len(kv); i += 2 {
		m.Files[dir+"/"+kv[i]] = kv[i+1]
	}
}

// function adds a PCI function.
func (m *machine) function(address, class, vendor, device, driver string) {
	dir := "/sys/devices/pci0000:00/" + address
	m.Links["/sys/bus/pci/devices/"+address] = "../../../devices/pci0000:00/" + address
	m.attrs(dir, "class", "0x"+class+"\n", "vendor", "0x"+vendor+"\n", "device", "0x"+device+"\n",
		"subsystem_vendor", "0x"+vendor+"\n", "subsystem_device", "0x0001\n",
		"uevent", fmt.Sprintf("DRIVER=%s\nPCI_CLASS=%s\nPCI_ID=%s:%s\n", driver, strings.ToUpper(strings.TrimLeft(class, "0")), strings.ToUpper(vendor), strings.ToUpper(device)))
}

// nvme adds a controller with one namespace.
func (m *machine) nvme(n int, serial, nqn string, kv ...string) string {
	address := fmt.Sprintf("%04x:%02x:00.0", n/200, n%200+1)
	m.function(address, "010802", "144d", "a80a", "nvme")
	name := fmt.Sprintf("nvme%d", n)
	dir := "/sys/devices/pci0000:00/" + address + "/nvme/" + name
	m.Links["/sys/class/nvme/"+name] = "../../devices/pci0000:00/" + address + "/nvme/" + name
	m.attrs(dir, "model", "TEST NVME DRIVE         \n", "serial", serial+"    \n", "firmware_rev", "FW01    \n", "transport", "pcie\n", "address", address+"\n",
		"subsysnqn", nqn+"\n", "cntlid", fmt.Sprintf("%d\n", n), "state", "live\n")
	ns := fmt.Sprintf("%s/%sn1", dir, name)
	m.attrs(ns, "size", "2048000\n", "nsid", "1\n", "queue/logical_block_size", "512\n", "queue/physical_block_size", "4096\n", "queue/rotational", "0\n")
	m.attrs(dir, kv...)
	m.Links["/sys/class/block/"+name+"n1"] = "../../devices/pci0000:00/" + address + "/nvme/" + name + "/" + name + "n1"
	return "nvme-admin /dev/" + name
}

// scsi adds a SCSI disk below a path of directories.
func (m *machine) scsi(name, place, hctl string, kv ...string) string {
	dir := "/sys/devices/pci0000:00/" + place + "/target" + hctl[:strings.LastIndex(hctl, ":")] + "/" + hctl
	m.Links["/sys/class/block/"+name] = "../.." + strings.TrimPrefix(dir, "/sys") + "/block/" + name
	m.attrs(dir+"/block/"+name, "size", "4096000\n", "removable", "0\n", "queue/logical_block_size", "512\n", "queue/physical_block_size", "4096\n", "queue/rotational", "1\n")
	m.Links[dir+"/block/"+name+"/device"] = "../../../" + hctl
	m.scsiDevice(dir, hctl)
	m.attrs(dir, "type", "0\n", "vendor", "ATA     \n", "model", "TEST DISK 0123456\n", "rev", "0001\n", "state", "running\n", "power/runtime_status", "active\n")
	m.attrs(dir, kv...)
	return "scsi /dev/" + name
}

// scsiDevice adds the class device every SCSI device has.
func (m *machine) scsiDevice(dir, hctl string) {
	m.Links["/sys/class/scsi_device/"+hctl] = "../.." + strings.TrimPrefix(dir, "/sys") + "/scsi_device/" + hctl
	m.Links[dir+"/scsi_device/"+hctl+"/device"] = "../../../" + hctl
}

// generic adds a SCSI device that has no disk.
func (m *machine) generic(name, place, hctl string, kv ...string) string {
	dir := "/sys/devices/pci0000:00/" + place + "/target" + hctl[:strings.LastIndex(hctl, ":")] + "/" + hctl
	m.scsiDevice(dir, hctl)
	m.attrs(dir+"/scsi_generic/"+name, "dev", "21:0\n")
	m.attrs(dir, "type", "0\n", "vendor", "SEAGATE \n", "model", "ST600MM0009     \n", "rev", "CN04\n")
	m.attrs(dir, kv...)
	return "scsi /dev/" + name
}

func (m *machine) scsiHost(n int, place string, kv ...string) {
	name := fmt.Sprintf("host%d", n)
	dir := "/sys/devices/pci0000:00/" + place + "/" + name + "/scsi_host/" + name
	m.Links["/sys/class/scsi_host/"+name] = "../.." + strings.TrimPrefix(dir, "/sys")
	m.attrs(dir, "proc_name", "test\n")
	m.attrs(dir, kv...)
}

// sim is a simulated device: a handler, and what it was asked.
type sim struct {
	handle func(req host.Request) (host.Response, error)
	delay  time.Duration
	hang   <-chan struct{}

	mu   sync.Mutex
	seen []host.Request
}

func (s *sim) Exchange(_ context.Context, req host.Request) (host.Response, error) {
	s.mu.Lock()
	s.seen = append(s.seen, req)
	s.mu.Unlock()
	if s.hang != nil {
		<-s.hang
	}
	if s.delay > 0 {
		time.Sleep(s.delay)
	}
	return s.handle(req)
}

func (s *sim) Close() error { return nil }

func (s *sim) commands() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

// failing answers every command with an error.
func failing(err error) *sim {
	return &sim{handle: func(host.Request) (host.Response, error) { return host.Response{}, err }}
}

// nvmeDrive simulates an NVMe drive.
type nvmeDrive struct {
	serial   string
	warning  byte
	kelvin   uint16
	spare    byte
	used     byte
	media    uint64
	selfTest bool
	change   func(cns, lid int, b []byte)
}

func (d nvmeDrive) sim() *sim { return &sim{handle: d.answer} }

func (d nvmeDrive) answer(req host.Request) (host.Response, error) {
	c, err := nvme.ParseCommand(req.Command)
	if err != nil {
		return host.Response{}, err
	}
	le := binary.LittleEndian
	b := make([]byte, req.ReadLen)
	cns, lid := -1, -1
	switch c.Opcode {
	case 0x06:
		switch cns = int(c.CDW10 & 0xFF); cns {
		case 0: // namespace
			le.PutUint64(b[0:], 2048000)
			le.PutUint64(b[8:], 2048000)
			le.PutUint64(b[16:], 1024)
			b[130] = 9
		case 1: // controller
			pad(b[4:24], d.serial)
			pad(b[24:64], "TEST NVME DRIVE")
			pad(b[64:72], "FW01")
			le.PutUint32(b[80:], 0x010400)
			b[111] = 1
			if d.selfTest {
				le.PutUint16(b[256:], 1<<4)
			}
			le.PutUint16(b[266:], 343)
			le.PutUint16(b[268:], 353)
			le.PutUint32(b[516:], 32)
		case 2: // active namespaces
			if c.NSID == 0 {
				le.PutUint32(b[0:], 1)
			}
		}
	case 0x02:
		switch lid = int(c.CDW10 & 0xFF); lid {
		case 2:
			b[0] = d.warning
			le.PutUint16(b[1:], d.kelvin)
			b[3], b[4], b[5] = d.spare, 10, d.used
			le.PutUint64(b[32:], 7)
			le.PutUint64(b[112:], 12)
			le.PutUint64(b[128:], 4321)
			le.PutUint64(b[160:], d.media)
		case 3:
			b[0] = 1
			pad(b[8:16], "FW01")
		case 6: // one result, failed
			b[4] = 0x17
			le.PutUint64(b[8:], 99)
		}
	}
	if d.change != nil {
		d.change(cns, lid, b)
	}
	return host.Response{Status: nvme.EncodeStatus(0, 0), Data: b}, nil
}

func pad(b []byte, s string) {
	for i := range b {
		b[i] = ' '
	}
	copy(b, s)
}

// healthyNVMe is a drive with nothing wrong.
func healthyNVMe(serial string) nvmeDrive {
	return nvmeDrive{serial: serial, kelvin: 308, spare: 100, used: 3}
}

// ataDrive simulates an ATA drive behind a translation.
type ataDrive struct {
	serial, model string
	mode          byte // power mode
	failed        bool // SMART verdict
	attributes    map[byte]ataAttribute
	noSAT         bool // a bridge without translation
	logs          bool // has general purpose logs
}

type ataAttribute struct {
	value, worst, threshold byte
	preFail                 bool
	raw                     uint64
}

func healthyATA(serial string) ataDrive {
	return ataDrive{serial: serial, model: "TEST DISK 0123456789", mode: 0xFF, attributes: map[byte]ataAttribute{
		5: {100, 100, 10, true, 0}, 9: {99, 99, 0, false, 1234}, 12: {100, 100, 0, false, 56}, 194: {70, 60, 0, false, 30},
	}}
}

func (d ataDrive) sim() *sim { return &sim{handle: d.answer} }

func (d ataDrive) answer(req host.Request) (host.Response, error) {
	cdb := req.Command
	if cdb[0] != 0x85 {
		if cdb[0] == 0x12 && cdb[1] == 1 && cdb[2] == 0x89 && !d.noSAT {
			b := make([]byte, 572)
			b[1], b[2], b[3] = 0x89, 2, 0x38
			b[36], b[56] = 0x34, 0xEC
			copy(b[60:], d.identify())
			return good(b, req), nil
		}
		return illegal(), nil
	}
	if d.noSAT {
		return illegal(), nil
	}
	switch cdb[14] {
	case 0xE5:
		return registers(uint16(d.mode), 0), nil
	case 0xEC:
		return good(d.identify(), req), nil
	case 0x2F:
		return good(gpLog(cdb[8], cdb[10]), req), nil
	case 0xB0:
		switch cdb[4] {
		case 0xDA:
			if d.failed {
				return registers(0, 0x2CF400), nil
			}
			return registers(0, 0xC24F00), nil
		case 0xD0:
			return good(d.smart(false), req), nil
		case 0xD1:
			return good(d.smart(true), req), nil
		}
	}
	return illegal(), nil
}

func (d ataDrive) identify() []byte {
	b := make([]byte, 512)
	word := func(n int, v uint16) { binary.LittleEndian.PutUint16(b[2*n:], v) }
	ataText(b[20:40], d.serial)
	ataText(b[46:54], "FWATA01")
	ataText(b[54:94], d.model)
	word(49, 0x200)
	word(60, 0xFFFF)
	word(61, 0x003F)
	word(80, 0x7F0)
	word(82, 1)
	word(83, 0x4400)
	word(85, 1)
	word(86, 0x0400)
	word(84, 0x4000)
	word(87, 0x4000)
	if d.logs {
		word(84, 0x4022)
		word(87, 0x4022)
	}
	word(100, 0x8000)
	word(101, 0x003E)
	word(106, 0x6003)
	word(217, 7200)
	word(222, 0x1078)
	return b
}

// gpLog is a drive's general purpose logs: directory, device statistics and
// self-tests.
func gpLog(address, page byte) []byte {
	b := make([]byte, 512)
	stat := func(n int, v uint64) { binary.LittleEndian.PutUint64(b[8*n:], v|0xC0<<56) }
	switch {
	case address == 0:
		b[0], b[2*4], b[2*7] = 1, 8, 1
	case address == 4 && page == 0:
		b[0], b[8], b[9], b[10], b[11], b[12] = 1, 4, 0, 1, 5, 7
	case address == 4:
		b[0], b[2] = 1, page
		switch page {
		case 1:
			stat(1, 56)
			stat(2, 1234)
			stat(3, 1000)
			stat(5, 2000)
		case 5:
			stat(1, 31)
			stat(11, 60)
		case 7:
			stat(1, 4)
		}
	case address == 7:
		b[0], b[2] = 1, 1
		b[4], b[5], b[6] = 2, 0x70, 99 // extended, read failure
		b[9] = 0x42
	}
	return b
}

func ataText(b []byte, s string) {
	pad(b, s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
}

func (d ataDrive) smart(thresholds bool) []byte {
	b := make([]byte, 512)
	b[0] = 16
	at := 2
	for id := 1; id < 256; id++ {
		a, ok := d.attributes[byte(id)]
		if !ok {
			continue
		}
		b[at] = byte(id)
		if thresholds {
			b[at+1] = a.threshold
		} else {
			if a.preFail {
				b[at+1] = 1
			}
			b[at+3], b[at+4] = a.value, a.worst
			for i := range 6 {
				b[at+5+i] = byte(a.raw >> (8 * i))
			}
		}
		at += 12
	}
	for _, v := range b[:511] {
		b[511] -= v
	}
	return b
}

// good is an answer with data.
func good(b []byte, req host.Request) host.Response {
	return host.Response{Status: scsi.EncodeStatus(0, nil), Data: b[:min(len(b), req.ReadLen)]}
}

// illegal is a device that does not know the command.
func illegal() host.Response {
	sense := make([]byte, 18)
	sense[0], sense[2], sense[7], sense[12] = 0x70, 5, 10, 0x20
	return host.Response{Status: scsi.EncodeStatus(2, sense)}
}

// registers is an ATA drive's status in sense data (SAT-4 12.2.5).
func registers(count uint16, lba uint32) host.Response {
	sense := make([]byte, 22)
	sense[0], sense[1], sense[3], sense[7] = 0x72, 1, 0x1D, 14
	d := sense[8:]
	d[0], d[1] = 0x09, 12
	d[5] = byte(count)
	d[7], d[9], d[11] = byte(lba), byte(lba>>8), byte(lba>>16)
	d[12], d[13] = 0x40, 0x50
	return host.Response{Status: scsi.EncodeStatus(2, sense)}
}

// sasDrive simulates a SAS drive with log pages.
type sasDrive struct {
	serial  string
	asc     byte // what it warns of
	noLogs  bool // it warns in sense data instead of a log page
	errors  uint32
	defects uint32
	used    byte
	standby bool
}

func (d sasDrive) sim() *sim { return &sim{handle: d.answer} }

func (d sasDrive) answer(req host.Request) (host.Response, error) {
	cdb := req.Command
	be := binary.BigEndian
	page := func(code byte, params ...[]byte) host.Response {
		b := []byte{code, 0, 0, 0}
		for _, p := range params {
			b = append(b, p...)
		}
		be.PutUint16(b[2:], uint16(len(b)-4))
		return good(b, req)
	}
	param := func(code uint16, value ...byte) []byte {
		return append([]byte{byte(code >> 8), byte(code), 3, byte(len(value))}, value...)
	}
	switch cdb[0] {
	case 0x03: // request sense
		b := make([]byte, 18)
		b[0], b[7] = 0x70, 10
		if d.standby {
			b[12], b[13] = 0x5E, 0x04
		}
		if d.noLogs && d.asc != 0 {
			b[12], b[13] = d.asc, 0x10
		}
		return good(b, req), nil
	case 0x12:
		if cdb[1] == 1 {
			switch cdb[2] {
			case 0x80:
				return good(append([]byte{0, 0x80, 0, byte(len(d.serial))}, d.serial...), req), nil
			case 0xB1:
				b := make([]byte, 64)
				b[1], b[3] = 0xB1, 60
				be.PutUint16(b[4:], 10000)
				b[7] = 3
				return good(b, req), nil
			}
			return illegal(), nil
		}
		b := make([]byte, 96)
		b[2], b[3], b[4] = 6, 2, 91
		pad(b[8:16], "SEAGATE")
		pad(b[16:32], "ST600MM0009")
		pad(b[32:36], "CN05")
		return good(b, req), nil
	case 0x4D:
		if d.noLogs {
			return illegal(), nil
		}
		switch code := cdb[2] & 0x3F; code {
		case 0:
			return good([]byte{0, 0, 0, 7, 0, 0x03, 0x0D, 0x11, 0x15, 0x2F, 0x3F}, req), nil
		case 0x03:
			return page(code, param(6, 0, 0, byte(d.errors>>8), byte(d.errors))), nil
		case 0x0D:
			return page(code, param(0, 0, 33), param(1, 0, 60)), nil
		case 0x11:
			return page(code, param(1, 0, 0, 0, d.used)), nil
		case 0x15:
			return page(code, param(0, 0, 0, 0xEA, 0x60, 0, 1, 0, 2, 0, 0, 0, 3)), nil // 60000 minutes
		case 0x2F:
			return page(code, param(0, d.asc, 0x10, 33, 0)), nil
		}
		return illegal(), nil
	case 0xB7:
		b := make([]byte, 8)
		b[1] = 0x0D
		be.PutUint32(b[4:], d.defects*8)
		return good(b, req), nil
	}
	return illegal(), nil
}

// collect runs the collector.
func (m *machine) collect(ctx context.Context, opts ...inventory.Option) *inventory.Report {
	return inventory.Collect(ctx, []inventory.Collector{storage.Collector(m.Host())}, opts...)
}

func driveOf(t *testing.T, r *inventory.Report, device string) *inventory.Drive {
	t.Helper()
	for i := range r.Storage {
		if r.Storage[i].Device == device {
			return &r.Storage[i]
		}
	}
	t.Fatalf("no drive %s in %+v", device, r.Storage)
	return nil
}

func status(r *inventory.Report) inventory.Status { return r.Collectors[0].Status }

func codes(r *inventory.Report) []string {
	list := []string{}
	for _, f := range r.Findings {
		list = append(list, string(f.Severity)+" "+f.Code)
	}
	return list
}

var errDenied = &fs.PathError{Op: "open", Path: "/dev/x", Err: fs.ErrPermission}

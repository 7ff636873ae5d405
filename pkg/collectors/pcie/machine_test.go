package pcie_test

import (
	"encoding/binary"
	"fmt"
	"path"
	"slices"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
)

const devices = "/sys/bus/pci/devices/"

// machine is a made-up machine in memory.
type machine struct{ hosttest.Source }

func newMachine() *machine {
	return &machine{hosttest.Source{
		Files:  map[string]string{},
		Links:  map[string]string{},
		Errors: map[string]error{},
		Hang:   map[string]bool{},
	}}
}

// attrs are the files of a function; one whose name ends in @ is a link.
type attrs map[string]string

// add puts a function into the tree. The place is its path below
// /sys/devices.
func (m *machine) add(place string, a attrs) {
	dir := "/sys/devices/" + place
	m.Links[devices+path.Base(place)] = "../../../devices/" + place
	for name, v := range a {
		if link, ok := strings.CutSuffix(name, "@"); ok {
			m.Links[dir+"/"+link] = v
		} else {
			m.Files[dir+"/"+name] = v
		}
	}
}

// with adds to a copy of the attributes.
func (a attrs) with(more attrs) attrs {
	c := attrs{}
	for _, from := range []attrs{a, more} {
		for k, v := range from {
			c[k] = v
		}
	}
	return c
}

// uevent is the text the kernel makes of a function's ids.
func uevent(driver, class, id, subsystem string) string {
	s := ""
	if driver != "" {
		s = "DRIVER=" + driver + "\n"
	}
	return s + "PCI_CLASS=" + class + "\nPCI_ID=" + id + "\nPCI_SUBSYS_ID=" + subsystem + "\n"
}

// link are the link attributes: current and maximum.
func link(speed string, width int, maxSpeed string, maxWidth int) attrs {
	return attrs{
		"current_link_speed": speed + " GT/s PCIe\n", "current_link_width": fmt.Sprintln(width),
		"max_link_speed": maxSpeed + " GT/s PCIe\n", "max_link_width": fmt.Sprintln(maxWidth),
	}
}

// space is configuration space in the making.
type space struct {
	vendor, device uint16
	class          uint32
	bridge         bool
	express        int // port type; -1: no PCI Express capability
	slot           int // -1: no slot
	speed, width   int // codes of the link; maximum the same
	maxSpeed       int
	maxWidth       int
	serial         uint64
	tunnel         bool
}

func (s space) encode() string {
	le := binary.LittleEndian
	b := make([]byte, 4096)
	le.PutUint16(b[0:], s.vendor)
	le.PutUint16(b[2:], s.device)
	le.PutUint32(b[8:], s.class<<8|0x01)
	if s.bridge {
		b[0x0E] = 1
		b[0x1A] = 1
	}
	if s.express >= 0 {
		b[6], b[0x34] = 0x10, 0x40
		b[0x40] = 0x10
		flags := uint16(2) | uint16(s.express)<<4
		if s.slot >= 0 {
			flags |= 0x100
			le.PutUint32(b[0x54:], uint32(s.slot)<<19)
		}
		le.PutUint16(b[0x42:], flags)
		le.PutUint32(b[0x4C:], uint32(s.maxSpeed)|uint32(s.maxWidth)<<4)
		le.PutUint16(b[0x52:], uint16(s.speed)|uint16(s.width)<<4)
	}
	at, previous := 0x100, 0
	extended := func(id uint16, body func(at int), size int) {
		if previous != 0 {
			le.PutUint16(b[previous+2:], 1|uint16(at)<<4)
		}
		le.PutUint16(b[at:], id)
		le.PutUint16(b[at+2:], 1)
		body(at)
		previous, at = at, at+size
	}
	if s.serial != 0 {
		extended(3, func(at int) {
			le.PutUint32(b[at+4:], uint32(s.serial))
			le.PutUint32(b[at+8:], uint32(s.serial>>32))
		}, 12)
	}
	if s.tunnel {
		extended(0x0B, func(at int) { le.PutUint16(b[at+4:], 0x1234) }, 16)
	}
	return string(b)
}

// Port types and link speeds by their codes.
const (
	endpoint, rootPort, upstreamPort, downstreamPort, rcEndpoint = 0, 4, 5, 6, 9

	gen1, gen3, gen4 = 1, 3, 4
)

// port is a root port with a slot.
func port(kind, slot, speed, width, maxSpeed, maxWidth int) attrs {
	return attrs{
		"uevent": uevent("pcieport", "60400", "8086:2030", "0000:0000"),
		"config": space{
			vendor: 0x8086, device: 0x2030, class: 0x060400, bridge: true, express: kind, slot: slot,
			speed: speed, width: width, maxSpeed: maxSpeed, maxWidth: maxWidth,
		}.encode(),
	}
}

// card is an endpoint.
func card(class uint32, speed, width, maxSpeed, maxWidth int) attrs {
	return attrs{
		"uevent": uevent("ixgbe", fmt.Sprintf("%X", class), "8086:10FB", "8086:000C"),
		"config": space{
			vendor: 0x8086, device: 0x10FB, class: class, express: endpoint, slot: -1,
			speed: speed, width: width, maxSpeed: maxSpeed, maxWidth: maxWidth, serial: 0x0010_18FF_FF12_3456,
		}.encode(),
	}
}

// indexed answers listings of large machines without going through all files.
type indexed struct {
	*machine
	names map[string][]string
}

func (m *machine) indexed() *host.Host {
	ix := &indexed{m, map[string][]string{}}
	seen := map[string]bool{}
	note := func(p string) {
		for ; p != "/" && !seen[p]; p = path.Dir(p) {
			seen[p] = true
			ix.names[path.Dir(p)] = append(ix.names[path.Dir(p)], path.Base(p))
		}
	}
	for p := range m.Files {
		note(p)
	}
	for p := range m.Links {
		note(p)
	}
	for _, n := range ix.names {
		slices.Sort(n)
	}
	return host.New(ix)
}

// ReadDir implements host.Source.
func (ix *indexed) ReadDir(name string) ([]string, error) {
	dir := name
	if t, ok := ix.Links[name]; ok {
		dir = path.Join(path.Dir(name), t)
	}
	if n, ok := ix.names[dir]; ok && ix.Errors[name] == nil && !ix.Hang[name] {
		return n, nil
	}
	return ix.machine.ReadDir(name)
}

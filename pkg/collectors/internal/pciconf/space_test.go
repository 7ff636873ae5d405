package pciconf_test

import "encoding/binary"

// space is configuration space of our own making.
type space []byte

func (s space) set8(at int, v uint8) space { s[at] = v; return s }

func (s space) set16(at int, v uint16) space {
	binary.LittleEndian.PutUint16(s[at:], v)
	return s
}

func (s space) set32(at int, v uint32) space {
	binary.LittleEndian.PutUint32(s[at:], v)
	return s
}

// capability puts the head of a capability and points to it from where the
// list is pointed to: 34h or the second byte of another capability.
func (s space) capability(from, at int, id uint8) space {
	s.set16(0x06, binary.LittleEndian.Uint16(s[0x06:])|0x10)
	return s.set8(from, uint8(at)).set8(at, id)
}

// extended puts the head of an extended capability; next is 0 for the last.
func (s space) extended(at int, id uint16, version uint8, next int) space {
	return s.set32(at, uint32(id)|uint32(version)<<16|uint32(next)<<20)
}

// newSpace is a plain device: ids, a network class, a subsystem.
func newSpace(size int) space {
	return make(space, size).set16(0x00, 0xE001).set16(0x02, 0x1234).
		set32(0x08, 0x02000007).set16(0x2C, 0xE002).set16(0x2E, 0x5678)
}

// endpoint is a device with every capability that is decoded.
func endpoint() space {
	s := newSpace(4096).set8(0x0E, 0x80).set16(0x04, 0x0006).
		set32(0x10, 0xFB00000C).set32(0x14, 0x00000038). // 64-bit, prefetchable
		set32(0x18, 0x0000E001).                         // I/O
		set32(0x1C, 0xF0000000).                         // 32-bit
		set32(0x20, 0x0000000C)                          // 64-bit without address
	s.capability(0x34, 0x40, 0x01).set16(0x44, 0x0003)
	s.capability(0x41, 0x48, 0x03)
	s.capability(0x49, 0x50, 0x05).set16(0x52, 0x0089)
	s.capability(0x51, 0x68, 0x11).set16(0x6A, 0x803F)
	s.capability(0x69, 0x80, 0x10).set16(0x82, 0x0002)
	s.set16(0x8A, 0x000D).set32(0x8C, 0x05000104|0x10).set16(0x92, 0x1083)
	s.set32(0xAC, 0x3E).set16(0xB0, 0x0005)
	s.extended(0x100, 0x0001, 2, 0x140).
		set32(0x104, 1<<4|1<<20|1<<8).set32(0x10C, 1<<4).set32(0x110, 1<<0|1<<13|1<<1).set32(0x118, 20).
		set32(0x11C, 0x11111111).set32(0x128, 0x44444444)
	s.extended(0x140, 0x0000, 0, 0x150)
	s.extended(0x150, 0x0003, 1, 0x160).set32(0x154, 0x99AABBCC).set32(0x158, 0x00112233)
	s.extended(0x160, 0x0010, 1, 0x000).set16(0x168, 1).set16(0x16C, 64).set16(0x16E, 128).set16(0x170, 8).
		set16(0x174, 16).set16(0x176, 2).set16(0x17A, 0x1235)
	return s
}

// rootPort is a port with a slot, a closed I/O window and its subsystem in a
// capability.
func rootPort() space {
	s := make(space, 4096).set16(0x00, 0xE001).set16(0x02, 0x1111).set32(0x08, 0x06040001).set8(0x0E, 0x01).
		set8(0x18, 0x00).set8(0x19, 0x3A).set8(0x1A, 0x3F).
		set8(0x1C, 0xF1).set8(0x1D, 0x01).
		set16(0x20, 0xA000).set16(0x22, 0xA0F0).
		set16(0x24, 0x0001).set16(0x26, 0xFFF1).set32(0x28, 0x3A).set32(0x2C, 0x3B)
	s.capability(0x34, 0x40, 0x0D).set16(0x44, 0xE002).set16(0x46, 0x2222)
	s.capability(0x41, 0x50, 0x10).set16(0x52, 0x0142)
	s.set32(0x5C, 0x03100105).set16(0x62, 0x2085).set32(0x64, 42<<19|1<<15|250<<7|0x63).set16(0x6A, 0x0040)
	s.extended(0x100, 0x0001, 1, 0).set32(0x130, 0x00000003)
	return s
}

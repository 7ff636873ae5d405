package pciconf

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// space is configuration space as far as it was read. Registers are
// little-endian; before one is looked at, [space.has] is asked for it.
//
// That question is also what decides which registers of a live function are
// read: each costs a transaction on the bus, or a virtual machine an exit to
// its monitor. What the decoder looks at and what is read for it are so the
// same by construction.
type space struct {
	// b is as long as the space; zero where it was not read.
	b []byte
	// known are the registers that were read; nil: all of them.
	known *registers
	// read reads what is not known; nil: it is too late for that. Fewer bytes
	// than asked for are the end of the space.
	read func(p []byte, at int) (int, error)
	// err is read's, which is not called again after it.
	err error
	// missing is what was looked for first and neither known nor to be read.
	missing error
	// missed: that was the last question.
	missed bool
}

func (s *space) u8(at int) uint8 { return s.b[at] }

func (s *space) u16(at int) uint16 { return uint16(s.b[at]) | uint16(s.b[at+1])<<8 }

func (s *space) u32(at int) uint32 { return uint32(s.u16(at)) | uint32(s.u16(at+2))<<16 }

// has says whether size bytes at an offset are there, and sees to it that they
// are read.
func (s *space) has(at, size int) bool {
	s.missed = false
	return at+size <= len(s.b) && (s.known == nil || s.fetch(at, size))
}

// fetch reads those of the registers that are not known yet.
func (s *space) fetch(at, size int) bool {
	first, last := at/4, (at+size-1)/4
	for first <= last && s.known.has(first) {
		first++
	}
	for first <= last && s.known.has(last) {
		last--
	}
	switch {
	case first > last:
		return true
	case s.read == nil:
		s.missed = true
		if s.missing == nil {
			s.missing = fmt.Errorf("configuration space: the register at %02xh was not read: %w", 4*first, inventory.ErrNotCollected)
		}
		return false
	}
	from, to := 4*first, min(4*last+4, len(s.b))
	if n := s.fill(from, to); n < to-from && s.err == nil {
		s.end(from, n)
	}
	return s.err == nil && at+size <= len(s.b)
}

// fill reads bytes and returns how many there were.
func (s *space) fill(from, to int) int {
	if s.err != nil {
		return 0
	}
	n, err := s.read(s.b[from:to], from)
	if err != nil {
		s.err = err
		return 0
	}
	n = max(0, min(n, to-from))
	for at := from; at < from+n; at += 4 {
		s.known.add(at / 4)
	}
	return n
}

// end finds the end of a space that is shorter than its file, which is what a
// caller without privilege sees: n bytes were to be had at an offset.
func (s *space) end(from, n int) {
	if n == 0 && from > headerSize { // somewhere before it
		from, n = headerSize, s.fill(headerSize, from)
	}
	s.b = s.b[:from+n]
}

// registers is a set of registers of four bytes, by their number.
type registers [fullSize / 4 / 64]uint64

func (r *registers) has(n int) bool { return r[n/64]&(1<<(n%64)) != 0 }

func (r *registers) add(n int) { r[n/64] |= 1 << (n % 64) }

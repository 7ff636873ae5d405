package pciconf

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// The answer to [Read] says which bytes were read, and claims nothing of the
// others. Its numbers have two bytes, the lower one first:
//
//	size of the space: that of its file, or where an end was met before it
//	of each piece, in ascending order, with registers between two that were not read:
//	  offset, a multiple of 4
//	  length, a multiple of 4 except for one that ends with the space
//	  the bytes
const (
	answerHead = 2
	pieceHead  = 4
	// maxAnswer: a further piece stands in the place of a register left out.
	maxAnswer = answerHead + pieceHead + fullSize
)

// gather reads of a space of up to size bytes, at most [fullSize], what
// [Decode] looks at. Nothing at all is no answer.
func gather(size int, read func(p []byte, at int) (int, error)) ([]byte, error) {
	d := decoder{space: space{b: make([]byte, size), known: new(registers), read: read}}
	_, _ = d.decode() // for what it looks at; what it makes of it is for whoever gets the answer
	if d.err != nil || len(d.b) == 0 {
		return nil, d.err
	}
	return d.encode(), nil
}

func (s *space) encode() []byte {
	le := binary.LittleEndian
	out := le.AppendUint16(make([]byte, 0, 4*headerSize), uint16(len(s.b)))
	for at := 0; at < len(s.b); at += 4 {
		if !s.known.has(at / 4) {
			continue
		}
		from := at
		for at < len(s.b) && s.known.has(at/4) {
			at += 4
		}
		piece := s.b[from:min(at, len(s.b))]
		out = le.AppendUint16(le.AppendUint16(out, uint16(from)), uint16(len(piece)))
		out = append(out, piece...)
	}
	return out
}

// DecodeAnswer is [Decode] for what [Read] returned: the same Config and the
// same error as from the whole space. What the decoder looks for and the
// answer does not hold, as one recorded before there was such a decoder, is an
// error that wraps inventory.ErrNotCollected.
func DecodeAnswer(b []byte) (*Config, error) {
	d := decoder{}
	if !d.assemble(b) {
		return nil, fmt.Errorf("answer of %d bytes about configuration space: %w", len(b), inventory.ErrMalformed)
	}
	return d.decode()
}

// assemble puts the pieces of an answer in their places.
func (s *space) assemble(b []byte) bool {
	le := binary.LittleEndian
	if len(b) < answerHead || le.Uint16(b) > fullSize {
		return false
	}
	size, end := int(le.Uint16(b)), -1
	s.b, s.known = make([]byte, size), new(registers)
	for b = b[answerHead:]; len(b) > 0; {
		if len(b) < pieceHead {
			return false
		}
		at, n := int(le.Uint16(b)), int(le.Uint16(b[2:]))
		b = b[pieceHead:]
		if at <= end || at%4 != 0 || n == 0 || n > len(b) || at+n > size || n%4 != 0 && at+n != size {
			return false
		}
		copy(s.b[at:], b[:n])
		for r := at; r < at+n; r += 4 {
			s.known.add(r / 4)
		}
		b, end = b[n:], at+n
	}
	return true
}

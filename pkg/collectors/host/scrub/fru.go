package scrub

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/collectors/host/archive"
)

// Requests to read FRUs (IPMI 2.0 sections 34.1 and 34.2).
const (
	netFnStorage = 0x0A
	cmdFRUInfo   = 0x10
	cmdReadFRU   = 0x11
)

// image is one FRU device, put together from the pieces in which it was read.
type image struct {
	data  []byte
	parts []part
}

// part is a piece: Answer.Data[1:] of an exchange, from offset on.
type part struct {
	offset int
	end    *archive.End
}

// images finds the FRU devices of a recording.
func images(frames []archive.Frame) []*image {
	const largest = 128 << 10
	units, byKey := map[string]int{}, map[string]*image{}
	var all []*image
	for _, x := range exchanges(frames) {
		c := x.call
		if c.Protocol != "ipmi" || len(c.Command) != 5 || c.Command[3] != netFnStorage || len(c.Data) == 0 {
			continue
		}
		key := fmt.Sprintf("%s %x %d", c.Name, c.Command[:3], c.Data[0])
		answer := x.end.Answer.Data
		switch {
		case c.Command[4] == cmdFRUInfo && len(answer) > 2:
			units[key] = 1 + int(answer[2]&1)
		case c.Command[4] == cmdReadFRU && len(c.Data) >= 4 && len(answer) > 1:
			offset := int(binary.LittleEndian.Uint16(c.Data[1:])) * max(units[key], 1)
			m := byKey[key]
			if m == nil {
				m = &image{}
				byKey[key] = m
				all = append(all, m)
			}
			if end := offset + len(answer) - 1; end > len(m.data) && end <= largest {
				m.data = append(m.data, make([]byte, end-len(m.data))...)
			}
			if offset < len(m.data) {
				copy(m.data[offset:], answer[1:])
				m.parts = append(m.parts, part{offset, x.end})
			}
		}
	}
	return all
}

// store writes the image back into the answers.
func (m *image) store(data []byte) {
	for _, p := range m.parts {
		fresh := append([]byte(nil), p.end.Answer.Data...)
		copy(fresh[1:], data[p.offset:])
		p.end.Answer.Data = fresh
	}
}

// mendFRU makes the checksums right that were right before (FRU sections 8 to
// 16).
func mendFRU(before, after []byte) {
	if len(before) < 8 || sum(before[:8]) != 0 {
		return
	}
	for _, at := range []int{2, 3, 4} {
		from := int(before[at]) * 8
		if from == 0 || from+2 > len(before) {
			continue
		}
		end := from + int(before[from+1])*8
		if end <= len(before) && end > from+2 && sum(before[from:end]) == 0 {
			after[end-1] -= sum(after[from:end])
		}
	}
	at := int(before[5]) * 8
	for range 64 {
		if at == 0 || at+5 > len(before) || sum(before[at:at+5]) != 0 {
			return
		}
		end := at + 5 + int(before[at+2])
		if end > len(before) {
			return
		}
		if sum(before[at+5:end])+before[at+3] == 0 {
			after[at+3] = -sum(after[at+5 : end])
			after[at+4] = 0
			after[at+4] = -sum(after[at : at+5])
		}
		if before[at+1]&0x80 != 0 {
			return
		}
		at = end
	}
}

func sum(b []byte) byte {
	var s byte
	for _, c := range b {
		s += c
	}
	return s
}

package smbios

import (
	"bytes"
	"io"

	gosmbios "github.com/digitalocean/go-smbios/smbios"
)

// decodeStructures lets go-smbios decode each structure alone: what it reads
// is one structure at a time, made whole and followed by an end-of-table
// structure of our own, so that no structure can spoil another. One decoder
// serves all, because its buffers cost more than the decoding.
func decodeStructures(table []byte, spans []span, version Version, problems *Problems) []Structure {
	structures := make([]Structure, 0, len(spans))
	source := newFeed(table)
	decoder := gosmbios.NewDecoder(source)
	for _, sp := range spans {
		if typ := table[sp.start]; typ == typeEndOfTable || typ == typeInactive {
			continue
		}
		source.next(sp)
		decoded, err := decoder.Decode()
		if err != nil || len(decoded) != 2 {
			// Not seen to happen: spanAt lets no such structure through. A
			// new decoder, because this one stands at an unknown place.
			problems.structure(table[sp.start:], sp.start, "not decodable: %v", err)
			source = newFeed(table)
			decoder = gosmbios.NewDecoder(source)
			continue
		}
		s := Structure{
			typ:     decoded[0].Header.Type,
			handle:  decoded[0].Header.Handle,
			version: version,
			body:    decoded[0].Formatted,
			strings: decoded[0].Strings,
		}
		s.check(sp, problems)
		structures = append(structures, s)
	}
	return structures
}

// feed reads out the structure it was last given. It returns io.EOF where the
// next one was not given yet; the decoder does not ask for more than it needs.
type feed struct {
	table []byte
	end   []byte // an end-of-table structure
	parts [3][]byte
}

func newFeed(table []byte) *feed {
	return &feed{table: table, end: []byte{typeEndOfTable, headerSize, 0xFF, 0xFF, 0, 0}}
}

// next puts a structure in line.
func (f *feed) next(sp span) {
	f.parts = [3][]byte{f.table[sp.start:sp.end], nil, f.end}
	if sp.cut {
		// Only strings that are there to their end: half a serial number is
		// not a serial number.
		set := f.table[sp.strings:sp.end]
		set = set[:bytes.LastIndexByte(set, 0)+1]
		f.parts[0] = f.table[sp.start : sp.strings+len(set)]
		f.parts[1] = f.end[headerSize:] // The two zero bytes that are missing,
		if len(set) > 0 {
			f.parts[1] = f.parts[1][:1] // or the second of them.
		}
	}
}

// Read implements io.Reader.
func (f *feed) Read(p []byte) (int, error) {
	for i := range f.parts {
		if n := copy(p, f.parts[i]); n > 0 {
			f.parts[i] = f.parts[i][n:]
			return n, nil
		}
	}
	return 0, io.EOF
}

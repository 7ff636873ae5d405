package tablegen

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// List is a parsed pci.ids file. Every key is the full id, so that no order
// has to be kept.
type List struct {
	Version    string            // of the comment "Version:"
	Vendors    map[uint16]string // vendor
	Devices    map[uint32]string // vendor << 16 | device
	Subsystems map[uint64]string // vendor << 48 | device << 32 | subsystem vendor << 16 | subsystem device
	Classes    map[uint32]string // pciids.ClassKey
}

// Parse reads the text of a pci.ids file. It is strict: a line it does not
// understand, an id given twice, an id without its parent, and a list without
// a version are errors that name the line.
//
// The form is described at the head of the file itself: tabs give the depth,
// ids are lower-case hex, two blanks end them; "C " begins the classes.
func Parse(r io.Reader) (*List, error) {
	p := parser{list: List{
		Vendors: map[uint16]string{}, Devices: map[uint32]string{},
		Subsystems: map[uint64]string{}, Classes: map[uint32]string{},
	}}
	sc := bufio.NewScanner(r)
	line := 0
	for sc.Scan() {
		line++
		if err := p.line(sc.Text()); err != nil {
			return nil, fmt.Errorf("pci.ids: line %d: %w", line, err)
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("pci.ids: line %d: %w", line+1, err)
	}
	if p.list.Version == "" {
		return nil, fmt.Errorf("pci.ids: no version in the first %d lines", line)
	}
	return &p.list, nil
}

type parser struct {
	list    List
	classes bool      // in the classes, after the vendors
	path    [3]uint64 // the ids of the entries the line is below
	depth   int       // how many of them are set
}

func (p *parser) line(s string) error {
	if v, ok := strings.CutPrefix(s, "#\tVersion:"); ok && p.list.Version == "" {
		p.list.Version = strings.TrimSpace(v)
	}
	if strings.TrimSpace(s) == "" || s[0] == '#' {
		return nil
	}
	text := strings.TrimLeft(s, "\t")
	depth := len(s) - len(text)
	if depth == 0 {
		text, p.classes = strings.CutPrefix(text, "C ")
	}
	ids, name, ok := strings.Cut(text, "  ")
	name = strings.TrimSpace(name)
	if !ok || name == "" || depth > p.depth || depth > 2 {
		return fmt.Errorf("not an entry: %q", s)
	}
	id, err := p.id(ids, depth)
	if err != nil {
		return err
	}
	p.path[depth], p.depth = id, depth+1
	if !p.add(depth, name) {
		return fmt.Errorf("given twice: %q", s)
	}
	return nil
}

// id parses the id of an entry: two digits in the classes, else four; a
// subsystem has two ids with a blank between.
func (p *parser) id(s string, depth int) (uint64, error) {
	digits := 4
	switch {
	case p.classes:
		digits = 2
	case depth == 2:
		if len(s) != 9 || s[4] != ' ' {
			return 0, fmt.Errorf("not a pair of ids: %q", s)
		}
		s, digits = s[:4]+s[5:], 8
	}
	if len(s) != digits {
		return 0, fmt.Errorf("not an id of %d digits: %q", digits, s)
	}
	return strconv.ParseUint(s, 16, 64)
}

func (p *parser) add(depth int, name string) (fresh bool) {
	l, v := &p.list, p.path
	switch {
	case p.classes:
		key := uint32(depth+1)<<24 | uint32(v[0])<<16
		if depth > 0 {
			key |= uint32(v[1]) << 8
		}
		if depth > 1 {
			key |= uint32(v[2])
		}
		return put(l.Classes, key, name)
	case depth == 0:
		return put(l.Vendors, uint16(v[0]), name)
	case depth == 1:
		return put(l.Devices, uint32(v[0]<<16|v[1]), name)
	default:
		return put(l.Subsystems, v[0]<<48|v[1]<<32|v[2], name)
	}
}

func put[K comparable](m map[K]string, key K, name string) (fresh bool) {
	if _, ok := m[key]; ok {
		return false
	}
	m[key] = name
	return true
}

package tablegen

import (
	"fmt"
	"index/suffixarray"
	"slices"
)

// pool holds the text of all names. A name that occurs within another one is
// not stored again; the others stand in the order vendor, its devices, their
// subsystems, so that what one machine asks for lies close together.
type pool struct {
	text []byte
	refs map[string]uint32
}

func newPool(l *List, vendors []uint16, devices []uint32, subs []uint64, classes []uint32) (*pool, error) {
	names := inOrder(l, vendors, devices, subs, classes)
	var all []byte
	for _, n := range names {
		if n == "" || len(n) > maxNameBytes {
			return nil, fmt.Errorf("pci.ids: name of %d bytes: %q", len(n), n)
		}
		// The NUL keeps a match from reaching over into the next name.
		all = append(append(all, n...), 0)
	}
	index := suffixarray.New(all)
	p := &pool{refs: make(map[string]uint32, len(names))}
	for _, n := range names {
		if len(index.Lookup([]byte(n), 2)) < 2 {
			p.text = append(p.text, n...)
		}
	}
	if len(p.text) > maxPoolBytes {
		return nil, fmt.Errorf("pci.ids: names of %d bytes", len(p.text))
	}
	index = suffixarray.New(p.text)
	for _, n := range names {
		at := index.Lookup([]byte(n), -1)
		p.refs[n] = uint32(slices.Min(at))<<8 | uint32(len(n))
	}
	return p, nil
}

func (p *pool) ref(name string) uint32 { return p.refs[name] }

// inOrder lists every name once, in the order of its first use.
func inOrder(l *List, vendors []uint16, devices []uint32, subs []uint64, classes []uint32) []string {
	var names []string
	seen := map[string]bool{}
	add := func(n string) {
		if !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	for _, k := range classes {
		add(l.Classes[k])
	}
	d, s := 0, 0
	for _, v := range vendors {
		add(l.Vendors[v])
		for ; d < len(devices) && devices[d]>>16 == uint32(v); d++ {
			add(l.Devices[devices[d]])
			for ; s < len(subs) && subs[s]>>32 == uint64(devices[d]); s++ {
				add(l.Subsystems[subs[s]])
			}
		}
	}
	return names
}

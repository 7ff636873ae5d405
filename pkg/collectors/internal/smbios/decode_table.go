package smbios

// A Table is a decoded structure table.
type Table struct {
	// Version is that of the entry point; not known when there is none.
	Version Version
	// Structures are all structures of the table in table order, those of
	// types without a view included, end-of-table structures (type 127) and
	// inactive ones (type 126) left out.
	Structures []Structure
}

// Types whose structures carry nothing (DSP0134 sections 7.46 and 7.47).
const (
	typeInactive   = 126
	typeEndOfTable = 127
)

// Decode reads an entry point and a structure table (DSP0134 section 5 and 6).
// Either may be nil: not there. Without an entry point the version is not
// known and the table is read up to its end-of-table structure.
//
//   - table, nil: all is well;
//   - table, error: table has what could be read, the error ([*Problems],
//     inventory.ErrMalformed) names what is wrong;
//   - nil, error: neither a structure nor a version could be read;
//   - nil, nil: both are nil.
//
// The result keeps no reference to the bytes given.
func Decode(entry, table []byte) (*Table, error) {
	if entry == nil && table == nil {
		return nil, nil
	}
	problems := &Problems{}
	e := decodeEntry(entry, problems)
	t := &Table{Version: e.version}
	if table != nil {
		spans := splitTable(table, e, problems)
		t.Structures = decodeStructures(table, spans, e.version, problems)
	}
	if len(t.Structures) == 0 && !t.Version.Known {
		if len(problems.List) == 0 {
			problems.table(-1, true, "holds no structure")
		}
		return nil, problems
	}
	return t, problems.err()
}

// ByHandle gives the first structure with a handle. Handles are how structures
// refer to each other.
func (t *Table) ByHandle(handle uint16) (Structure, bool) {
	for _, s := range t.Structures {
		if s.Handle() == handle {
			return s, true
		}
	}
	return Structure{}, false
}

// viewsOf collects the structures of one type as views, in table order.
func viewsOf[V any](t *Table, typ uint8, view func(Structure) V) []V {
	n := 0
	for i := range t.Structures {
		if t.Structures[i].typ == typ {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	views := make([]V, 0, n)
	for i := range t.Structures {
		if t.Structures[i].typ == typ {
			views = append(views, view(t.Structures[i]))
		}
	}
	return views
}

package pcie

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/inventory"
)

// tree hands functions over. Slot and link of a function depend on the one
// above it, so each waits for that one and for nothing else.
type tree struct {
	names  []string
	listed map[string]bool
	slots  slotNames
	emit   func(*inventory.PCIeDevice)

	mu      sync.Mutex
	read    map[string]*function
	waiting map[string][]*function // by the function waited for
	closed  bool
}

func newTree(names []string, slots slotNames, emit func(*inventory.PCIeDevice)) *tree {
	t := &tree{
		names:   names,
		listed:  make(map[string]bool, len(names)),
		slots:   slots,
		emit:    emit,
		read:    make(map[string]*function, len(names)),
		waiting: map[string][]*function{},
	}
	for _, n := range names {
		t.listed[n] = true
	}
	return t
}

// add takes a function that has been read.
func (t *tree) add(f *function) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed { // given up in the meantime
		return
	}
	t.read[f.name] = f
	if above := f.dev.Parent; above != "" && t.listed[above] {
		if p := t.read[above]; p == nil || !p.done {
			t.waiting[above] = append(t.waiting[above], f)
			return
		}
	}
	t.finish(f)
}

// finish settles f and whatever waited for it. It is a loop: how deep a tree
// may be is for the machine to say.
func (t *tree) finish(f *function) {
	for todo := []*function{f}; len(todo) > 0; {
		f, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if f.done {
			continue
		}
		f.done = true
		todo = append(todo, t.waiting[f.name]...)
		delete(t.waiting, f.name)
		if f.unknown {
			continue
		}
		above := t.read[f.dev.Parent]
		t.name(f, above)
		judge(f, above)
		t.emit(f.dev)
	}
}

// name settles the slot and the label.
func (t *tree) name(f, above *function) {
	d := f.dev
	if !f.placed {
		return
	}
	if d.Label == "" {
		if d.Label = t.slots.onboard[f.addr]; d.Label != "" {
			f.source(dmi.TablePath)
		}
	}
	at := f.addr.device
	if a, ok := decodeAddress(f.physical); ok {
		at = a.device // a virtual function has a number of its own, but no place
	}
	firmware := t.slots.ofFirmware(address{at, f.addr.function}, f.isBridge())
	if firmware != "" && f.leadsAway() {
		// By the standard the address is that of the device in the slot; some
		// firmware gives the port that leads to it.
		f.belowSlot, firmware = firmware, ""
	}
	switch {
	case firmware != "":
		d.Slot = firmware
		f.source(dmi.TablePath)
	case above != nil && above.belowSlot != "":
		d.Slot = above.belowSlot
		f.source(dmi.TablePath)
	case t.slots.ofKernel(at) != "":
		d.Slot = t.slots.ofKernel(at)
	case above != nil && above.slotNumber() != "":
		d.Slot = above.slotNumber()
	case above != nil: // a card with a bridge sits in its slot as a whole
		d.Slot = above.dev.Slot
	}
}

// missed is a function that could not be read in time, or not at all.
func (t *tree) missed(name string, err error) *function {
	f := newFunction(name)
	if err == nil {
		err = inventory.ErrNotCollected
	}
	f.fail("", f.dir, err)
	t.read[name] = f
	return f
}

// close is called when nothing more is read: what still waits is handed over
// without the function above it. It returns all errors in the order of the
// listing; given are those of the reads as a whole.
func (t *tree) close(given []error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for i, name := range t.names {
		if t.read[name] == nil {
			t.finish(t.missed(name, given[i]))
		}
	}
	var errs []error
	hidden := 0
	for _, name := range t.names {
		f := t.read[name]
		t.finish(f) // links that go round in circles: the one above never came
		errs = append(errs, f.errs...)
		if f.headerOnly {
			hidden++
		}
	}
	if hidden > 0 {
		errs = append(errs, &inventory.PartError{
			Field:  "serial_number",
			Source: devicesDir + "/*/config",
			Err:    fmt.Errorf("capabilities of %d functions are not shown to this user: %w", hidden, fs.ErrPermission),
		})
	}
	return errors.Join(errs...)
}

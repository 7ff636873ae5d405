package nvidia

import "example.com/bee/pkg/inventory"

// No GPU has as much: 64 TiB.
const maxMemoryBytes = 1 << 46

func (t *translator) memory() {
	r, ok := memoryReading(t.readings)
	switch {
	case !ok:
	case r.Return != Success:
		t.failed("memory_bytes", r)
	default:
		t.gpu.MemoryBytes, t.gpu.MemoryUsedBytes = memoryOf(r)
	}
}

// memoryReading is that of the second version of the call, where there is one.
func memoryReading(readings []Reading) (Reading, bool) {
	r, ok := find(readings, FnMemoryV2, nil)
	if !ok || r.Return.Silent() {
		r, ok = find(readings, FnMemory, nil)
	}
	return r, ok
}

// memoryOf: the used bytes of the first version include what the driver
// reserved for itself.
func memoryOf(r Reading) (total, used *uint64) {
	usedAt := 3
	if r.Function == FnMemory {
		usedAt = 2
	}
	n, ok := r.number(0, maxMemoryBytes)
	if r.Return != Success || !ok || n == 0 {
		return nil, nil
	}
	total = &n
	if n, ok := r.number(usedAt, maxMemoryBytes); ok {
		used = &n
	}
	return total, used
}

func (t *translator) ecc() {
	var e inventory.GPUECC
	if r, ok := t.get("ecc", FnECCMode); ok {
		e.Enabled, e.Pending = r.flag(0), r.flag(1)
	}
	if e.Enabled != nil && *e.Enabled { // a GPU that does not count answers 0 or not at all
		e.VolatileCorrected = t.counter("ecc.volatile_corrected", FnECCTotal, correctedErrors, volatileECC)
		e.VolatileUncorrected = t.counter("ecc.volatile_uncorrected", FnECCTotal, uncorrectedErrors, volatileECC)
		e.AggregateCorrected = t.counter("ecc.aggregate_corrected", FnECCTotal, correctedErrors, aggregateECC)
		e.AggregateUncorrected = t.counter("ecc.aggregate_uncorrected", FnECCTotal, uncorrectedErrors, aggregateECC)
	}
	if e != (inventory.GPUECC{}) {
		t.gpu.ECC = &e
	}
}

func (t *translator) retired() {
	var p inventory.GPURetiredPages
	p.SingleBit = t.retiredPages(retiredSingleBit)
	p.DoubleBit = t.retiredPages(retiredDoubleBit)
	p.Pending = t.flag("retired_pages", FnRetiredPending)
	if p != (inventory.GPURetiredPages{}) {
		t.gpu.RetiredPages = &p
	}
	if r, ok := t.get("remapped_rows", FnRemappedRows); ok {
		rows := inventory.GPURemappedRows{
			Correctable: r.integer(0, 1<<24), Uncorrectable: r.integer(1, 1<<24), Pending: r.flag(2), Failure: r.flag(3),
		}
		if rows != (inventory.GPURemappedRows{}) {
			t.gpu.RemappedRows = &rows
		}
	}
}

// retiredPages is how many there are; "insufficient size" comes with the
// number too, since no room was given for the addresses.
func (t *translator) retiredPages(cause uint32) *int {
	r, ok := find(t.readings, FnRetiredPages, []uint32{cause})
	if !ok {
		return nil
	}
	if r.Return != Success && r.Return != InsufficientSize {
		t.failed("retired_pages", r)
		return nil
	}
	return r.integer(0, 1<<24)
}

package ipmi

import (
	"context"
	"errors"
	"fmt"

	"example.com/bee/pkg/inventory"
)

const (
	sdrFirst = 0x0000
	sdrLast  = 0xFFFF

	sdrNextLen = 2  // next record's id, before the data
	sdrChunk   = 32 // of a controller that refuses whole records

	maxRecordLen  = sdrHeaderLen + 0xFF
	maxLostInARow = 8
)

// An sdrReader reads records one by one. It is used by one goroutine.
//
// It asks for the whole record first; a controller that refuses is asked for
// its beginning in ever smaller sizes, and at last for the header alone, which
// says how much more may be asked for.
type sdrReader struct {
	c           *Client
	netFn       NetFn // storage: the repository; sensor: the controller's own
	get         uint8
	reserve     uint8
	reservation uint16
	reserved    bool
	first       int // bytes asked for at the beginning of a record
	chunk       int // bytes asked for behind it
}

func newSDRReader(c *Client, deviceSDRs bool) *sdrReader {
	r := &sdrReader{c: c, netFn: NetFnStorage, get: cmdGetSDR, reserve: cmdReserveSDR, first: wholeLen, chunk: sdrChunk}
	if deviceSDRs {
		r.netFn, r.get, r.reserve = NetFnSensor, cmdGetDeviceSDR, cmdReserveDeviceSDR
	}
	return r
}

// record reads one record and the id of the next. When the record was cut
// short by the controller, what there is of it is returned with
// inventory.ErrMalformed, and next is right.
func (r *sdrReader) record(ctx context.Context, id uint16) (raw []byte, next uint16, err error) {
	for range maxLostInARow {
		raw, next, err = r.tryRecord(ctx, id)
		if code, ok := codeOf(err); !ok || code != CompletionReservationLost || gone(err) {
			break
		}
		// Somebody else reserved, or the repository changed: begin this record
		// again under a new reservation.
		r.reserved = false
		if err := r.newReservation(ctx); err != nil {
			return nil, sdrLast, err
		}
	}
	return raw, next, err
}

func (r *sdrReader) tryRecord(ctx context.Context, id uint16) (raw []byte, next uint16, err error) {
	for {
		raw, next, err = r.part(ctx, id, 0, r.first)
		code, refused := codeOf(err)
		switch {
		case err == nil:
			return r.rest(ctx, id, raw, next)
		case !refused || !code.refusesSize() || gone(err) || r.first == sdrHeaderLen:
			return nil, sdrLast, err
		}
		switch r.first {
		case wholeLen:
			r.first = 2 * sdrChunk
		case 2 * sdrChunk:
			r.first = sdrChunk
		default:
			r.first = sdrHeaderLen
		}
	}
}

// rest reads what is missing of a record whose beginning is there.
func (r *sdrReader) rest(ctx context.Context, id uint16, raw []byte, next uint16) ([]byte, uint16, error) {
	if len(raw) < sdrHeaderLen {
		return raw, next, fmt.Errorf("sdr %04xh: %d bytes: %w", id, len(raw), inventory.ErrMalformed)
	}
	want := sdrHeaderLen + int(raw[sdrLengthAt])
	raw = append(make([]byte, 0, maxRecordLen), raw[:min(len(raw), want)]...)
	for len(raw) < want {
		if !r.reserved {
			// Parts of a record are given under a reservation only.
			if err := r.newReservation(ctx); err != nil {
				return raw, next, err
			}
		}
		n := min(r.chunk, want-len(raw))
		b, _, err := r.part(ctx, id, len(raw), n)
		code, refused := codeOf(err)
		switch {
		case refused && code != CompletionReservationLost && code.refusesSize() && n > 1 && !gone(err):
			r.chunk = n / 2
			continue
		case err != nil:
			return raw, next, err
		case len(b) == 0:
			return raw, next, fmt.Errorf("sdr %04xh: %d bytes of %d: %w", id, len(raw), want, inventory.ErrMalformed)
		}
		raw = append(raw, b[:min(len(b), want-len(raw))]...)
	}
	return raw, next, nil
}

// part reads n bytes of a record at offset.
func (r *sdrReader) part(ctx context.Context, id uint16, offset, n int) (data []byte, next uint16, err error) {
	b, err := r.c.Do(ctx, BMC(), r.netFn, r.get,
		uint8(r.reservation), uint8(r.reservation>>8), uint8(id), uint8(id>>8), uint8(offset), uint8(n))
	if err != nil {
		return nil, sdrLast, fmt.Errorf("sdr %04xh: %w", id, err)
	}
	if len(b) < sdrNextLen {
		return nil, sdrLast, fmt.Errorf("sdr %04xh: answer of %d bytes: %w", id, len(b), inventory.ErrMalformed)
	}
	return b[sdrNextLen:], u16(b), nil
}

// newReservation asks for a reservation. A controller without the command
// works without one.
func (r *sdrReader) newReservation(ctx context.Context) error {
	b, err := r.c.Do(ctx, BMC(), r.netFn, r.reserve)
	switch {
	case errors.Is(err, errors.ErrUnsupported) && !gone(err):
		r.reservation, r.reserved = 0, true
		return nil
	case err != nil:
		return err
	case len(b) < 2:
		return fmt.Errorf("sdr reservation: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	r.reservation, r.reserved = u16(b), true
	return nil
}

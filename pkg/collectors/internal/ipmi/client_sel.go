package ipmi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"example.com/bee/pkg/inventory"
)

const (
	selFirst = 0x0000
	selLast  = 0xFFFF
	wholeLen = 0xFF // "the whole record" in Get SDR and Get SEL Entry

	selNextLen = 2
)

// SELEntries reads the event log from the given record id on (0 is the
// oldest), oldest first. An entry that makes no sense comes with its error and
// the log goes on; any other error ends it.
func (c *Client) SELEntries(ctx context.Context, from uint16) iter.Seq2[SELEntry, error] {
	return func(yield func(SELEntry, error) bool) {
		seen := map[uint16]bool{}
		for id := from; id != selLast; {
			e, next, err := c.selEntry(ctx, id)
			if err != nil && !errors.Is(err, inventory.ErrMalformed) {
				// An empty log has no first record.
				if id != selFirst || !errors.Is(err, fs.ErrNotExist) {
					yield(SELEntry{}, err)
				}
				return
			}
			if !yield(e, err) || next == selLast {
				return
			}
			if seen[next] || next == id || next == selFirst {
				yield(SELEntry{}, fmt.Errorf("sel: entry %04xh follows itself: %w", next, inventory.ErrMalformed))
				return
			}
			seen[next] = true
			id = next
		}
	}
}

// SELTail reads the last n entries, oldest first. It reckons where they begin
// from the number of entries, because record ids mostly count up by one, and
// reads the whole log where they do not. What was read before an error is
// returned beside it.
func (c *Client) SELTail(ctx context.Context, n int, info SELInfo) ([]SELEntry, error) {
	if n <= 0 || info.Entries == 0 {
		return nil, nil
	}
	from := uint16(selFirst)
	if int(info.Entries) > n {
		last, _, err := c.selEntry(ctx, selLast)
		if gone(err) {
			return nil, err
		}
		if err == nil && int(last.ID) >= n {
			from = last.ID - uint16(n) + 1
			if _, _, err := c.selEntry(ctx, from); err != nil {
				if gone(err) {
					return nil, err
				}
				from = selFirst
			}
		}
	}
	var tail []SELEntry
	var errs []error
	for e, err := range c.SELEntries(ctx, from) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if len(tail) == n {
			tail = append(tail[:0], tail[1:]...)
		}
		tail = append(tail, e)
	}
	return tail, errors.Join(errs...)
}

// selEntry reads one entry and the id of the next.
func (c *Client) selEntry(ctx context.Context, id uint16) (e SELEntry, next uint16, err error) {
	n := c.size(BMC(), cmdGetSELEntry, wholeLen)
	b, err := c.Do(ctx, BMC(), NetFnStorage, cmdGetSELEntry, 0, 0, uint8(id), uint8(id>>8), 0, uint8(n))
	if code, ok := codeOf(err); ok && code.refusesSize() && n == wholeLen && !gone(err) {
		b, err = c.Do(ctx, BMC(), NetFnStorage, cmdGetSELEntry, 0, 0, uint8(id), uint8(id>>8), 0, selEntryLen)
		if err == nil {
			c.setSize(BMC(), cmdGetSELEntry, selEntryLen)
		}
	}
	if err != nil {
		return SELEntry{}, selLast, err
	}
	if len(b) < selNextLen {
		return SELEntry{}, selLast, fmt.Errorf("sel entry %04xh: %d bytes: %w", id, len(b), inventory.ErrMalformed)
	}
	e, err = DecodeSELEntry(b[selNextLen:])
	if err != nil {
		err = fmt.Errorf("sel entry %04xh: %w", id, err)
	}
	return e, u16(b), err
}

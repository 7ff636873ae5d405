package ipmi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"

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

// SELTail reads the last n entries and returns them oldest first. It begins
// with the newest, so that a controller which is too slow for all of them gives
// those that matter most: what was read before an error is returned beside it.
//
// Record ids mostly count up by one. Where they do not, it reckons where the
// last n begin, and reads the whole log when there is no such record.
func (c *Client) SELTail(ctx context.Context, n int, info SELInfo) ([]SELEntry, error) {
	n = min(n, int(info.Entries))
	if n <= 0 {
		return nil, nil
	}
	tail, err := c.selBackwards(ctx, n)
	slices.Reverse(tail)
	if len(tail) == n || gone(err) {
		return tail, err
	}
	from := uint16(selFirst)
	if len(tail) > 0 && int(info.Entries) > n && int(tail[len(tail)-1].ID) >= n {
		from = tail[len(tail)-1].ID - uint16(n) + 1
		if _, _, err := c.selEntry(ctx, from); err != nil {
			if gone(err) {
				return tail, err
			}
			from = selFirst
		}
	}
	tail = nil
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

// selBackwards reads up to n entries from the newest back, as long as each is
// followed by the one read before it.
func (c *Client) selBackwards(ctx context.Context, n int) ([]SELEntry, error) {
	entries := make([]SELEntry, 0, n)
	for id, follower := uint16(selLast), uint16(selLast); len(entries) < n; {
		e, next, err := c.selEntry(ctx, id)
		if err != nil {
			return entries, err
		}
		if next != follower || id != selLast && e.ID != id || e.ID <= selFirst+1 && len(entries) < n-1 {
			return entries, nil
		}
		entries = append(entries, e)
		follower, id = e.ID, e.ID-1
	}
	return entries, nil
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

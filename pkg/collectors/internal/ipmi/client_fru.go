package ipmi

import (
	"context"
	"fmt"
	"slices"

	"example.com/bee/pkg/inventory"
)

// fruFirstRead is how many bytes are asked for first. Most controllers give
// 32; those that refuse are asked for less.
const fruFirstRead = 32

// FRU reads the inventory of one FRU device: its header, then the areas it
// names, not the rest of the device.
//
// Errors: fs.ErrNotExist when the device is not there (an empty slot),
// ErrBlankFRU, inventory.ErrMalformed. When reading breaks off, what was
// read is returned beside the error, the areas that lack bytes named in
// Damaged.
func (c *Client) FRU(ctx context.Context, t Target, id uint8) (FRU, error) {
	m, rerr := c.readFRU(ctx, t, id)
	if m == nil {
		return FRU{}, rerr
	}
	f, err := DecodeFRU(m.data)
	switch {
	case rerr == nil && err != nil:
		return FRU{}, fmt.Errorf("%s: fru %d: %w", t, id, err)
	case err != nil:
		return FRU{}, rerr
	}
	unread := m.unread()
	if len(unread) > 0 {
		f.Damaged = slices.DeleteFunc(f.Damaged, func(d DamagedArea) bool { return slices.Contains(unread, d.Area) })
	}
	for _, area := range unread {
		f.Damaged = append(f.Damaged, DamagedArea{Area: area, Reason: "not read"})
		if area == AreaMulti {
			f.Multi = nil
		}
	}
	return f, rerr
}

// readFRU reads what is needed to decode the device. The image is nil when
// nothing could be read.
func (c *Client) readFRU(ctx context.Context, t Target, id uint8) (*fruImage, error) {
	b, err := c.Do(ctx, t, NetFnStorage, cmdGetFRUInfo, id)
	if err != nil {
		return nil, fmt.Errorf("fru %d: %w", id, err)
	}
	if len(b) < 3 {
		return nil, fmt.Errorf("%s: fru %d: area info of %d bytes: %w", t, id, len(b), inventory.ErrMalformed)
	}
	size, unit := int(u16(b)), 1
	if b[2]&1 != 0 {
		unit = 2 // offsets and counts are words
	}
	if size < fruHeaderLen {
		return nil, fmt.Errorf("%s: fru %d: device of %d bytes: %w", t, id, size, inventory.ErrMalformed)
	}
	m := newFRUImage(size)
	for {
		offset, _, ok := m.next()
		if !ok {
			return m, nil
		}
		offset -= offset % unit
		chunk, err := c.readFRUChunk(ctx, t, id, offset, size-offset, unit)
		if err != nil {
			if offset == 0 {
				return nil, err
			}
			return m, err
		}
		m.store(offset, chunk)
	}
}

// readFRUChunk reads some bytes at offset, at least one unit, at most left:
// as many as the controller was found to accept.
func (c *Client) readFRUChunk(ctx context.Context, t Target, id uint8, offset, left, unit int) ([]byte, error) {
	known := c.size(t, cmdReadFRU, 0)
	n := known
	if known == 0 {
		n = fruFirstRead
	}
	n = max(min(n, left+left%unit), unit)
	bad := 0
	for {
		at := offset / unit
		b, err := c.Do(ctx, t, NetFnStorage, cmdReadFRU, id, uint8(at), uint8(at>>8), uint8(n/unit))
		code, refused := codeOf(err)
		switch {
		case err == nil:
			got, derr := fruChunk(b, n, unit)
			if derr == nil {
				if known == 0 || n < known {
					c.learnFRUSize(t, n, left)
				}
				return got, nil
			}
			if bad++; bad >= maxSilences {
				return nil, fmt.Errorf("%s: fru %d: offset %d: %w", t, id, offset, derr)
			}
		case refused && code.refusesSize() && n > unit && !gone(err):
			n = max(n/2, unit)
			n -= n % unit
		default:
			return nil, fmt.Errorf("fru %d: offset %d: %w", id, offset, err)
		}
	}
}

// learnFRUSize remembers a size that worked, unless it was small only because
// the device ended.
func (c *Client) learnFRUSize(t Target, n, left int) {
	if n < left || n == fruFirstRead {
		c.setSize(t, cmdReadFRU, n)
	}
}

// fruChunk checks an answer to Read FRU Data: a count in units, then bytes.
func fruChunk(b []byte, asked, unit int) ([]byte, error) {
	if len(b) < 2 {
		return nil, fmt.Errorf("answer of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	n := int(b[0]) * unit
	if n == 0 || n > len(b)-1 {
		return nil, fmt.Errorf("answer says %d bytes and has %d: %w", n, len(b)-1, inventory.ErrMalformed)
	}
	return b[1 : 1+min(n, asked)], nil
}

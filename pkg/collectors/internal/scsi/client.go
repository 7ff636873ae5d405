package scsi

import (
	"context"
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/inventory"
)

// A Client asks one logical unit. A command the device refuses is a
// *StatusError, wrapped with what was asked.
type Client struct{ dev device.Device }

// NewClient returns a client of an open device.
func NewClient(dev device.Device) Client { return Client{dev: dev} }

// maxAttentions bounds how often a command is sent again because the device
// had something else to say first: a unit attention for each thing that
// happened since, or a deferred error.
const maxAttentions = 4

// Do sends a request. Unit attentions and deferred errors, after which the
// command was not executed, are taken note of by sending it again.
func (c Client) Do(ctx context.Context, req device.Request) (Result, error) {
	var last error
	for range maxAttentions {
		resp, err := c.dev.Exchange(ctx, req)
		if err != nil {
			return Result{}, err
		}
		res, err := result(resp)
		if err == nil {
			return res, nil
		}
		last = err
		var se *StatusError
		if !errors.As(err, &se) || se.Sense == nil || se.Sense.Key != KeyUnitAttention && !se.Sense.Deferred {
			break
		}
	}
	return Result{}, last
}

// Lengths asked for first. The first 252 bytes of a VPD page fit the one-byte
// allocation length of old devices; a page that says it is longer is asked for
// again.
const (
	inquiryBytes   = 96
	firstVPDBytes  = 252
	maxPageBytes   = 16384
	firstLogBytes  = 1024
	modeBytes      = 1024
	firstDiagBytes = 4096
)

// Inquiry asks what the device is.
func (c Client) Inquiry(ctx context.Context) (*Inquiry, error) {
	return ask(ctx, c, "inquiry", InquiryRequest(inquiryBytes), DecodeInquiry)
}

// VPD asks for a vital product data page, header included. Decode it with the
// page's Decode function.
func (c Client) VPD(ctx context.Context, page uint8) ([]byte, error) {
	what := fmt.Sprintf("vpd page %02xh", page)
	return c.page(ctx, what, firstVPDBytes, func(n uint16) device.Request { return VPDRequest(page, n) })
}

// LogPage asks for the cumulative values of a log page.
func (c Client) LogPage(ctx context.Context, page, subpage uint8) (*LogPage, error) {
	what := fmt.Sprintf("log page %02xh", page)
	b, err := c.page(ctx, what, firstLogBytes, func(n uint16) device.Request { return LogSenseRequest(page, subpage, n) })
	if err != nil {
		return nil, err
	}
	l, err := DecodeLogPage(b)
	if err != nil {
		return nil, err
	}
	if l.Page != page || l.Subpage != subpage {
		return nil, fmt.Errorf("%s: %w: got page %02xh/%02xh", what, inventory.ErrMalformed, l.Page, l.Subpage)
	}
	return l, nil
}

// Diagnostic asks for a diagnostic page, header included.
func (c Client) Diagnostic(ctx context.Context, page uint8) ([]byte, error) {
	what := fmt.Sprintf("diagnostic page %02xh", page)
	return c.page(ctx, what, firstDiagBytes, func(n uint16) device.Request { return ReceiveDiagnosticRequest(page, n) })
}

// page asks for a page whose header of four bytes tells the length of the rest
// in its last two, and once more, for all of it, when it was longer. What a
// device claims is bounded by maxPageBytes.
func (c Client) page(ctx context.Context, what string, first uint16, request func(n uint16) device.Request) ([]byte, error) {
	res, err := c.Do(ctx, request(first))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if len(res.Data) < 4 {
		return nil, fmt.Errorf("%s: %w: %d bytes", what, inventory.ErrMalformed, len(res.Data))
	}
	claimed := 4 + be16(res.Data[2:])
	if claimed <= int(first) {
		return res.Data[:min(claimed, len(res.Data))], nil
	}
	again, err := c.Do(ctx, request(uint16(min(claimed, maxPageBytes))))
	if err != nil || len(again.Data) < len(res.Data) {
		return res.Data, nil // the part there is
	}
	return again.Data, nil
}

// ModePages asks for the current values of mode pages; page 3Fh is all of
// them. The shorter command is tried when the device does not know the longer.
func (c Client) ModePages(ctx context.Context, page, subpage uint8) (*ModeData, error) {
	what := fmt.Sprintf("mode page %02xh", page)
	m, err := ask(ctx, c, what, ModeSense10Request(page, subpage, modeBytes), DecodeModeSense10)
	var se *StatusError
	if errors.As(err, &se) && se.Sense != nil && se.Sense.Key == KeyIllegalRequest && se.Sense.ASC == 0x20 {
		return ask(ctx, c, what, ModeSense6Request(page, subpage, 252), DecodeModeSense6)
	}
	return m, err
}

// ReadCapacity asks for size and block size: with 64 bits, and with 32 when
// the device does not know that.
func (c Client) ReadCapacity(ctx context.Context) (*Capacity, error) {
	r, err := ask(ctx, c, "read capacity(16)", ReadCapacity16Request(), DecodeReadCapacity16)
	if errors.Is(err, errors.ErrUnsupported) {
		return ask(ctx, c, "read capacity(10)", ReadCapacity10Request(), DecodeReadCapacity10)
	}
	return r, err
}

// Defects asks how long a defect list is.
func (c Client) Defects(ctx context.Context, list DefectList) (*DefectCount, error) {
	d, err := ask(ctx, c, "read defect data(12)", ReadDefectData12Request(list), DecodeDefects12)
	if errors.Is(err, errors.ErrUnsupported) {
		return ask(ctx, c, "read defect data(10)", ReadDefectData10Request(list), DecodeDefects10)
	}
	return d, err
}

// Ready asks whether the device would take a medium command. A device that is
// not ready is a *StatusError.
func (c Client) Ready(ctx context.Context) error {
	if _, err := c.Do(ctx, TestUnitReadyRequest()); err != nil {
		return fmt.Errorf("test unit ready: %w", err)
	}
	return nil
}

// RequestSense asks what the device would report: it answers without leaving a
// low power condition (SPC-5 5.13.5).
func (c Client) RequestSense(ctx context.Context) (*Sense, error) {
	return ask(ctx, c, "request sense", RequestSenseRequest(false), DecodeSense)
}

// ask sends a request and decodes its answer; errors name what was asked.
func ask[T any](ctx context.Context, c Client, what string, req device.Request, decode func([]byte) (T, error)) (T, error) {
	var zero T
	res, err := c.Do(ctx, req)
	if err != nil {
		return zero, fmt.Errorf("%s: %w", what, err)
	}
	return decode(res.Data)
}

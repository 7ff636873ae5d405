package scsi_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

func good(req device.Request, reply []byte) fakedev.Exchange {
	return fakedev.Exchange{Command: req.Command, ReadLen: req.ReadLen, Status: []byte{0}, Reply: reply}
}

func refused(req device.Request, sense []byte) fakedev.Exchange {
	return fakedev.Exchange{Command: req.Command, ReadLen: req.ReadLen, Status: scsi.EncodeStatus(2, sense)}
}

func TestClient(t *testing.T) {
	t.Parallel()
	unknownCommand := fixedSense(5, 0x20, 0)
	dev := fakedev.New(t, device.SCSI,
		good(scsi.InquiryRequest(96), inquiryData()),
		good(scsi.VPDRequest(0x83, 252), deviceIDPage()),
		good(scsi.ReadCapacity16Request(), cat(be64(99), be32(512), make([]byte, 20))),
		refused(scsi.ReadCapacity16Request(), unknownCommand),
		good(scsi.ReadCapacity10Request(), cat(be32(99), be32(512))),
		good(scsi.LogSenseRequest(2, 0, 1024), errorCountersPage(2)),
		good(scsi.ModeSense10Request(0x3F, 0, 1024), modeSense10()),
		refused(scsi.ModeSense10Request(8, 0, 1024), unknownCommand),
		good(scsi.ModeSense6Request(8, 0, 252), modeSense6()),
		good(scsi.ReadDefectData12Request(scsi.DefectsGrown), []byte{0, 8, 0, 0, 0, 0, 0, 4}),
		refused(scsi.ReadDefectData12Request(scsi.DefectsGrown), unknownCommand),
		good(scsi.ReadDefectData10Request(scsi.DefectsGrown), []byte{0, 8, 0, 8}),
		good(scsi.ReceiveDiagnosticRequest(1, 4096), sesConfig()),
		good(scsi.TestUnitReadyRequest(), nil),
		refused(scsi.TestUnitReadyRequest(), fixedSense(2, 4, 2)),
		good(scsi.RequestSenseRequest(false), fixedSense(0, 0x5E, 3)),
	)
	c, ctx := scsi.NewClient(dev), t.Context()
	q, err := c.Inquiry(ctx)
	check(t, "inquiry", q.Product, err, "ST600MM0009")
	b, err := c.VPD(ctx, scsi.VPDDeviceID)
	check(t, "vpd", b, err, deviceIDPage())
	for range 2 {
		r, err := c.ReadCapacity(ctx)
		check(t, "capacity", r.Blocks, err, 100)
	}
	l, err := c.LogPage(ctx, 2, 0)
	check(t, "log", l.Page, err, 2)
	for _, page := range []uint8{0x3F, 8} {
		m, err := c.ModePages(ctx, page, 0)
		check(t, "mode", len(m.Pages) > 0, err, true)
	}
	for _, want := range []uint32{1, 2} {
		d, err := c.Defects(ctx, scsi.DefectsGrown)
		check(t, "defects", *d.Count, err, want)
	}
	b, err = c.Diagnostic(ctx, scsi.DiagConfiguration)
	check(t, "diagnostic", b, err, sesConfig())
	check(t, "ready", true, c.Ready(ctx), true)
	err = c.Ready(ctx)
	var se *scsi.StatusError
	if !errors.As(err, &se) || se.Sense.Key != scsi.KeyNotReady {
		t.Error(err)
	}
	check(t, "words", err.Error(), nil, "test unit ready: not ready, 04h/02h (logical unit not ready, initializing command required)")
	sense, err := c.RequestSense(ctx)
	check(t, "power", sense.Power(), err, scsi.PowerIdle)
}

// A page longer than what was asked for is asked for again, once, and what it
// claims is bounded; when that fails, the first part stays.
func TestLongPages(t *testing.T) {
	t.Parallel()
	serial := vpd(0x80, bytes.Repeat([]byte{'S'}, 255))
	endless := cat([]byte{0x15, 0, 0xFF, 0xFF}, bytes.Repeat(param(1, make([]byte, 20)...), 700))
	dev := fakedev.New(t, device.SCSI,
		good(scsi.VPDRequest(0x80, 252), serial), good(scsi.VPDRequest(0x80, 259), serial),
		good(scsi.VPDRequest(0x80, 252), serial), refused(scsi.VPDRequest(0x80, 259), fixedSense(5, 0x24, 0)),
		good(scsi.LogSenseRequest(0x15, 0, 1024), endless), good(scsi.LogSenseRequest(0x15, 0, 16384), endless),
		good(scsi.VPDRequest(0x80, 252), vpd(0x80, []byte("ABC"))[:6]), // cut short by the way
		good(scsi.VPDRequest(0x80, 252), append(vpd(0x80, []byte("ABC")), make([]byte, 200)...)),
	)
	c, ctx := scsi.NewClient(dev), t.Context()
	for _, want := range []int{259, 252} {
		b, err := c.VPD(ctx, 0x80)
		check(t, "serial number", len(b), err, want)
		if s, err := scsi.DecodeSerialNumber(b); err != nil || len(s) != want-4 {
			t.Errorf("%d %v", len(s), err)
		}
	}
	l, err := c.LogPage(ctx, 0x15, 0)
	check(t, "log", l.Truncated, err, true)
	for _, want := range []int{6, 7} {
		b, err := c.VPD(ctx, 0x80)
		check(t, "short", len(b), err, want)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	attention, deferred := fixedSense(6, 0x29, 0), []byte{0x71, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 0}
	req := scsi.InquiryRequest(96)
	dev := fakedev.New(t, device.SCSI, refused(req, attention), refused(req, deferred), good(req, inquiryData()))
	if _, err := scsi.NewClient(dev).Inquiry(t.Context()); err != nil {
		t.Error(err)
	}
	endless := fakedev.New(t, device.SCSI, refused(req, attention), refused(req, attention), refused(req, attention), refused(req, attention))
	if _, err := scsi.NewClient(endless).Inquiry(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "inquiry: unit attention") {
		t.Error(err)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	way := errors.New("way")
	for name, tt := range map[string]struct {
		answer fakedev.Exchange
		want   error
		text   string
	}{
		"recovered":            {fakedev.Exchange{Status: scsi.EncodeStatus(2, fixedSense(1, 0x18, 0)), Reply: inquiryData()}, nil, ""},
		"reserved status bits": {fakedev.Exchange{Status: []byte{0x81}, Reply: inquiryData()}, nil, ""},
		"field":                {fakedev.Exchange{Status: scsi.EncodeStatus(2, fixedSense(5, 0x24, 0))}, errors.ErrUnsupported, "inquiry: illegal request, 24h/00h (invalid field in cdb)"},
		"medium":               {fakedev.Exchange{Status: scsi.EncodeStatus(2, descriptorSense(3, 0x11, 0))}, nil, "inquiry: medium error, 11h/00h (unrecovered read error)"},
		"deferred recovered":   {fakedev.Exchange{Status: scsi.EncodeStatus(8, nil)}, nil, "inquiry: busy"},
		"reservation":          {fakedev.Exchange{Status: []byte{0x18}}, nil, "inquiry: reservation conflict"},
		"full":                 {fakedev.Exchange{Status: []byte{0x28}}, nil, "inquiry: task set full"},
		"aborted":              {fakedev.Exchange{Status: []byte{0x40}}, nil, "inquiry: task aborted"},
		"no sense":             {fakedev.Exchange{Status: []byte{2}}, nil, "inquiry: check condition"},
		"unreadable sense":     {fakedev.Exchange{Status: []byte{2, 0, 0}}, nil, "inquiry: check condition"},
		"other":                {fakedev.Exchange{Status: []byte{0x30}}, nil, "inquiry: status 30h"},
		"no status":            {fakedev.Exchange{}, inventory.ErrMalformed, "inquiry: malformed data: no status"},
		"way":                  {fakedev.Exchange{Err: way}, way, "inquiry: way"},
		"short":                {fakedev.Exchange{Status: []byte{0}, Reply: inquiryData()[:35]}, inventory.ErrMalformed, "inquiry: malformed data: 35 bytes, want at least 36"},
	} {
		q, err := scsi.NewClient(fakedev.New(t, device.SCSI, tt.answer)).Inquiry(t.Context())
		if tt.text == "" {
			check(t, name, q != nil, err, true)
			continue
		}
		if q != nil || err == nil || err.Error() != tt.text || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := scsi.NewClient(fakedev.New(t, device.SCSI, good(scsi.VPDRequest(0x80, 252), []byte{0, 0}), good(scsi.LogSenseRequest(3, 0, 1024), errorCountersPage(2))))
	if b, err := c.VPD(t.Context(), 0x80); !errors.Is(err, inventory.ErrMalformed) || b != nil {
		t.Errorf("%v %v", b, err)
	}
	if l, err := c.LogPage(t.Context(), 3, 0); !errors.Is(err, inventory.ErrMalformed) || l != nil {
		t.Errorf("another page: %v %v", l, err)
	}
}

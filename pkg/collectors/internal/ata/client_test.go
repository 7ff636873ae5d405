package ata_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// The CDBs as they go to the kernel, byte for byte (SAT-4 12.2.2.3).
func TestRequests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		req  device.Request
		want string
		n    int
	}{
		"identify":         {ata.IdentifyRequest(), "85 08 0e 0000 0001 0000 0000 0000 00 ec 00", 512},
		"identify packet":  {ata.IdentifyPacketRequest(), "85 08 0e 0000 0001 0000 0000 0000 00 a1 00", 512},
		"power mode":       {ata.CheckPowerModeRequest(), "85 06 20 0000 0000 0000 0000 0000 00 e5 00", 0},
		"SMART data":       {ata.SMARTDataRequest(), "85 08 0e 00d0 0001 0000 004f 00c2 00 b0 00", 512},
		"SMART thresholds": {ata.SMARTThresholdsRequest(), "85 08 0e 00d1 0001 0000 004f 00c2 00 b0 00", 512},
		"SMART status":     {ata.SMARTStatusRequest(), "85 06 20 00da 0000 0000 004f 00c2 00 b0 00", 0},
		"SMART log":        {ata.SMARTLogRequest(6, 1), "85 08 0e 00d5 0001 0006 004f 00c2 00 b0 00", 512},
		"log":              {ata.LogRequest(4, 0x0102, 2), "85 09 0e 0000 0002 0004 0102 0000 00 2f 00", 1024},
		"log, no pages":    {ata.LogRequest(4, 0, 0), "85 09 0e 0000 0001 0004 0000 0000 00 2f 00", 512},
		"log, many pages":  {ata.LogRequest(4, 0, 9999), "85 09 0e 0000 0100 0004 0000 0000 00 2f 00", 131072},
	} {
		if diff := cmp.Diff(unhex(tt.want), tt.req.Command); diff != "" || tt.req.ReadLen != tt.n || tt.req.Data != nil {
			t.Errorf("%s: read %d: %x\n%s", name, tt.req.ReadLen, tt.req.Command, diff)
		}
		if err := ata.Allowed(tt.req); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func good(req device.Request, reply []byte) fakedev.Exchange {
	return fakedev.Exchange{Command: req.Command, ReadLen: req.ReadLen, Status: []byte{0}, Reply: reply}
}

// registers answers with an ATA Status Return descriptor.
func registers(req device.Request, key byte, d ...byte) fakedev.Exchange {
	sense := append([]byte{0x72, key, 0, 0x1D, 0, 0, 0, byte(len(d))}, d...)
	return fakedev.Exchange{Command: req.Command, ReadLen: req.ReadLen, Status: scsi.EncodeStatus(2, sense)}
}

func TestClient(t *testing.T) {
	t.Parallel()
	dev := fakedev.New(t, device.SCSI,
		registers(ata.CheckPowerModeRequest(), 1, 9, 12, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0x40, 0x50),
		good(ata.IdentifyRequest(), identifyPage()),
		good(ata.IdentifyPacketRequest(), identifyPage()),
		good(ata.SMARTDataRequest(), smartPage()),
		good(ata.SMARTThresholdsRequest(), thresholdsPage(5, 36)),
		registers(ata.SMARTStatusRequest(), 1, 9, 12, 0, 0, 0, 0, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0x50),
		registers(ata.SMARTStatusRequest(), 1, 9, 12, 0, 0, 0, 0, 0, 0, 0, 0xF4, 0, 0x2C, 0, 0x50),
		good(ata.LogRequest(0, 0, 1), directoryPage()),
		good(ata.LogRequest(4, 0, 1), listPage(0, 1, 2, 7)),
		good(ata.LogRequest(4, 1, 1), statisticsPage(1, map[int]uint64{2: validStatistic | 7})),
		good(ata.LogRequest(4, 7, 1), statisticsPage(7, map[int]uint64{1: validStatistic | 3})),
		good(ata.SMARTLogRequest(6, 1), selfTestPage()),
		good(ata.LogRequest(7, 0, 1), extSelfTestPage()),
	)
	c, ctx := ata.NewClient(dev), t.Context()
	m, err := c.PowerMode(ctx)
	check(t, "power", m, err, 0xFF)
	id, err := c.Identify(ctx)
	check(t, "identify", id.Model, err, "SAMSUNG MZ7LH960HAJR-00005")
	_, err = c.IdentifyPacket(ctx)
	check(t, "identify packet", true, err, true)
	d, err := c.SMARTData(ctx)
	check(t, "data", d.Revision, err, 16)
	th, err := c.SMARTThresholds(ctx)
	check(t, "thresholds", *th.Of(5), err, 36)
	for _, want := range []ata.Verdict{ata.VerdictPassed, ata.VerdictFailed} {
		v, err := c.SMARTVerdict(ctx)
		check(t, "verdict", v, err, want)
	}
	dir, err := c.LogDirectory(ctx)
	check(t, "directory", dir.Pages(4), err, 8)
	s, err := c.Statistics(ctx)
	check(t, "statistics", s, err, []ata.Statistic{{Page: 1, Name: "power_on_hours", Value: 7}, {Page: 7, Name: "percentage_used", Value: 3}})
	l, err := c.SelfTests(ctx)
	check(t, "self-tests", len(l), err, 3)
	l, err = c.ExtSelfTests(ctx)
	check(t, "extended", len(l), err, 2)
}

func TestRegisters(t *testing.T) {
	t.Parallel()
	req := ata.SMARTStatusRequest()
	way := errors.New("way")
	passed := []byte{9, 12, 0, 0, 0, 0, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0x50}
	for name, tt := range map[string]struct {
		answer fakedev.Exchange
		want   error
	}{
		"with an error key": {registers(req, 0xB, passed...), nil},
		"fixed format":      {fakedev.Exchange{Status: scsi.EncodeStatus(2, []byte{0x70, 0, 1, 0, 0x50, 0, 0, 10, 0, 0, 0x4F, 0xC2, 0, 0x1D})}, nil},
		"aborted":           {registers(req, 0xB, 9, 12, 0, 4, 0, 0, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0x51), nil},
		"error, good key":   {registers(req, 1, 9, 12, 0, 4, 0, 0, 0, 0, 0, 0x4F, 0, 0xC2, 0, 0x51), errors.ErrUnsupported},
		"none":              {good(req, nil), errors.ErrUnsupported},
		"refused":           {fakedev.Exchange{Status: scsi.EncodeStatus(2, []byte{0x72, 5, 0x20, 0, 0, 0, 0, 0})}, errors.ErrUnsupported},
		"odd registers":     {registers(req, 1, 9, 12, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0x50), inventory.ErrMalformed},
		"way":               {fakedev.Exchange{Err: way}, way},
	} {
		v, err := ata.NewClient(fakedev.New(t, device.SCSI, tt.answer)).SMARTVerdict(t.Context())
		switch {
		case name == "aborted":
			if v != "" || err == nil {
				t.Errorf("%s: %v %v", name, v, err)
			}
		case tt.want == nil:
			check(t, name, v, err, ata.VerdictPassed)
		case v != "" || !errors.Is(err, tt.want):
			t.Errorf("%s: %v %v", name, v, err)
		}
	}
	if m, err := ata.NewClient(fakedev.New(t, device.SCSI, fakedev.Exchange{Status: []byte{8}})).PowerMode(t.Context()); m != 0 || err == nil {
		t.Error(m, err)
	}
}

func TestShortAnswers(t *testing.T) {
	t.Parallel()
	c := ata.NewClient(fakedev.New(t, device.SCSI,
		good(ata.IdentifyRequest(), identifyPage()[:511]),
		good(ata.LogRequest(4, 0, 1), listPage(1)),
		good(ata.LogRequest(4, 1, 1), nil),
		good(ata.LogRequest(4, 0, 1), nil),
	))
	if d, err := c.Identify(t.Context()); !errors.Is(err, inventory.ErrMalformed) || d != nil {
		t.Error(d, err)
	}
	if s, err := c.Statistics(t.Context()); !errors.Is(err, inventory.ErrMalformed) || s == nil || len(s) != 0 {
		t.Error(s, err)
	}
	if s, err := c.Statistics(t.Context()); !errors.Is(err, inventory.ErrMalformed) || s != nil {
		t.Error(s, err)
	}
	if _, err := ata.Open("/dev/null"); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
}

package megaraid_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ata"
	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// The encoded commands, byte for byte.
func TestRequests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		req  device.Request
		want string
		n    int
	}{
		"controller":    {megaraid.ControllerInfoRequest(0x0102), "0500 0201 00000101 000000000000000000000000", 2048},
		"drives":        {megaraid.PDListRequest(1), "0500 0100 00000102 000000000000000000000000", 5768},
		"drive":         {megaraid.PDInfoRequest(1, 0x0120), "0500 0100 00000202 200100000000000000000000", 512},
		"logicals":      {megaraid.LDListRequest(1), "0500 0100 00000103 000000000000000000000000", 1032},
		"logical":       {megaraid.LDInfoRequest(1, 3), "0500 0100 00000203 030000000000000000000000", 384},
		"configuration": {megaraid.ConfigRequest(1, 0), "0500 0100 00000104 000000000000000000000000", 4096},
		"bounded":       {megaraid.ConfigRequest(1, 1<<30), "0500 0100 00000104 000000000000000000000000", 65536},
		"battery":       {megaraid.BBUStatusRequest(1), "0500 0100 00000105 000000000000000000000000", 64},
		"inquiry":       {megaraid.SCSIRequest(1, 8, scsi.InquiryRequest(96)), "0406 0100 0800 0000 12000000600000000000000000000000", 96},
		"QEMU's drive":  {megaraid.SCSIRequest(1, 0x0102, scsi.InquiryRequest(96)), "0406 0100 0102 0000 12000000600000000000000000000000", 96},
		"identify":      {megaraid.SCSIRequest(1, 8, ata.IdentifyRequest()), "0410 0100 0800 0000 85080e0000000100000000000000ec00", 512},
	} {
		if diff := cmp.Diff(unhex(tt.want), tt.req.Command); diff != "" || tt.req.ReadLen != tt.n || tt.req.Data != nil {
			t.Errorf("%s: read %d: %x\n%s", name, tt.req.ReadLen, tt.req.Command, diff)
		}
		if err := megaraid.Allowed(tt.req); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cmd megaraid.Command
		n   int
	}{
		"set properties":        {megaraid.Command{Opcode: 0x01020200}, 64},
		"alarm silence":         {megaraid.Command{Opcode: 0x01030400}, 4},
		"clear events":          {megaraid.Command{Opcode: 0x01040200}, 4},
		"wait for events":       {megaraid.Command{Opcode: 0x01040500}, 4},
		"shutdown":              {megaraid.Command{Opcode: 0x01050000}, 4},
		"set time":              {megaraid.Command{Opcode: 0x01080102}, 8},
		"factory defaults":      {megaraid.Command{Opcode: 0x010D0000}, 4},
		"flash":                 {megaraid.Command{Opcode: 0x010F0100}, 4},
		"flush cache":           {megaraid.Command{Opcode: 0x01101000}, 4},
		"set drive state":       {megaraid.Command{Opcode: 0x02030100}, 4},
		"rebuild":               {megaraid.Command{Opcode: 0x02040100}, 4},
		"clear drive":           {megaraid.Command{Opcode: 0x02050100}, 4},
		"blink":                 {megaraid.Command{Opcode: 0x02070100}, 4},
		"set logical":           {megaraid.Command{Opcode: 0x03040000}, 4},
		"delete logical":        {megaraid.Command{Opcode: 0x03090000}, 4},
		"add configuration":     {megaraid.Command{Opcode: 0x04020000}, 4},
		"clear configuration":   {megaraid.Command{Opcode: 0x04030000}, 4},
		"import foreign":        {megaraid.Command{Opcode: 0x04060400}, 4},
		"learn cycle":           {megaraid.Command{Opcode: 0x05040000}, 4},
		"set battery":           {megaraid.Command{Opcode: 0x05050200}, 4},
		"reset":                 {megaraid.Command{Opcode: 0x08010200}, 4},
		"no buffer":             {megaraid.Command{Opcode: 0x01010000}, 0},
		"huge buffer":           {megaraid.Command{Opcode: 0x01010000}, 1 << 20},
		"negative buffer":       {megaraid.Command{Opcode: 0x01010000}, -1},
		"format unit":           {megaraid.Command{CDB: []byte{4, 0, 0, 0, 0, 0}}, 0},
		"write":                 {megaraid.Command{CDB: []byte{0x2A, 0, 0, 0, 0, 0, 0, 0, 1, 0}}, 512},
		"start stop":            {megaraid.Command{CDB: []byte{0x1B, 0, 0, 0, 0, 0}}, 0},
		"inquiry, wrong size":   {megaraid.Command{CDB: []byte{0x12, 0, 0, 0, 96, 0}}, 36},
		"ATA security erase":    {megaraid.Command{CDB: unhex("850a060000000100000000000000f400")}, 512},
		"ATA standby":           {megaraid.Command{CDB: unhex("8506200000000000000000000000e000")}, 0},
		"cdb of another length": {megaraid.Command{CDB: []byte{0x12, 0, 0, 0, 96}}, 96},
	} {
		if megaraid.Allowed(device.Request{Command: tt.cmd.Encode(), ReadLen: tt.n}) == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	for name, raw := range map[string]string{
		"none": "", "short": "0500", "other frame": "0100 0100 00000101 000000000000000000000000", "stp": "0800 0100 00000101 000000000000000000000000",
		"dcmd with a length": "0501 0100 00000101 000000000000000000000000", "cdb too long": "0411 0100 0800 0000 12000000600000000000000000000000",
		"bytes behind the cdb": "0406 0100 0800 0000 12000000600000000000000000000001", "reserved": "0406 0100 0800 0100 12000000600000000000000000000000",
		"cdb of nothing": "0400 0100 0800 0000 00000000000000000000000000000000",
	} {
		if megaraid.Allowed(device.Request{Command: unhex(raw), ReadLen: 96}) == nil {
			t.Errorf("%s: allowed", name)
		}
	}
	req := megaraid.ControllerInfoRequest(0)
	req.Data = []byte{1}
	if megaraid.Allowed(req) == nil {
		t.Error("data to the device: allowed")
	}
}

func good(req device.Request, reply []byte) fakedev.Exchange {
	return fakedev.Exchange{Command: req.Command, ReadLen: req.ReadLen, Status: []byte{0}, Reply: reply}
}

func TestClient(t *testing.T) {
	t.Parallel()
	long := configPage(288, 256)
	long.u32(0, 5000)
	endless := configPage(288, 256)
	endless.u32(0, 0xFFFFFFFF)
	dev := fakedev.New(t, device.MegaRAID,
		good(megaraid.ControllerInfoRequest(2), controllerPage()),
		good(megaraid.PDListRequest(2), pdListPage()),
		good(megaraid.PDInfoRequest(2, 8), pdPage()),
		good(megaraid.PDInfoRequest(2, 9), pdPage()),
		good(megaraid.LDListRequest(2), ldListPage()),
		good(megaraid.LDInfoRequest(2, 1), ldPage()),
		good(megaraid.ConfigRequest(2, 0), configPage(288, 256)),
		good(megaraid.ConfigRequest(2, 0), long), good(megaraid.ConfigRequest(2, 5000), long),
		good(megaraid.ConfigRequest(2, 0), endless), fakedev.Exchange{Command: megaraid.ConfigRequest(2, 65536).Command, ReadLen: 65536, Status: []byte{3}},
		good(megaraid.BBUStatusRequest(2), batteryPage()),
	)
	c, ctx := megaraid.NewClient(dev, 2), t.Context()
	ctrl, err := c.Controller(ctx)
	check(t, "controller", ctrl.SerialNumber, err, "62Q00FX")
	pds, err := c.PhysicalDrives(ctx)
	check(t, "drives", len(pds.Devices), err, 2)
	pd, err := c.PhysicalDrive(ctx, 8)
	check(t, "drive", pd.Slot, err, 7)
	if pd, err := c.PhysicalDrive(ctx, 9); !errors.Is(err, inventory.ErrMalformed) || pd != nil {
		t.Error("another drive's answer:", pd, err)
	}
	lds, err := c.LogicalDrives(ctx)
	check(t, "logicals", len(lds.Drives), err, 2)
	ld, err := c.LogicalDrive(ctx, 1)
	check(t, "logical", ld.Level, err, "raid10")
	for _, truncated := range []bool{false, true, true} {
		cfg, err := c.Config(ctx)
		check(t, "configuration", cfg.Truncated, err, truncated)
	}
	b, err := c.Battery(ctx)
	check(t, "battery", b.State(), err, "optimal")
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	way := errors.New("way")
	for name, tt := range map[string]struct {
		answer fakedev.Exchange
		want   error
		text   string
	}{
		"unknown":   {fakedev.Exchange{Status: []byte{2}}, errors.ErrUnsupported, "battery status: firmware status 02h (invalid direct command)"},
		"parameter": {fakedev.Exchange{Status: []byte{3}}, megaraid.StatusError(3), "battery status: firmware status 03h (invalid parameter)"},
		"not there": {fakedev.Exchange{Status: []byte{0x0C}}, fs.ErrNotExist, "battery status: firmware status 0ch (device not found)"},
		"no such":   {fakedev.Exchange{Status: []byte{0x22}}, fs.ErrNotExist, "battery status: firmware status 22h (no such hardware)"},
		"unset":     {fakedev.Exchange{Status: []byte{0xFF}}, megaraid.StatusError(0xFF), "battery status: firmware status ffh (no status)"},
		"other":     {fakedev.Exchange{Status: []byte{0x77}}, megaraid.StatusError(0x77), "battery status: firmware status 77h"},
		"nothing":   {fakedev.Exchange{}, inventory.ErrMalformed, "battery status: malformed data: no status"},
		"way":       {fakedev.Exchange{Err: way}, way, "battery status: way"},
		"short":     {fakedev.Exchange{Status: []byte{0}, Reply: make([]byte, 10)}, inventory.ErrMalformed, "battery status: malformed data: 10 bytes, want 64"},
	} {
		b, err := megaraid.NewClient(fakedev.New(t, device.MegaRAID, tt.answer), 0).Battery(t.Context())
		if b != nil || !errors.Is(err, tt.want) || err.Error() != tt.text {
			t.Errorf("%s: %v %v", name, b, err)
		}
	}
	for s := range megaraid.StatusError(0x30) {
		if s.Error() == "" {
			t.Error(s)
		}
	}
}

// A hidden drive is asked by the SCSI and ATA clients as any other.
func TestDrive(t *testing.T) {
	t.Parallel()
	inquiry := append(unhex("00000612 5b000000"), "SEAGATE ST600MM0009     CN04"...)
	wrap := func(req device.Request) device.Request { return megaraid.SCSIRequest(3, 8, req) }
	attention := []byte{0x72, 6, 0x29, 0, 0, 0, 0, 0}
	registers := unhex("7201001d0000000e 090c 00 00 00 00 00 4f 00 c2 00 00 00 50")
	registers[8+7], registers[8+9], registers[8+11] = 0, 0x4F, 0xC2
	dev := fakedev.New(t, device.MegaRAID,
		fakedev.Exchange{Command: wrap(scsi.InquiryRequest(96)).Command, ReadLen: 96, Status: megaraid.EncodeStatus(0x2D, attention)},
		good(wrap(scsi.InquiryRequest(96)), inquiry),
		fakedev.Exchange{Command: wrap(ata.SMARTStatusRequest()).Command, Status: megaraid.EncodeStatus(0x2D, registers)},
		fakedev.Exchange{Command: wrap(scsi.TestUnitReadyRequest()).Command, Status: []byte{0x2F}},
		fakedev.Exchange{Command: wrap(scsi.TestUnitReadyRequest()).Command, Status: []byte{0x0C}},
		fakedev.Exchange{Command: wrap(scsi.TestUnitReadyRequest()).Command},
		fakedev.Exchange{Command: wrap(scsi.TestUnitReadyRequest()).Command, Err: fs.ErrPermission},
	)
	drive := megaraid.NewClient(dev, 3).Drive(8)
	c := scsi.NewClient(drive)
	q, err := c.Inquiry(t.Context())
	check(t, "inquiry", q.Product, err, "ST600MM0009")
	v, err := ata.NewClient(drive).SMARTVerdict(t.Context())
	check(t, "verdict", v, err, ata.VerdictPassed)
	var se *scsi.StatusError
	if err := c.Ready(t.Context()); !errors.As(err, &se) || se.Status != 0x18 {
		t.Error("reservation:", err)
	}
	for _, want := range []error{fs.ErrNotExist, inventory.ErrMalformed, fs.ErrPermission} {
		if err := c.Ready(t.Context()); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := drive.Exchange(t.Context(), device.Request{}); err == nil {
		t.Error("no cdb, no error")
	}
	if err := drive.Close(); err != nil || dev.Closed() {
		t.Error("closing a drive closed its controller")
	}
}

func TestUnit(t *testing.T) {
	t.Parallel()
	for want, req := range map[string]device.Request{
		"host 3":              megaraid.BBUStatusRequest(3),
		"host 3 target 8:0":   megaraid.SCSIRequest(3, 8, scsi.InquiryRequest(96)),
		"host 700 target 1:2": megaraid.SCSIRequest(700, 0x102, scsi.InquiryRequest(96)),
		"":                    {Command: []byte{1}},
	} {
		if got := megaraid.Unit(req); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

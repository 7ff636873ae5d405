package scsi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
)

// The CDBs as they go to the kernel, byte for byte.
func TestRequests(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		req  device.Request
		want string
		n    int
	}{
		"test unit ready":        {scsi.TestUnitReadyRequest(), "000000000000", 0},
		"request sense":          {scsi.RequestSenseRequest(false), "03000000fc00", 252},
		"request sense, desc":    {scsi.RequestSenseRequest(true), "03010000fc00", 252},
		"inquiry":                {scsi.InquiryRequest(96), "120000006000", 96},
		"vpd":                    {scsi.VPDRequest(0x83, 0x1234), "120183123400", 0x1234},
		"read capacity 10":       {scsi.ReadCapacity10Request(), "25000000000000000000", 8},
		"read capacity 16":       {scsi.ReadCapacity16Request(), "9e100000000000000000000000200000", 32},
		"log sense":              {scsi.LogSenseRequest(0x2F, 0, 1024), "4d006f00000000040000", 1024},
		"log sense, subpages":    {scsi.LogSenseRequest(0, 0xFF, 512), "4d0040ff000000020000", 512},
		"mode sense 6":           {scsi.ModeSense6Request(0x1C, 0, 252), "1a081c00fc00", 252},
		"mode sense 10":          {scsi.ModeSense10Request(0x19, 1, 1024), "5a081901000000040000", 1024},
		"receive diagnostic":     {scsi.ReceiveDiagnosticRequest(0x0A, 4096), "1c010a100000", 4096},
		"report luns":            {scsi.ReportLUNsRequest(4096), "a00000000000000010000000", 4096},
		"read defects 10, grown": {scsi.ReadDefectData10Request(scsi.DefectsGrown), "37000800000000000400", 4},
		"read defects 12, all":   {scsi.ReadDefectData12Request(scsi.DefectsGrown | scsi.DefectsPrimary), "b71800000000000000080000", 8},
	} {
		if diff := cmp.Diff(unhex(tt.want), tt.req.Command); diff != "" || tt.req.ReadLen != tt.n || tt.req.Data != nil {
			t.Errorf("%s: read %d: %x\n%s", name, tt.req.ReadLen, tt.req.Command, diff)
		}
		if err := scsi.Allowed(tt.req); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllowedATA(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cdb string
		n   int
	}{
		"identify device":      {"85080e00000001000000000000 00ec00", 512},
		"identify packet":      {"85080e00000001000000000000 00a100", 512},
		"SMART read data":      {"85080e00d000010000004f00c2 00b000", 512},
		"SMART read log":       {"85080e00d500010006004f00c2 00b000", 512},
		"SMART return status":  {"85062000da00000000004f00c2 00b000", 0},
		"check power mode":     {"8506200000000000000000000000e500", 0},
		"read log ext":         {"85090e00000001000400010000 002f00", 512},
		"read log ext, 2":      {"85090e00000002000400010000 002f00", 1024},
		"read log dma ext":     {"850d0e00000001000400010000 004700", 512},
		"read log ext, page >": {"85090e00000001000401010000 002f00", 512},
	} {
		if err := scsi.Allowed(device.Request{Command: unhex(tt.cdb), ReadLen: tt.n}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cdb string
		n   int
	}{
		"none":                   {"", 0},
		"too short":              {"1200000060", 96},
		"too long":               {"12000000600000", 96},
		"format unit":            {"040000000000", 0},
		"read 6":                 {"080000000100", 512},
		"write 6":                {"0a0000000100", 0},
		"mode select 6":          {"151000001800", 0},
		"reserve 6":              {"160000000000", 0},
		"start stop unit":        {"1b0000000000", 0},
		"send diagnostic":        {"1d0400000000", 0},
		"read 10":                {"28000000000000000100", 512},
		"write 10":               {"2a000000000000000100", 0},
		"verify 10":              {"2f000000000000000100", 0},
		"synchronize cache":      {"35000000000000000000", 0},
		"write buffer":           {"3b050000000000001000", 0},
		"read buffer":            {"3c020000000000001000", 4096},
		"unmap":                  {"42000000000000001800", 0},
		"sanitize":               {"48030000000000000000", 0},
		"log select":             {"4c000000000000000000", 0},
		"mode select 10":         {"55100000000000001800", 0},
		"persistent reserve out": {"5f000000000000001800", 0},
		"variable length":        {"7f000000000000000000", 0},
		"write 16":               {"8a000000000000000000000000010000", 0},
		"write same 16":          {"93000000000000000000000000010000", 0},
		"write and verify 16":    {"8e000000000000000000000000010000", 0},
		"other service action":   {"9e120000000000000000000000200000", 32},
		"ata pass through 12":    {"a1080e00010000000000ec00", 512},
		"blank":                  {"a10000000000000000000000", 0},
		"security protocol in":   {"a20000000000000002000000", 512},
		"security protocol out":  {"b50000000000000002000000", 0},
		"maintenance out":        {"a40600000000000000000000", 0},
		"reassign blocks":        {"070000000000", 0},
		"vendor":                 {"c00000000000", 0},
		"log sense that saves":   {"4d016f00000000040000", 1024},
		"log sense, parameters":  {"4d026f00000000040000", 1024},
		"inquiry, page no evpd":  {"120083006000", 96},
		"inquiry, cmddt":         {"120200006000", 96},
		"inquiry, short buffer":  {"120000006000", 36},
		"inquiry, control":       {"120000006004", 96},
		"diagnostic, no page":    {"1c0000100000", 4096},
		"diagnostic, other page": {"1c013f100000", 4096},
		"capacity, long buffer":  {"25000000000000000000", 32},
		"capacity, PMI":          {"25000000000000000100", 8},
		"test unit ready, data":  {"000000000000", 8},
		"negative length":        {"000000000000", -1},
		"mode sense, odd bits":   {"1a181c00fc00", 252},

		"ATA hard reset":         {"85000e0000000100000000000000ec00", 512},
		"ATA soft reset":         {"85020e0000000100000000000000ec00", 512},
		"ATA response":           {"851e0e0000000100000000000000ec00", 512},
		"ATA PIO out":            {"850a060000000100000000000000ec00", 512},
		"ATA to the device":      {"8508060000000100000000000000ec00", 512},
		"ATA identify of two":    {"85080e0000000200000000000000ec00", 1024},
		"ATA short buffer":       {"85080e0000000100000000000000ec00", 256},
		"ATA bytes, not blocks":  {"85080a0000000100000000000000ec00", 512},
		"ATA identify, no data":  {"8506200000000100000000000000ec00", 0},
		"ATA power, with data":   {"85060e0000000100000000000000e500", 512},
		"ATA multiple":           {"85280e0000000100000000000000ec00", 512},
		"ATA off line":           {"85084e0000000100000000000000ec00", 512},
		"ATA upper LBA":          {"85090e00000001010400010000002f00", 512},
		"ATA read sectors":       {"85080e00000001000000000000402000", 512},
		"ATA write sectors":      {"850a0600000001000000000000403000", 512},
		"ATA write DMA ext":      {"850d0600000001000000000000403500", 512},
		"ATA dsm (trim)":         {"850d0600010001000000000000400600", 512},
		"ATA sanitize":           {"8507200000140000000000000000b400", 0},
		"ATA download microcode": {"850a0600070001000000000000009200", 512},
		"ATA standby immediate":  {"8506200000000000000000000000e000", 0},
		"ATA sleep":              {"8506200000000000000000000000e600", 0},
		"ATA flush":              {"8506200000000000000000000000e700", 0},
		"ATA set features":       {"8506200002000000000000000000ef00", 0},
		"ATA security erase":     {"850a060000000100000000000000f400", 512},
		"ATA security unlock":    {"850a060000000100000000000000f200", 512},
		"ATA security freeze":    {"8506200000000000000000000000f500", 0},
		"ATA set max":            {"8506200000000000000000000000f900", 0},
		"ATA write log ext":      {"850b0600000001000400000000003f00", 512},
		"SMART enable":           {"85062000d800000000004f00c200b000", 0},
		"SMART disable":          {"85062000d900000000004f00c200b000", 0},
		"SMART self-test":        {"85062000d400000001004f00c200b000", 0},
		"SMART autosave":         {"85062000d200f10000004f00c200b000", 0},
		"SMART attribute saving": {"85062000d300000000004f00c200b000", 0},
		"SMART write log":        {"850a0600d600010006004f00c200b000", 512},
		"SMART without key":      {"85080e00d0000100000000000000b000", 512},
		"SMART host log":         {"85080e00d500010080004f00c200b000", 512},
		"log that clears":        {"85090e00010001001100000000002f00", 512},
		"NCQ error log":          {"85090e00000001001000000000002f00", 512},
		"device internal status": {"85090e00000001002400000000002f00", 512},
		"log of no blocks":       {"85090e00000000000400000000002f00", 0},
		"log of too many blocks": {"85090e00000200000400000000002f00", 262144},
		"log ext without extend": {"85080e00000001000400000000002f00", 512},
		"log dma by PIO":         {"85090e00000001000400000000004700", 512},
		"log with T_TYPE":        {"85091e00000001000400000000002f00", 512},
	} {
		err := scsi.Allowed(device.Request{Command: unhex(tt.cdb), ReadLen: tt.n})
		if err == nil {
			t.Errorf("%s: allowed", name)
			continue
		}
		switch name {
		case "none", "too short", "too long", "variable length", "vendor":
		default: // a typing error above must not pass for a refusal
			if strings.Contains(err.Error(), "cdb of") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	req := scsi.InquiryRequest(96)
	req.Data = []byte{1}
	if scsi.Allowed(req) == nil {
		t.Error("data to the device: allowed")
	}
}

// FuzzAllowed holds the list against what it must never let through, whatever
// the other bytes are.
func FuzzAllowed(f *testing.F) {
	f.Add(scsi.InquiryRequest(96).Command, 96)
	f.Add(unhex("85080e0000000100000000000000ec00"), 512)
	f.Add(unhex("85090e00000001000400010000002f00"), 512)
	f.Add(unhex("85062000da00000000004f00c200b000"), 0)
	f.Fuzz(func(t *testing.T, cdb []byte, n int) {
		if scsi.Allowed(device.Request{Command: cdb, ReadLen: n}) != nil {
			return
		}
		switch cdb[0] {
		case 0x00, 0x03, 0x12, 0x1A, 0x1C, 0x25, 0x37, 0x4D, 0x5A, 0xA0, 0xB7:
		case 0x9E:
			if cdb[1] != 0x10 {
				t.Fatal("service action")
			}
		case 0x85:
			switch cdb[14] {
			case 0xEC, 0xA1, 0xE5, 0x2F, 0x47:
			case 0xB0:
				if f := cdb[4]; f != 0xD0 && f != 0xD1 && f != 0xD5 && f != 0xDA {
					t.Fatalf("SMART %02x", f)
				}
			default:
				t.Fatalf("ATA command %02x", cdb[14])
			}
			if p := cdb[1] >> 1 & 0xF; p != 3 && p != 4 && p != 6 {
				t.Fatalf("protocol %d", p)
			}
			if n > 0 && cdb[2]&8 == 0 {
				t.Fatal("to the device")
			}
		default:
			t.Fatalf("opcode %02x", cdb[0])
		}
	})
}

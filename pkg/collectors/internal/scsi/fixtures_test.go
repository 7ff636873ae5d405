package scsi_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
)

// Captured pages are compared with what sg_inq, sg_vpd, sg_logs and sdparm say
// of them (expected/*.txt).

func captures(t *testing.T) fs.FS {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	return os.DirFS(path.Join(root, "scsi"))
}

func read(t *testing.T, fsys fs.FS, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// value returns what a text says after a key.
func value(t *testing.T, text, key string) string {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(key) + `[:=]?[ \t]*([^\n]*)`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("nothing after %q", key)
	}
	return strings.TrimSpace(m[1])
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %q, want %q", what, got, want)
	}
}

func TestCapturedInquiry(t *testing.T) {
	t.Parallel()
	fsys := captures(t)
	for bin, text := range map[string]string{
		"infrasim-seagate-st600mm0088/inquiry_std.bin": "infrasim-seagate-st600mm0088/expected/inquiry_std.txt",
		"_constructed/sg3-inq-standard/data.bin":       "_constructed/sg3-inq-standard/expected/sg_inq.txt",
	} {
		q, err := scsi.DecodeInquiry(read(t, fsys, bin))
		if err != nil {
			t.Fatal(err)
		}
		want := string(read(t, fsys, text))
		same(t, "vendor", q.Vendor, value(t, want, "Vendor identification"))
		same(t, "product", q.Product, value(t, want, "Product identification"))
		same(t, "revision", q.Revision, value(t, want, "Product revision level"))
		for key, got := range map[string]any{
			fmt.Sprintf("PQual=%d  PDT=%d ", q.Qualifier, q.Type): nil, fmt.Sprintf("RMB=%d", bit(q.Removable)): nil,
			fmt.Sprintf("version=0x%02x", q.Version): nil, fmt.Sprintf(" Protect=%d", bit(q.Protection)): nil,
			fmt.Sprintf("EncServ=%d", bit(q.Enclosure)): nil, fmt.Sprintf("MultiP=%d", bit(q.MultiPort)): nil,
		} {
			if !strings.Contains(want, key) {
				t.Errorf("%s: no %s in the expected text %v", bin, key, got)
			}
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// vpdPages splits a run of VPD pages.
func vpdPages(b []byte) map[uint8][]byte {
	pages := map[uint8][]byte{}
	for len(b) >= 4 {
		n := min(len(b), 4+int(b[2])<<8+int(b[3]))
		pages[b[1]], b = b[:n], b[n:]
	}
	return pages
}

func TestCapturedVPD(t *testing.T) {
	t.Parallel()
	fsys := captures(t)
	const drive = "infrasim-seagate-st600mm0088"
	pages := map[uint8][]byte{}
	expected := ""
	for _, page := range []uint8{0, 0x80, 0x83, 0x86, 0xB0, 0xB1, 0xB2} {
		pages[page] = read(t, fsys, fmt.Sprintf("%s/vpd_%02x.bin", drive, page))
		expected += string(read(t, fsys, fmt.Sprintf("%s/expected/vpd_%02x.txt", drive, page)))
	}
	t.Run(drive, func(t *testing.T) {
		t.Parallel()
		compareVPD(t, pages, expected)
	})
	t.Run("sg3-vpd-sdeb", func(t *testing.T) {
		t.Parallel()
		pages := vpdPages(read(t, fsys, "_constructed/sg3-vpd-sdeb/data.bin"))
		text := string(read(t, fsys, "_constructed/sg3-vpd-sdeb/expected/sg_vpd-all.txt"))
		compareVPD(t, pages, text)
		a, err := scsi.DecodeATAInformation(pages[0x89])
		if err != nil {
			t.Fatal(err)
		}
		same(t, "SATL vendor", a.Vendor, value(t, text, "SAT Vendor identification"))
		same(t, "SATL product", a.Product, value(t, text, "SAT Product identification"))
		same(t, "SATL revision", a.Revision, value(t, text, "SAT Product revision level"))
		same(t, "command", fmt.Sprintf("%#x", a.Command), value(t, text, "Command code"))
	})
}

func compareVPD(t *testing.T, pages map[uint8][]byte, text string) {
	t.Helper()
	supported, err := scsi.DecodeSupportedVPD(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(text, "Supported VPD pages VPD page:\n")
	list, _, _ = strings.Cut(list, "VPD page:")
	if n := strings.Count(list, "\n  "); n > len(supported) || n+1 < len(supported) {
		t.Errorf("%d supported pages, want about %d", len(supported), n)
	}
	serial, err := scsi.DecodeSerialNumber(pages[0x80])
	if err != nil {
		t.Fatal(err)
	}
	same(t, "serial", serial, value(t, text, "Unit serial number: "))
	compareDeviceID(t, pages[0x83], text)
	ext, err := scsi.DecodeExtendedInquiry(pages[0x86])
	if err != nil {
		t.Fatal(err)
	}
	same(t, "self-test minutes", fmt.Sprint(ext.SelfTestMinutes), value(t, text, "Extended self-test completion minutes"))
	same(t, "sense bytes", fmt.Sprint(ext.MaxSenseBytes), value(t, text, "Maximum supported sense data length"))
	for _, s := range []string{fmt.Sprintf("GRD_CHK=%d", bit(ext.GuardCheck)), fmt.Sprintf("POA_SUP=%d", bit(ext.PowerOnActivation)), fmt.Sprintf("NV_SUP=%d V_SUP=%d", bit(ext.NonvolatileCache), bit(ext.VolatileCache))} {
		if !strings.Contains(text, s) {
			t.Errorf("no %s in the expected text", s)
		}
	}
	limits, err := scsi.DecodeBlockLimits(pages[0xB0])
	if err != nil {
		t.Fatal(err)
	}
	same(t, "max transfer", fmt.Sprintf("%d blocks", limits.MaxTransferBlocks), value(t, text, "Maximum transfer length"))
	same(t, "granularity", fmt.Sprintf("%d blocks", limits.OptimalGranularity), value(t, text, "Optimal transfer length granularity"))
	if want := value(t, text, "Optimal transfer length: "); !strings.HasPrefix(want, fmt.Sprintf("%d blocks", limits.OptimalTransferBlocks)) {
		t.Errorf("optimal transfer %d, want %s", limits.OptimalTransferBlocks, want)
	}
	c, err := scsi.DecodeBlockCharacteristics(pages[0xB1])
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, "Non-rotating") {
		same(t, "rotation", fmt.Sprint(*c.RotationRPM), "0")
	} else {
		same(t, "rotation", fmt.Sprintf("%d rpm", *c.RotationRPM), value(t, text, "Nominal rotation rate"))
	}
	forms := map[string]string{"2.5 inch": "2.5_inch", "less then 1.8 inch": "less_than_1.8_inch"}
	same(t, "form factor", c.FormFactor, forms[value(t, text, "Nominal form factor")])
	same(t, "zoned", fmt.Sprint(c.Zoned), value(t, text, "ZONED"))
	p, err := scsi.DecodeProvisioning(pages[0xB2])
	if err != nil {
		t.Fatal(err)
	}
	same(t, "lbpu", fmt.Sprint(bit(p.Unmap)), value(t, text, "(LBPU)"))
	same(t, "lbpws", fmt.Sprint(bit(p.WriteSame16)), value(t, text, "(LBPWS)"))
	same(t, "lbprz", fmt.Sprint(bit(p.ReadsZeros)), value(t, text, "(LBPRZ)"))
	if want := value(t, text, "Provisioning type"); !strings.HasPrefix(want, fmt.Sprint(p.Type)) {
		t.Errorf("provisioning %d, want %s", p.Type, want)
	}
}

// compareDeviceID demands every name in the text, in order, of the page.
func compareDeviceID(t *testing.T, page []byte, text string) {
	t.Helper()
	id, err := scsi.DecodeDeviceID(page)
	if err != nil || id.Truncated {
		t.Fatal(id, err)
	}
	_, text, _ = strings.Cut(text, "Device Identification VPD page:")
	text, _, _ = strings.Cut(text, "VPD page:")
	at := 0
	for _, d := range id.Designators {
		want := ""
		switch d.Type {
		case scsi.DesignatorNAA, scsi.DesignatorEUI64:
			want = "0x" + scsi.Hex(d.Value)
		case scsi.DesignatorName:
			want = strings.TrimRight(string(d.Value), "\x00")
		case scsi.DesignatorRelativePort:
			port, _ := id.RelativePort()
			want = fmt.Sprintf("Relative target port: %#x", port)
		case scsi.DesignatorT10:
			want = "vendor specific: " + strings.TrimSpace(string(d.Value[8:]))
		default:
			continue
		}
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Errorf("%q does not come next in the expected text", want)
			continue
		}
		at += i + len(want)
	}
	_, lu, _ := strings.Cut(text, "Addressed logical unit:")
	lu, _, _ = strings.Cut(lu, "Target port:")
	if m := regexp.MustCompile(`type: NAA,[^\n]*\n\s+0x([0-9a-f]+)`).FindStringSubmatch(lu); m != nil {
		same(t, "wwn", id.WWN(), m[1])
	}
	if p, ok := id.Transport(); ok && strings.Contains(text, "Serial Attached SCSI") {
		same(t, "transport", p.String(), "sas")
	}
}

func TestCapturedDeviceIDs(t *testing.T) {
	t.Parallel()
	fsys := captures(t)
	for _, dir := range []string{"sg3-vpd-dev-id", "_constructed/sg3-vpd-di-all"} {
		t.Run(path.Base(dir), func(t *testing.T) {
			t.Parallel()
			compareDeviceID(t, read(t, fsys, dir+"/data.bin"), string(read(t, fsys, dir+"/expected/sg_vpd.txt")))
		})
	}
	p, err := scsi.DecodeProvisioning(read(t, fsys, "_constructed/sg3-vpd-lbpv/data.bin"))
	if err != nil || *p != (scsi.Provisioning{}) {
		t.Errorf("%+v %v", p, err)
	}
}

func TestCapturedLogs(t *testing.T) {
	t.Parallel()
	fsys := captures(t)
	text := string(read(t, fsys, "_constructed/sg3-logs-sdeb-aa/expected/sg_logs.txt"))
	seen := 0
	for b := read(t, fsys, "_constructed/sg3-logs-sdeb-aa/data.bin"); len(b) >= 4; {
		n := min(len(b), 4+int(b[2])<<8+int(b[3]))
		l, err := scsi.DecodeLogPage(b[:n])
		if err != nil || l.Truncated {
			t.Fatal(l, err)
		}
		b = b[n:]
		switch {
		case l.Page == 0:
			pages, err := scsi.DecodeSupportedLogs(l)
			if err != nil || l.Subpage == 0 && fmt.Sprint(pages) != "[[0 0] [13 0] [47 0]]" || l.Subpage == 0xFF && len(pages) != 7 {
				t.Errorf("supported: %v %v", pages, err)
			}
		case l.Page == scsi.LogTemperature && l.Subpage == 0:
			temp, err := scsi.DecodeTemperature(l)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "temperature", fmt.Sprintf("%d C", *temp.Celsius), value(t, text, "Current temperature ="))
			same(t, "reference", fmt.Sprintf("%d C", *temp.ReferenceCelsius), value(t, text, "Reference temperature ="))
		case l.Page == scsi.LogExceptions:
			e, err := scsi.DecodeExceptions(l)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "exception", fmt.Sprintf("%#x, ascq = %#x", e.ASC, e.ASCQ), value(t, text, "IE asc ="))
			_, rest, _ := strings.Cut(text, "IE asc")
			same(t, "temperature", fmt.Sprintf("%d C", *e.Celsius), value(t, rest, "Current temperature ="))
		default:
			continue
		}
		seen++
	}
	if seen != 4 {
		t.Errorf("%d pages", seen)
	}
}

func TestCapturedModePages(t *testing.T) {
	t.Parallel()
	fsys := captures(t)
	const drive = "infrasim-seagate-st600mm0088"
	text := string(read(t, fsys, drive+"/expected/sdparm-all.txt"))
	hex := strings.Join(strings.Fields(string(read(t, fsys, drive+"/modesense10_all.hex"))), "")
	m, err := scsi.DecodeModeSense10(unhex(hex))
	if err != nil || m.Truncated || len(m.Pages) < 14 {
		t.Fatal(m, err)
	}
	field := func(name string) string { return strings.Fields(value(t, text, "\n  "+name+" "))[0] }
	p, _ := m.Find(scsi.ModeCaching, 0)
	c, err := scsi.DecodeCaching(p)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "WCE", fmt.Sprint(bit(c.WriteCache)), field("WCE"))
	same(t, "RCD", fmt.Sprint(bit(!c.ReadCache)), field("RCD"))
	p, _ = m.Find(scsi.ModeExceptions, 0)
	e, err := scsi.DecodeExceptionControl(p)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "DEXCPT", fmt.Sprint(bit(e.Disabled)), field("DEXCPT"))
	same(t, "EWASC", fmt.Sprint(bit(e.Warnings)), field("EWASC"))
	same(t, "TEST", fmt.Sprint(bit(e.Test)), field("TEST"))
	same(t, "MRIE", fmt.Sprint(e.Method), field("MRIE"))
	p, _ = m.Find(scsi.ModePort, 1)
	phys, err := scsi.DecodeModePhys(p)
	if err != nil || len(phys) != 2 {
		t.Fatal(phys, err)
	}
	// The addresses are those the drive's VPD page 83h and 88h tell.
	ports := string(read(t, fsys, drive+"/expected/vpd_83.txt")) + scsi.Hex(read(t, fsys, drive+"/vpd_88.bin"))
	for _, phy := range phys {
		if !strings.Contains(ports, phy.Address) {
			t.Errorf("%+v", phy)
		}
		same(t, "maximum rate", phy.HardwareMaxRate.String(), "12.0 Gbit/s")
	}
	same(t, "rate", phys[0].Rate.String(), "12.0 Gbit/s")
	same(t, "second port", phys[1].Rate.String(), "unknown")
}

func TestCapturedCapacity(t *testing.T) {
	t.Parallel()
	c, err := scsi.DecodeReadCapacity16(read(t, captures(t), "_constructed/sg3-readcap-zbc/data.bin"))
	if err != nil || c.Blocks != 0x918600000 || c.BlockBytes != 512 || c.PhysicalBytes != 4096 || c.Protection != 0 || c.Thin {
		t.Errorf("%+v %v", c, err)
	}
}

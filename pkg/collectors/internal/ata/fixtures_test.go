package ata_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/ata"
)

// smartctl is the part of smartctl -j that captures are compared with.
type smartctl struct {
	ModelName    string `json:"model_name"`
	SerialNumber string `json:"serial_number"`
	Firmware     string `json:"firmware_version"`
	WWN          *struct {
		NAA, OUI, ID uint64
	} `json:"wwn"`
	UserCapacity struct {
		Blocks, Bytes uint64
	} `json:"user_capacity"`
	LogicalBlock  uint32  `json:"logical_block_size"`
	PhysicalBlock uint32  `json:"physical_block_size"`
	RotationRate  *uint32 `json:"rotation_rate"`
	FormFactor    *struct {
		Name string
	} `json:"form_factor"`
	Trim struct {
		Supported bool
	}
	ATAVersion struct {
		Major uint16 `json:"major_value"`
		Minor uint16 `json:"minor_value"`
	} `json:"ata_version"`
	SATAVersion *struct {
		String string
		Value  uint16
	} `json:"sata_version"`
	InterfaceSpeed *struct {
		Max, Current *struct {
			Units float64 `json:"units_per_second"`
		}
	} `json:"interface_speed"`
	SMARTSupport struct {
		Available, Enabled bool
	} `json:"smart_support"`
	Attributes *struct {
		Revision uint16
		Table    []struct {
			ID, Value, Worst uint8
			Thresh           *uint8
			WhenFailed       string `json:"when_failed"`
			Flags            struct{ Value uint16 }
			Raw              struct{ Value uint64 }
		}
	} `json:"ata_smart_attributes"`
	PowerOn *struct {
		Hours uint64
	} `json:"power_on_time"`
	PowerCycles *uint64 `json:"power_cycle_count"`
	Temperature *struct {
		Current *int
	}
	SCT *struct{} `json:"ata_sct_status"`
}

func fixtures(t *testing.T) fs.FS {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	return os.DirFS(root)
}

func read(t *testing.T, fsys fs.FS, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func load(t *testing.T, fsys fs.FS, name string) (s smartctl, ok bool) {
	t.Helper()
	return s, json.Unmarshal(read(t, fsys, name), &s) == nil
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// TestCapturedDrives compares every captured drive with smartctl, hdparm and
// skdump reading the same bytes.
func TestCapturedDrives(t *testing.T) {
	t.Parallel()
	fsys := fixtures(t)
	files, err := fs.Glob(fsys, "ata/*/identify.bin")
	if err != nil || len(files) < 18 {
		t.Fatalf("%d captures: %v", len(files), err)
	}
	for _, file := range files {
		dir := path.Dir(file)
		t.Run(path.Base(dir), func(t *testing.T) {
			t.Parallel()
			d, err := ata.DecodeIdentify(read(t, fsys, file))
			if err != nil {
				t.Fatal(err)
			}
			want, _ := load(t, fsys, dir+"/expected/smartctl-i.json")
			compareIdentify(t, d, want)
			compareHdparm(t, d, string(read(t, fsys, dir+"/expected/hdparm-I.txt")))
			if _, err := fs.Stat(fsys, dir+"/smart_data.bin"); err != nil {
				return
			}
			want, ok := load(t, fsys, dir+"/expected/smartctl-iHA.json")
			if !ok {
				t.Fatal("no expected attributes")
			}
			compareSMART(t, d, read(t, fsys, dir+"/smart_data.bin"), read(t, fsys, dir+"/smart_thresholds.bin"), want)
		})
	}
}

func compareIdentify(t *testing.T, d *ata.Identify, want smartctl) {
	t.Helper()
	same(t, "model", d.Model, want.ModelName)
	same(t, "serial", d.SerialNumber, want.SerialNumber)
	same(t, "firmware", d.Firmware, want.Firmware)
	wwn := ""
	if w := want.WWN; w != nil && w.NAA|w.OUI|w.ID != 0 {
		wwn = fmt.Sprintf("%x%06x%09x", w.NAA, w.OUI, w.ID)
	}
	same(t, "wwn", d.WWN, wwn)
	same(t, "blocks", *d.Sectors, want.UserCapacity.Blocks)
	size, _ := d.SizeBytes()
	same(t, "bytes", size, want.UserCapacity.Bytes)
	same(t, "logical block", d.LogicalBlockBytes, want.LogicalBlock)
	same(t, "physical block", d.PhysicalBlockBytes, want.PhysicalBlock)
	if (d.RotationRPM == nil) != (want.RotationRate == nil) || d.RotationRPM != nil && *d.RotationRPM != *want.RotationRate {
		t.Errorf("rotation %v, want %v", d.RotationRPM, want.RotationRate)
	}
	form := ""
	if want.FormFactor != nil {
		form = strings.ToLower(strings.NewReplacer(" inches", "_inch", " inch", "_inch").Replace(want.FormFactor.Name))
	}
	same(t, "form factor", d.FormFactor, form)
	same(t, "trim", d.Trim, want.Trim.Supported)
	same(t, "major version", d.MajorVersion, want.ATAVersion.Major)
	same(t, "minor version", d.MinorVersion, want.ATAVersion.Minor)
	if v := want.SATAVersion; v != nil {
		same(t, "SATA version", d.SATAVersion(), v.String)
	}
	speed := func(gbps *float64) float64 {
		if gbps == nil {
			return 0
		}
		return *gbps * 10
	}
	if s := want.InterfaceSpeed; s == nil {
		same(t, "speed", speed(d.LinkGbps), 0)
	} else {
		if s.Max != nil {
			same(t, "maximum speed", speed(d.MaxLinkGbps), s.Max.Units)
		}
		if s.Current != nil {
			same(t, "speed", speed(d.LinkGbps), s.Current.Units)
		}
	}
	same(t, "SMART available", d.SMARTSupported, want.SMARTSupport.Available)
	same(t, "SMART enabled", d.SMARTEnabled, want.SMARTSupport.Enabled)
}

// compareHdparm compares what smartctl does not tell: security, logs, sum.
func compareHdparm(t *testing.T, d *ata.Identify, text string) {
	t.Helper()
	flags := map[string]bool{}
	_, security, _ := strings.Cut(text, "Security:")
	for line := range strings.Lines(security) {
		words := strings.Fields(line)
		switch {
		case len(words) == 2 && words[0] == "not":
			flags[words[1]] = false
		case len(words) == 1:
			flags[words[0]] = true
		}
	}
	for name, got := range map[string]bool{"enabled": d.Security.Enabled, "locked": d.Security.Locked, "frozen": d.Security.Frozen, "supported": d.Security.Supported} {
		if want, told := flags[name]; told && got != want {
			t.Errorf("security %s = %v, want %v", name, got, want)
		}
	}
	same(t, "general purpose logging", d.GPL, strings.Contains(text, "General Purpose Logging feature set"))
	same(t, "self-test", d.SelfTest, strings.Contains(text, "SMART self-test"))
	same(t, "error log", d.ErrorLog, strings.Contains(text, "SMART error logging"))
	sum := d.ChecksumOK != nil && *d.ChecksumOK
	if d.ChecksumOK != nil {
		same(t, "checksum", sum, strings.Contains(text, "Checksum: correct"))
	}
}

func compareSMART(t *testing.T, d *ata.Identify, data, thresholds []byte, want smartctl) {
	t.Helper()
	s, err := ata.DecodeSMARTData(data)
	if err != nil {
		t.Fatal(err)
	}
	th, err := ata.DecodeThresholds(thresholds)
	if err != nil {
		t.Fatal(err)
	}
	if want.Attributes == nil || len(want.Attributes.Table) != len(s.Attributes) {
		t.Fatalf("%d attributes, want %+v", len(s.Attributes), want.Attributes)
	}
	same(t, "revision", s.Revision, want.Attributes.Revision)
	for i, w := range want.Attributes.Table {
		a := s.Attributes[i]
		got := fmt.Sprint(a.ID, a.Value, a.Worst, a.Flags, th.Failed(a))
		same(t, fmt.Sprintf("attribute %d", w.ID), got, fmt.Sprint(w.ID, w.Value, w.Worst, w.Flags.Value, w.WhenFailed))
		if p := th.Of(a.ID); (p == nil) != (w.Thresh == nil) || p != nil && *p != *w.Thresh {
			t.Errorf("attribute %d: threshold %v, want %v", a.ID, p, w.Thresh)
		}
		// Where smartctl reads a value of other bytes it leaves some out.
		if a.Raw != w.Raw.Value && a.Raw&0xFFFFFF != w.Raw.Value&0xFFFFFF {
			t.Errorf("attribute %d: raw %#x, want %#x", a.ID, a.Raw, w.Raw.Value)
		}
	}
	temp := s.TempCelsius()
	switch {
	case want.Temperature == nil || want.Temperature.Current == nil:
		if temp != nil {
			t.Errorf("temperature %d, want none", *temp)
		}
	case temp == nil || *temp != *want.Temperature.Current:
		t.Errorf("temperature %v, want %d", temp, *want.Temperature.Current)
	}
	hours := s.PowerOnHours(d.Model, d.Firmware)
	if d.Firmware == "0085000B" {
		// This firmware counts minutes, which skdump knows and smartctl does not.
		same(t, "hours", *hours, want.PowerOn.Hours/60)
	} else {
		same(t, "hours", *hours, want.PowerOn.Hours)
	}
	if c := s.Count(12); want.PowerCycles != nil && (c == nil || *c != *want.PowerCycles) {
		t.Errorf("power cycles %v, want %d", c, *want.PowerCycles)
	}
}

// TestRawValuesOfManyDrives holds the interpretation of raw values against
// what smartctl, which knows the models, made of them: ours may be unknown but
// not different.
func TestRawValuesOfManyDrives(t *testing.T) {
	t.Parallel()
	fsys := fixtures(t)
	files, err := fs.Glob(fsys, "smartctl-json/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	temps, hours := 0, 0
	for _, file := range files {
		want, ok := load(t, fsys, file)
		if !ok || want.Attributes == nil || strings.HasSuffix(file, "/smart-ata-date2.json") {
			continue // the last was edited by hand: its summary and its table differ
		}
		var list []attribute
		for _, a := range want.Attributes.Table {
			if len(list) == 30 {
				break
			}
			raw := ""
			for i := range 6 {
				raw += fmt.Sprintf("%02x", byte(a.Raw.Value>>(8*i)))
			}
			list = append(list, attribute{a.ID, a.Flags.Value, a.Value, a.Worst, raw})
		}
		s, err := ata.DecodeSMARTData(smartPage(list...))
		if err != nil {
			t.Fatal(err)
		}
		if c := s.TempCelsius(); c != nil && want.Temperature != nil && want.Temperature.Current != nil && want.SCT == nil {
			temps++
			if *c != *want.Temperature.Current {
				t.Errorf("%s: temperature %d, want %d", file, *c, *want.Temperature.Current)
			}
		}
		if h := s.PowerOnHours(want.ModelName, want.Firmware); h != nil && want.PowerOn != nil {
			hours++
			if *h != want.PowerOn.Hours {
				t.Errorf("%s: %d hours, want %d", file, *h, want.PowerOn.Hours)
			}
		}
		if c := s.Count(12); c != nil && want.PowerCycles != nil && *c != *want.PowerCycles {
			t.Errorf("%s: %d power cycles, want %d", file, *c, *want.PowerCycles)
		}
	}
	t.Logf("%d temperatures, %d hours compared", temps, hours)
	if temps < 20 || hours < 50 {
		t.Error("too few compared")
	}
}

package ipmi_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

// TestFixtureFRUs compares every captured FRU with what FreeIPMI's ipmi-fru
// said of the same bytes.
func TestFixtureFRUs(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, dir := range fixtures(t) {
		files, err := filepath.Glob(filepath.Join(dir, "fru*.bin"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			base := strings.TrimSuffix(filepath.Base(file), ".bin")
			name := filepath.Base(dir) + "/" + base
			want, wantErr := parseFreeIPMI(readFile(t, filepath.Join(dir, "expected", "freeipmi-"+base+".txt")))
			raw := readFile(t, file)
			f, err := ipmi.DecodeFRU(raw)
			got := renderFreeIPMI(f)
			switch {
			case strings.Contains(wantErr, "common header checksum"):
				if !errors.Is(err, inventory.ErrMalformed) {
					t.Errorf("%s: want a damaged header, got %v", name, err)
				}
				continue
			case errors.Is(err, ipmi.ErrBlankFRU):
				if len(want) != 0 {
					t.Errorf("%s: blank, FreeIPMI has %v", name, want)
				}
				continue
			case err != nil:
				t.Errorf("%s: %v", name, err)
				continue
			}
			if damaged := len(f.Damaged) > 0; damaged != (wantErr != "") {
				t.Errorf("%s: damaged %v, FreeIPMI says %q", name, f.Damaged, wantErr)
			}
			compared += len(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: -FreeIPMI +bee\n%s", name, diff)
			}
		}
	}
	t.Logf("%d fields compared", compared)
}

// parseFreeIPMI returns the fields that say something, in order, and the error
// the tool reported.
func parseFreeIPMI(b []byte) (fields []string, failure string) {
	for _, line := range lines(b) {
		key, value, ok := strings.Cut(strings.TrimPrefix(line, "  FRU "), ": ")
		switch {
		case !strings.HasPrefix(line, "  FRU ") || !ok:
			continue
		case key == "Error":
			failure = value
			continue
		case key == "FRU File ID", strings.HasPrefix(key, "OEM"):
			continue // numbers are printed in a way of its own; OEM records are compared elsewhere
		case key == "Board Manufacturing Date/Time" && value == "01/01/96 - 00:00:00":
			continue // 0 is "not specified"
		}
		if value = said(value); value != "" {
			fields = append(fields, key+": "+value)
		}
	}
	slices.Sort(fields)
	return fields, failure
}

func renderFreeIPMI(f ipmi.FRU) []string {
	var out []string
	put := func(key string, s *string) {
		if s != nil {
			out = append(out, key+": "+*s)
		}
	}
	custom := func(key string, all []string) {
		for _, s := range all {
			put(key, &s)
		}
	}
	if c := f.Chassis; c != nil {
		out = append(out, "Chassis Type: "+title(ipmi.ChassisTypeName(c.Type)))
		put("Chassis Part Number", c.PartNumber)
		put("Chassis Serial Number", c.SerialNumber)
		custom("Chassis Custom Info", c.Custom)
	}
	if b := f.Board; b != nil {
		if b.MfgAt != nil {
			out = append(out, "Board Manufacturing Date/Time: "+b.MfgAt.Format("01/02/06 - 15:04:05"))
		}
		put("Board Manufacturer", b.Manufacturer)
		put("Board Product Name", b.ProductName)
		put("Board Serial Number", b.SerialNumber)
		put("Board Part Number", b.PartNumber)
		custom("Board Custom Info", b.Custom)
	}
	if p := f.Product; p != nil {
		put("Product Manufacturer Name", p.Manufacturer)
		put("Product Name", p.Name)
		put("Product Part/Model Number", p.PartNumber)
		put("Product Version", p.Version)
		put("Product Serial Number", p.SerialNumber)
		put("Product Asset Tag", p.AssetTag)
		custom("Product Custom Info", p.Custom)
	}
	for _, r := range f.Multi {
		if r.PowerSupply != nil {
			out = append(out, renderPowerSupply(r.PowerSupply)...)
		}
		if r.DCOutput != nil {
			out = append(out, renderOutput(r.DCOutput)...)
		}
	}
	slices.Sort(out)
	return out
}

func renderPowerSupply(p *ipmi.PowerSupplyInfo) []string {
	var out []string
	number := func(key, unit string, v any) {
		s := fmt.Sprint(v)
		if s != "<nil>" {
			out = append(out, fmt.Sprintf("Power Supply %s: %s%s", key, s, unit))
		}
	}
	yes := map[bool]string{true: "Yes", false: "No"}
	number("Overall Capacity", " Watts", value(p.CapacityWatts))
	number("Peak VA", " VA", value(p.PeakVA))
	number("Max Inrush Current", " Amps", value(p.InrushAmps))
	number("Inrush Interval", " ms", value(p.InrushIntervalMillis))
	number("Low End Input Voltage 1", " mV", value(p.LowInput1Millivolts))
	number("High End Input Voltage 1", " mV", value(p.HighInput1Millivolts))
	number("Low End Input Voltage 2", " mV", value(p.LowInput2Millivolts))
	number("High End Input Voltage 2", " mV", value(p.HighInput2Millivolts))
	number("Low End Acceptable Frequency", " Hz", value(p.LowFrequencyHz))
	number("High End Acceptable Frequency", " Hz", value(p.HighFrequencyHz))
	number("A/C Dropout Tolerance", " ms", value(p.DropoutMillis))
	number("Predictive Fail Support", "", yes[p.PredictiveFailure])
	number("Power Factor Correction Supported", "", yes[p.PowerFactorCorrect])
	number("AutoSwitch Supprt", "", yes[p.AutoSwitch])
	number("Hot Swap Support", "", yes[p.HotSwap])
	number("Peak Capacity", " Watts", value(p.PeakWatts))
	number("Hold Up Time", " s", value(p.HoldUpSeconds))
	number("Voltage 1", "", "12V")
	number("Voltage 2", "", "12V")
	number("Total Combined Wattage", " Watts", value(p.CombinedWatts))
	return out
}

func renderOutput(d *ipmi.DCOutput) []string {
	yes := map[bool]string{true: "Yes", false: "No"}
	return []string{
		fmt.Sprintf("DC Output Output Number: %d", d.Number),
		fmt.Sprintf("DC Output Output on Standy: %s", yes[d.Standby]),
		fmt.Sprintf("DC Output Nominal Voltage: %d mV", d.NominalMillivolts),
		fmt.Sprintf("DC Output Maximum Negative Voltage Deviation: %d mV", d.MinMillivolts),
		fmt.Sprintf("DC Output Maximum Positive Voltage Deviation: %d mV", d.MaxMillivolts),
		fmt.Sprintf("DC Output Ripple and Noise pk-pk: %d mV", d.RippleMillivolts),
		fmt.Sprintf("DC Output Minimum Current Draw: %d mA", d.MinMilliamps),
		fmt.Sprintf("DC Output Maximum Current Draw: %d mA", d.MaxMilliamps),
	}
}

func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func title(s string) string {
	words := strings.Split(s, "_")
	for i, w := range words {
		if w != "" {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

// TestFixtureFRUList compares the FRUs as a client reads them, device by
// device through the locators, with what ipmitool printed.
func TestFixtureFRUList(t *testing.T) {
	t.Parallel()
	device := regexp.MustCompile(`^FRU Device Description : (.*) \(ID (\d+)\)`)
	fields := 0
	for _, dir := range fixtures(t) {
		emu := filepath.Join(dir, "bmc.emu")
		if match, _ := filepath.Glob(emu); match == nil {
			continue
		}
		s := ipmi.NewSession(loadEmulation(t, emu), 0)
		names := map[string]string{"0": "Builtin FRU Device"}
		for r, err := range s.Records(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if l := r.FRULocator; l != nil && l.Logical && l.DeviceID != 0 {
				names[fmt.Sprint(l.DeviceID)] = l.Name
			}
		}
		var got []string
		for _, line := range lines(readFile(t, filepath.Join(dir, "expected", "ipmitool-fru.txt"))) {
			if m := device.FindStringSubmatch(line); m != nil {
				if names[m[2]] != m[1] {
					t.Errorf("%s: FRU %s is %q, ipmitool says %q", filepath.Base(dir), m[2], names[m[2]], m[1])
				}
				id, _ := strconv.ParseUint(m[2], 10, 8)
				f, err := s.FRUByID(t.Context(), ipmi.BMC(), uint8(id))
				if err != nil && !errors.Is(err, inventory.ErrMalformed) && !errors.Is(err, ipmi.ErrBlankFRU) {
					t.Errorf("%s: %v", filepath.Base(dir), err)
				}
				got = renderIPMITool(f)
				continue
			}
			key, v, ok := strings.Cut(strings.TrimPrefix(line, " "), ": ")
			if key = strings.TrimSpace(key); !ok || !strings.HasPrefix(line, " ") || said(v) == "" {
				continue
			}
			fields++
			if want := key + ": " + said(v); !slices.Contains(got, want) {
				t.Errorf("%s: ipmitool says %q, bee has %q", filepath.Base(dir), want, got)
			}
		}
	}
	t.Logf("%d fields compared", fields)
}

func renderIPMITool(f ipmi.FRU) []string {
	rename := strings.NewReplacer(
		"Board Manufacturing Date/Time", "Board Mfg Date", "Board Manufacturer", "Board Mfg",
		"Board Product Name", "Board Product", "Board Serial Number", "Board Serial",
		"Custom Info", "Extra", "Chassis Serial Number", "Chassis Serial",
		"Product Manufacturer Name", "Product Manufacturer", "Product Part/Model Number", "Product Part Number",
		"Product Serial Number", "Product Serial",
	)
	var out []string
	for _, s := range renderFreeIPMI(f) {
		if !strings.HasPrefix(s, "Board Manufacturing") {
			out = append(out, rename.Replace(s))
		}
	}
	if f.Board != nil && f.Board.MfgAt != nil {
		out = append(out, "Board Mfg Date: "+f.Board.MfgAt.Format("Mon Jan _2 15:04:05 2006 UTC"))
	}
	return out
}

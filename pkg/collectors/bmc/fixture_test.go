package bmc_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/bmc"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/collectors/psu"
	"example.com/bee/pkg/inventory"
	"example.com/bee/test/fixture"
)

// captured is a real server: its controller, its SMBIOS, and what ipmitool,
// FreeIPMI and dmidecode say of both.
type captured struct {
	name         string
	bmc          *ipmitest.BMC
	source       *hosttest.Source
	elist, table [][]string         // ipmitool sdr elist all, sensor list
	frus         map[string]fruText // by FRU number
	capacity     map[string]string  // watts by FRU number, else serial number
	info         map[string]string  // ipmitool mc info
}

type fruText struct {
	name   string
	fields []string // "Board Serial: X"
}

func capturedMachines(t *testing.T) []captured {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(fixture.Dir(t, "ipmi"), "infrasim-*"))
	if err != nil || len(dirs) == 0 {
		t.Fatal("no captured machines", err)
	}
	var all []captured
	for _, dir := range dirs {
		all = append(all, load(t, dir))
	}
	return all
}

func load(t *testing.T, dir string) captured {
	t.Helper()
	name := filepath.Base(dir)
	smbios := fixture.Dir(t, "smbios", name)
	text := func(elem ...string) string {
		b, err := os.ReadFile(filepath.Join(elem...))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	c := captured{
		name: name, frus: map[string]fruText{}, capacity: map[string]string{}, info: map[string]string{},
		elist: rows(text(dir, "expected", "ipmitool-sdr-elist-all.txt")), table: rows(text(dir, "expected", "ipmitool-sensor-list.txt")),
	}
	var err error
	if c.bmc, err = ipmitest.ParseEmulation(text(dir, "bmc.emu")); err != nil {
		t.Fatal(err)
	}
	c.crossLimits()
	c.source = &hosttest.Source{
		Files:   map[string]string{dmi.TablePath: text(smbios, "DMI"), dmi.EntryPath: text(smbios, "smbios_entry_point")},
		Devices: map[string]host.Device{"ipmi /dev/ipmi0": c.bmc},
	}
	c.parseFRUs(text(dir, "expected", "ipmitool-fru.txt"))
	capacity := regexp.MustCompile(`(?:Overall|Max Power) Capacity: (\d+) W`)
	reports, _ := filepath.Glob(filepath.Join(dir, "expected", "freeipmi-fru_*.txt"))
	for _, r := range reports {
		if m := capacity.FindStringSubmatch(text(r)); m != nil {
			n, _ := strconv.Atoi(strings.TrimSuffix(strings.SplitAfter(filepath.Base(r), "fru_")[1], ".txt"))
			c.capacity[strconv.Itoa(n)] = m[1]
		}
	}
	serial := regexp.MustCompile(`Serial Number: (\S+)`)
	for block := range strings.SplitSeq(text(smbios, "expected", "dmidecode.txt"), "\n\n") {
		m, s := capacity.FindStringSubmatch(block), serial.FindStringSubmatch(block)
		if strings.Contains(block, "System Power Supply") && m != nil && s != nil {
			c.capacity[s[1]] = m[1]
		}
	}
	for line := range strings.Lines(text(dir, "expected", "ipmitool-mc-info.txt")) {
		if k, v, ok := strings.Cut(line, ":"); ok {
			c.info[strings.TrimSpace(k)] = strings.TrimSpace(v)
		}
	}
	return c
}

func rows(text string) [][]string {
	var all [][]string
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		if len(f) > 3 {
			all = append(all, f)
		}
	}
	return all
}

// crossLimits sets the comparison bits that the emulator works out by itself
// and its command file therefore lacks.
func (c *captured) crossLimits() {
	i := 0
	for _, raw := range c.bmc.SDR {
		r, err := ipmi.DecodeRecord(raw)
		if err != nil || r.Sensor == nil || r.Sensor.EventOnly {
			continue
		}
		k := ipmitest.SensorKey{Addr: r.Sensor.OwnerID, LUN: r.Sensor.LUN, Number: r.Sensor.Number}
		if s, ok := c.bmc.Sensors[k]; ok && r.Sensor.Threshold() {
			s.States = 0
			if c.table[i][3] == "cr" {
				s.States = 1 << ipmi.LowerCritical
			}
			c.bmc.Sensors[k] = s
		}
		i++
	}
}

func (c *captured) parseFRUs(text string) {
	head := regexp.MustCompile(`^FRU Device Description : (.*) \(ID (\d+)\)`)
	id := ""
	for line := range strings.Lines(text) {
		if m := head.FindStringSubmatch(line); m != nil {
			id = m[2]
			c.frus[id] = fruText{name: m[1]}
			continue
		}
		k, v, ok := strings.Cut(line, " : ")
		if !ok {
			k, v, ok = strings.Cut(line, ": ")
		}
		v = strings.TrimSpace(v)
		if k = strings.TrimSpace(k); !ok || id == "" || strings.Trim(v, "._- ") == "" || v == "Field not present" {
			continue // filled with dots: nobody wrote anything
		}
		f := c.frus[id]
		f.fields = append(f.fields, k+": "+v)
		c.frus[id] = f
	}
}

func (f fruText) value(keys ...string) string {
	for _, k := range keys {
		for _, line := range f.fields {
			if v, ok := strings.CutPrefix(line, k+": "); ok {
				return v
			}
		}
	}
	return ""
}

// TestCaptured puts six real servers through both collectors, and compares
// with what other tools say of the same bytes.
func TestCaptured(t *testing.T) {
	t.Parallel()
	for _, c := range capturedMachines(t) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := c.source.Host()
			r := inventory.Collect(t.Context(), []inventory.Collector{psu.Collector(h), bmc.Collector(h)})
			c.compareSupplies(t, r.PowerSupplies)
			c.compareSensors(t, r.BMC.Sensors)
			c.compareFRUs(t, r.BMC.FRUs)
			for key, got := range map[string]string{
				"Firmware Revision": r.BMC.Firmware, "IPMI Version": r.BMC.IPMIVersion,
				"Manufacturer ID": fmt.Sprint(*r.BMC.ManufacturerID), "Device ID": fmt.Sprint(*r.BMC.DeviceID),
			} {
				if got != c.info[key] {
					t.Errorf("%s: %s, ipmitool says %s", key, got, c.info[key])
				}
			}
			for _, f := range r.Findings {
				t.Logf("%s %s %s: %s", f.Severity, f.Code, f.ComponentID, f.Message)
			}
			c.compareFindings(t, r)
		})
	}
}

// compareSupplies: count, presence, state and input by ipmitool's sensors,
// texts by ipmitool's FRU list, watts by FreeIPMI and dmidecode.
func (c *captured) compareSupplies(t *testing.T, got []inventory.PowerSupply) {
	t.Helper()
	states, frus, inputs := map[string]string{}, map[string]string{}, map[string]string{}
	for _, r := range c.elist {
		id, instance, _ := strings.Cut(r[3], ".")
		if id != "10" {
			continue
		}
		if n, ok := strings.CutPrefix(r[4], "Logical FRU @"); ok {
			v, _ := strconv.ParseUint(strings.TrimSuffix(n, "h"), 16, 8)
			frus[instance] = fmt.Sprint(v)
		}
		if strings.HasSuffix(r[0], "Status") || strings.HasSuffix(r[0], "Presence") {
			states[instance] += r[4] + ", "
		}
		if w, ok := strings.CutSuffix(r[4], " Watts"); ok {
			inputs[instance] = w
		}
	}
	if len(got) != len(states) {
		t.Fatalf("%d power supplies, ipmitool has sensors of %d", len(got), len(states))
	}
	for i, p := range got {
		instance := strconv.Itoa(i + 1)
		said := states[instance]
		if want := strings.Contains(said, "Presen"); p.Present == nil || *p.Present != want {
			t.Errorf("%s: present %v, ipmitool says %q", p.ID, p.Present, said)
		}
		status := inventory.PSUStatusUnknown
		switch {
		case strings.Contains(said, "AC lost"):
			status = inventory.PSUStatusInputLost
		case strings.Contains(said, "Presence detected"):
			status = inventory.PSUStatusOK
		}
		if p.Status != status {
			t.Errorf("%s: %s, ipmitool says %q", p.ID, p.Status, said)
		}
		input := ""
		if p.InputWatts != nil {
			input = fmt.Sprint(*p.InputWatts)
		}
		if input != inputs[instance] {
			t.Errorf("%s: input %s, ipmitool says %q", p.ID, input, inputs[instance])
		}
		text := c.frus[frus[instance]]
		want := []string{
			text.value("Product Manufacturer", "Board Mfg"), text.value("Product Name", "Board Product"),
			text.value("Product Part Number", "Board Part Number"), text.value("Product Serial", "Board Serial"), text.value("Product Version"),
		}
		if diff := cmp.Diff(want, []string{p.Manufacturer, p.Model, p.PartNumber, p.SerialNumber, p.Revision}); diff != "" {
			t.Errorf("%s: %s", p.ID, diff)
		}
		watts := ""
		if p.CapacityWatts != nil {
			watts = fmt.Sprint(*p.CapacityWatts)
		}
		wantWatts, ok := c.capacity[frus[instance]]
		if !ok {
			wantWatts = c.capacity[p.SerialNumber]
		}
		if watts != wantWatts {
			t.Errorf("%s: %s W, FreeIPMI or dmidecode say %q", p.ID, watts, wantWatts)
		}
		t.Logf("%s: %s, %s %s %s, %s W, damaged %q", p.ID, p.Status, p.Manufacturer, p.PartNumber, p.SerialNumber, watts, p.Damaged)
	}
}

// compareSensors: names, values and thresholds.
func (c *captured) compareSensors(t *testing.T, got []inventory.Sensor) {
	t.Helper()
	if len(got) != len(c.table) {
		t.Errorf("%d sensors, ipmitool lists %d", len(got), len(c.table))
		return
	}
	compared := 0
	limits := []string{"lower_non_recoverable", "lower_critical", "lower_non_critical", "upper_non_critical", "upper_critical", "upper_non_recoverable"}
	for i, s := range got {
		w := c.table[i]
		if !strings.HasPrefix(s.Name, w[0]) { // ipmitool does not number the sensors of one record
			t.Errorf("%s: ipmitool says %s", s.Name, w[0])
			continue
		}
		if s.Unavailable == string(ipmi.ReadingSoftware) || strings.HasPrefix(s.Entity, "unknown") || w[1] == "na" && s.Value != nil {
			continue // the firmware's own, and those that ipmitool got no answer for
		}
		compared++
		value := "na"
		switch {
		case s.Unavailable != "":
		case w[2] == "discrete":
			value = w[1] // the states are compared by package ipmi
		case s.Value != nil:
			value = strconv.FormatFloat(*s.Value, 'f', 3, 64)
		}
		if value != w[1] {
			t.Errorf("%s: %s, ipmitool says %s", s.ID, value, w[1])
		}
		for j, k := range limits {
			limit := "na"
			if v, ok := s.Thresholds[k]; ok {
				limit = strconv.FormatFloat(v, 'f', 3, 64)
			}
			if limit != w[4+j] {
				t.Errorf("%s: %s %s, ipmitool says %s", s.ID, k, limit, w[4+j])
			}
		}
		if critical := w[3] == "cr"; w[2] != "discrete" && critical != (s.Health == inventory.HealthCritical) {
			t.Errorf("%s: %s, ipmitool says %s", s.ID, s.Health, w[3])
		}
	}
	t.Logf("%d sensors compared", compared)
}

// compareFRUs: every field of every FRU that is not a power supply's.
func (c *captured) compareFRUs(t *testing.T, got []inventory.FRU) {
	t.Helper()
	fields := 0
	byID := map[string]inventory.FRU{}
	for _, f := range got {
		byID[strconv.Itoa(int(f.DeviceID))] = f
	}
	supplies := map[string]bool{}
	for _, r := range c.elist {
		if n, ok := strings.CutPrefix(r[4], "Logical FRU @"); ok && strings.HasPrefix(r[3], "10.") {
			v, _ := strconv.ParseUint(strings.TrimSuffix(n, "h"), 16, 8)
			supplies[fmt.Sprint(v)] = true
		}
	}
	for id, want := range c.frus {
		f, ok := byID[id]
		switch {
		case supplies[id] && ok:
			t.Errorf("FRU %s is a power supply's", id)
		case supplies[id] || !ok && len(want.fields) == 0:
			continue
		case ok && f.Name != "" && f.Name != want.name:
			t.Errorf("FRU %s is called %s, ipmitool says %s", id, f.Name, want.name)
		}
		slices.Sort(want.fields)
		have := fruFields(f)
		fields += len(have)
		if diff := cmp.Diff(want.fields, have); diff != "" {
			t.Errorf("FRU %s: %s", id, diff)
		}
	}
	t.Logf("%d fields compared", fields)
}

// fruFields is a FRU as ipmitool prints it.
func fruFields(f inventory.FRU) []string {
	var all []string
	add := func(k, v string) {
		if v != "" {
			all = append(all, k+": "+v)
		}
	}
	if f.ChassisType != "" {
		words := strings.Fields(strings.ReplaceAll(f.ChassisType, "_", " "))
		for i, w := range words {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
		add("Chassis Type", strings.Join(words, " "))
	}
	add("Chassis Part Number", f.ChassisPartNumber)
	add("Chassis Serial", f.ChassisSerialNumber)
	if f.BoardMfgAt != nil {
		add("Board Mfg Date", f.BoardMfgAt.Format("Mon Jan _2 15:04:05 2006 MST"))
	}
	add("Board Mfg", f.BoardManufacturer)
	add("Board Product", f.BoardProduct)
	add("Board Serial", f.BoardSerialNumber)
	add("Board Part Number", f.BoardPartNumber)
	add("Product Manufacturer", f.ProductManufacturer)
	add("Product Name", f.ProductName)
	add("Product Part Number", f.ProductPartNumber)
	add("Product Version", f.ProductVersion)
	add("Product Serial", f.ProductSerialNumber)
	add("Product Asset Tag", f.ProductAssetTag)
	for k, v := range f.Custom {
		area, _, _ := strings.Cut(k, "_")
		add(strings.ToUpper(area[:1])+area[1:]+" Extra", v)
	}
	slices.Sort(all)
	return all
}

// compareFindings: a supply without input is named, once, and redundancy where
// ipmitool has it lost.
func (c *captured) compareFindings(t *testing.T, r *inventory.Report) {
	t.Helper()
	lost, redundancy, damaged := 0, 0, 0
	for _, f := range r.Findings {
		switch f.Code {
		case "psu.input_lost":
			lost++
		case "psu.redundancy_lost":
			redundancy++
		case "fru.damaged":
			damaged++
		case "sensor.critical":
			if strings.Contains(f.ComponentID, "power_supply") {
				t.Errorf("said twice: %s", f.Message)
			}
		}
	}
	wantLost, wantRedundancy := 0, 0
	for _, row := range c.elist {
		if strings.Contains(row[4], "AC lost") {
			wantLost++
		}
		if strings.Contains(row[4], "Redundancy Lost") {
			wantRedundancy++
		}
	}
	if lost != wantLost || redundancy != wantRedundancy {
		t.Errorf("%d without input, %d lost redundancies; ipmitool has %d and %d", lost, redundancy, wantLost, wantRedundancy)
	}
	if strings.HasPrefix(c.name, "infrasim-dell") && damaged < 2 {
		t.Error("the damaged multirecords are not mentioned")
	}
}

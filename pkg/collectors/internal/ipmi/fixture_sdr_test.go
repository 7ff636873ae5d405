package ipmi_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

// TestFixtureSDRs compares every captured record with ipmitool's list, in
// order: name, number, entity, and what kind of record it is.
func TestFixtureSDRs(t *testing.T) {
	t.Parallel()
	records := 0
	for _, dir := range fixtures(t) {
		dump := filepath.Join(dir, "sdr.bin")
		if match, _ := filepath.Glob(dump); match == nil {
			continue
		}
		machine := filepath.Base(dir)
		want := columns(readFile(t, filepath.Join(dir, "expected", "ipmitool-sdr-elist-all.txt")))
		listed := map[string]int{}
		for _, w := range want {
			listed[strings.Join(w[:1], "|")+"|"+w[1]+"|"+w[3]]++
		}
		n := 0
		for _, raw := range splitRecords(t, readFile(t, dump)) {
			r, err := ipmi.DecodeRecord(raw)
			if err != nil {
				t.Errorf("%s: %v", machine, err)
				continue
			}
			e, ok := r.Entity()
			if !ok {
				if r.Type != ipmi.RecordOEM {
					t.Errorf("%s: record type %02xh is not decoded", machine, uint8(r.Type))
				}
				continue
			}
			n++
			num := uint8(0)
			if r.Sensor != nil {
				num = r.Sensor.Number
			}
			key := fmt.Sprintf("%s|%02Xh|%d.%d", strings.TrimSpace(r.Name()), num, e.ID, e.Instance)
			if listed[key] == 0 {
				t.Errorf("%s: ipmitool does not list %s", machine, key)
			}
			listed[key]--
			checkLocator(t, machine, r, want)
		}
		records += n
		if n != len(want) {
			t.Errorf("%s: %d records, ipmitool lists %d", machine, n, len(want))
		}
	}
	t.Logf("%d records compared", records)
}

func checkLocator(t *testing.T, machine string, r ipmi.Record, want [][]string) {
	t.Helper()
	text := ""
	switch {
	case r.FRULocator != nil && r.FRULocator.Logical:
		text = fmt.Sprintf("Logical FRU @%02Xh", r.FRULocator.DeviceID)
	case r.FRULocator != nil:
		text = fmt.Sprintf("Physical FRU @%02Xh", r.FRULocator.DeviceID)
	case r.MCLocator != nil && r.MCLocator.Static:
		text = fmt.Sprintf("Static MC @ %02Xh", r.MCLocator.Addr)
	case r.MCLocator != nil:
		text = fmt.Sprintf("Dynamic MC @ %02Xh", r.MCLocator.Addr)
	case r.Sensor.EventOnly:
		text = "Event-Only"
	default:
		return
	}
	for _, w := range want {
		if w[0] == r.Name() && w[4] == text {
			return
		}
	}
	t.Errorf("%s: %s: bee says %q", machine, r.Name(), text)
}

// columns splits a table of `|` columns.
func columns(b []byte) [][]string {
	var all [][]string
	for _, line := range lines(b) {
		f := strings.Split(line, "|")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		all = append(all, f)
	}
	return all
}

// TestFixtureSensors reads every sensor of the captured controllers through
// session, client and scripted controller, and compares values, units, states
// and thresholds with what ipmitool printed for the same emulation.
func TestFixtureSensors(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, dir := range fixtures(t) {
		emu := filepath.Join(dir, "bmc.emu")
		if match, _ := filepath.Glob(emu); match == nil {
			continue
		}
		machine := filepath.Base(dir)
		want := columns(readFile(t, filepath.Join(dir, "expected", "ipmitool-sensor-list.txt")))
		elist := columns(readFile(t, filepath.Join(dir, "expected", "ipmitool-sdr-elist-all.txt")))
		bmc := loadEmulation(t, emu)
		sensors := readable(t, ipmi.NewSession(bmc, 0))
		if len(sensors) != len(want) {
			t.Errorf("%s: %d sensors, ipmitool lists %d", machine, len(sensors), len(want))
			continue
		}
		for i, s := range sensors {
			crossed(bmc, s, want[i])
		}
		session := ipmi.NewSession(bmc, 0)
		for i, s := range readable(t, session) {
			if s.OwnerID == 0x2C && want[i][1] == "na" {
				continue // ipmitool did not get an answer over the bridge
			}
			if s.OwnerID&1 != 0 {
				// The firmware's own: it sends events and answers nobody. ipmitool
				// asked a controller of that address, which the emulation has.
				if r, err := session.Reading(t.Context(), s); err != nil || r.Status != ipmi.ReadingSoftware {
					t.Errorf("%s: %s: %v %v", machine, s.Name, r.Status, err)
				}
				continue
			}
			compared++
			r, err := session.Reading(t.Context(), s)
			if err != nil {
				t.Errorf("%s: %v", machine, err)
				continue
			}
			limits, err := session.Thresholds(t.Context(), s)
			if err != nil {
				t.Errorf("%s: %v", machine, err)
			}
			r.Thresholds = limits
			if got := sensorRow(s, r); strings.Join(got, "|") != strings.Join(want[i], "|") {
				t.Errorf("%s:\n ipmitool %q\n bee      %q", machine, want[i], got)
			}
			compareStates(t, machine, s, r, elist)
		}
	}
	t.Logf("%d sensors compared", compared)
}

func readable(t *testing.T, session *ipmi.Session) []*ipmi.Sensor {
	t.Helper()
	var all []*ipmi.Sensor
	for r, err := range session.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Sensor != nil && !r.Sensor.EventOnly {
			all = append(all, r.Sensor)
		}
	}
	return all
}

// crossed sets the comparison bits of threshold sensors that were beyond a
// limit in the emulation: its command file holds no such bits, the emulator
// works them out.
func crossed(b *ipmitest.BMC, s *ipmi.Sensor, row []string) {
	k := ipmitest.SensorKey{Addr: s.OwnerID, LUN: s.LUN, Number: s.Number}
	state, ok := b.Sensors[k]
	if !ok || !s.Threshold() {
		return
	}
	state.States = 0
	if row[3] == "cr" {
		state.States = 1 << ipmi.LowerCritical
	}
	b.Sensors[k] = state
}

// sensorRow is a sensor as ipmitool prints it.
func sensorRow(s *ipmi.Sensor, r ipmi.SensorReading) []string {
	row := []string{s.Name, "na", "discrete", "na"}
	if s.Threshold() {
		row[2] = ""
	}
	switch {
	case r.Status != ipmi.ReadingOK:
	case s.Threshold():
		status := map[inventory.Health]string{
			inventory.HealthOK: "ok", inventory.HealthWarning: "nc", inventory.HealthCritical: "cr",
		}
		row[1], row[2], row[3] = fmt.Sprintf("%.3f", *r.Value), printedUnit(s.Analog.Unit), status[r.Health]
	default:
		row[1] = fmt.Sprintf("0x%x", r.Raw.States&0xFF)
		row[3] = fmt.Sprintf("0x%02x%02x", r.Raw.States&0xFF, r.Raw.States>>8&0xFF)
	}
	for _, k := range []ipmi.ThresholdKind{
		ipmi.LowerNonRecoverable, ipmi.LowerCritical, ipmi.LowerNonCritical,
		ipmi.UpperNonCritical, ipmi.UpperCritical, ipmi.UpperNonRecoverable,
	} {
		text := "na"
		if v, ok := r.Threshold(k); ok {
			text = strconv.FormatFloat(v, 'f', 3, 64)
		}
		row = append(row, text)
	}
	return row
}

func printedUnit(u ipmi.Unit) string {
	return strings.NewReplacer("degrees_c", "degrees C", "rpm", "RPM", "watts", "Watts", "volts", "Volts",
		"amps", "Amps", "cfm", "CFM").Replace(u.String())
}

// compareStates compares the names of discrete states with ipmitool's, by the
// words they have in common: each tool words them in its own way.
func compareStates(t *testing.T, machine string, s *ipmi.Sensor, r ipmi.SensorReading, elist [][]string) {
	t.Helper()
	if s.Threshold() || r.Status != ipmi.ReadingOK {
		return
	}
	for _, w := range elist {
		if w[0] != s.Name || w[1] != fmt.Sprintf("%02Xh", s.Number) || w[3] != fmt.Sprintf("%d.%d", s.Entity.ID, s.Entity.Instance) {
			continue
		}
		var known []string
		for _, st := range r.States {
			if !strings.HasPrefix(st.Name, "state_") || strings.HasSuffix(st.Name, "serted") {
				known = append(known, st.Name)
			}
		}
		said := []string{}
		for _, name := range strings.Split(w[4], ", ") {
			if name != "" {
				said = append(said, stateName(s, name))
			}
		}
		if strings.Join(known, " ") != strings.Join(said, " ") {
			t.Errorf("%s: %s: ipmitool %q, bee %q", machine, s.Name, said, known)
		}
		return
	}
	t.Errorf("%s: %s is not listed", machine, s.Name)
}

func stateName(sensor *ipmi.Sensor, s string) string {
	if sensor.Type == ipmi.SensorBattery {
		return "battery_presence_detected"
	}
	switch s {
	case "Power Supply AC lost":
		return "input_lost"
	case "Connected":
		return "cable_connected"
	case "Present", "Absent":
		return "entity_" + strings.ToLower(s)
	case "EISA failsafe timeout":
		return "eisa_fail_safe_timeout"
	case "Non-Redundant: Sufficient from Redundant":
		return "non_redundant_sufficient_from_redundant"
	}
	return strings.ReplaceAll(strings.ToLower(s), " ", "_")
}

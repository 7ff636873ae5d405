package inventory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
)

func TestAssessBMC(t *testing.T) {
	t.Parallel()
	hot := inventory.Sensor{
		ID: "sensor:Inlet", Name: "Inlet", Type: "temperature", Entity: "system_board.1", Value: new(61.0), Unit: "degrees_c",
		States: []string{"upper_non_critical", "upper_critical"}, Thresholds: map[string]float64{"upper_critical": 60}, Health: inventory.HealthCritical,
	}
	watts := inventory.Sensor{ID: "sensor:PSU2 Input", Type: "other_units", Entity: "power_supply.2", Value: new(0.0), States: []string{"lower_critical"}, Health: inventory.HealthCritical}
	status := inventory.Sensor{ID: "sensor:PS1 Status", Type: "power_supply", Entity: "power_supply.1", States: []string{"failure_detected"}, Health: inventory.HealthCritical}
	intrusion := inventory.Sensor{ID: "sensor:Intrusion", Type: "physical_security", States: []string{"general_chassis_intrusion"}, Health: inventory.HealthWarning}
	full := inventory.Sensor{ID: "sensor:SEL", Type: "event_logging", States: []string{"log_full"}, Health: inventory.HealthWarning}
	for name, c := range map[string]struct {
		bmc      inventory.BMC
		supplies []inventory.PowerSupply
		want     []string
		message  string
	}{
		"empty":            {},
		"self test":        {bmc: inventory.BMC{SelfTest: "passed"}},
		"self test absent": {bmc: inventory.BMC{SelfTest: "not_implemented"}},
		"self test failed": {bmc: inventory.BMC{SelfTest: "corrupted_or_inaccessible: sel_device"}, want: []string{"warning bmc.self_test_failed bmc"}, message: "sel_device"},
		"self test fatal":  {bmc: inventory.BMC{SelfTest: "fatal_hardware_error"}, want: []string{"critical bmc.self_test_failed bmc"}},
		"chassis": {
			bmc:  inventory.BMC{Chassis: &inventory.ChassisStatus{Faults: []string{"main_power_fault", "front_panel_lockout", "chassis_intrusion"}}},
			want: []string{"critical bmc.chassis_fault bmc", "warning bmc.chassis_fault bmc"}, message: "main power fault",
		},
		"hot": {
			bmc: inventory.BMC{Sensors: []inventory.Sensor{hot}}, want: []string{"critical sensor.critical sensor:Inlet"},
			message: "Inlet reads 61 degrees_c, beyond upper_non_critical, upper_critical",
		},
		"without input no watts": {
			bmc:      inventory.BMC{Sensors: []inventory.Sensor{watts}},
			supplies: []inventory.PowerSupply{supply("PSU1", inventory.PSUStatusOK), supply("PSU2", inventory.PSUStatusInputLost, "input_lost")},
			want:     []string{"critical psu.input_lost psu:PSU2"},
		},
		"no watts and yet all is well": {
			bmc: inventory.BMC{Sensors: []inventory.Sensor{watts}}, supplies: []inventory.PowerSupply{supply("PSU2", inventory.PSUStatusOK)},
			want: []string{"critical sensor.critical sensor:PSU2 Input"},
		},
		"supplies not collected":    {bmc: inventory.BMC{Sensors: []inventory.Sensor{status}}, want: []string{"critical sensor.critical sensor:PS1 Status"}},
		"supplies collected":        {bmc: inventory.BMC{Sensors: []inventory.Sensor{status}}, supplies: []inventory.PowerSupply{supply("PS1", inventory.PSUStatusFailed)}, want: []string{"critical psu.failed psu:PS1"}},
		"intrusion by sensor":       {bmc: inventory.BMC{Sensors: []inventory.Sensor{intrusion}}, want: []string{"warning sensor.warning sensor:Intrusion"}},
		"intrusion by both":         {bmc: inventory.BMC{Sensors: []inventory.Sensor{intrusion}, Chassis: &inventory.ChassisStatus{Faults: []string{"chassis_intrusion"}}}, want: []string{"warning bmc.chassis_fault bmc"}},
		"log full":                  {bmc: inventory.BMC{SEL: &inventory.SEL{FreeBytes: new(0)}, Sensors: []inventory.Sensor{full}}, want: []string{"warning sel.full bmc"}},
		"log full, says the sensor": {bmc: inventory.BMC{Sensors: []inventory.Sensor{full}}, want: []string{"warning sensor.warning sensor:SEL"}},
		"log overflowed":            {bmc: inventory.BMC{SEL: &inventory.SEL{FreeBytes: new(4096), Overflow: new(true)}}, want: []string{"warning sel.full bmc"}, message: "overflowed"},
		"log has room":              {bmc: inventory.BMC{SEL: &inventory.SEL{FreeBytes: new(16), Overflow: new(false)}}},
		"damaged": {
			bmc:  inventory.BMC{FRUs: []inventory.FRU{{ID: "fru:20:12", Name: "BP0", Damaged: []string{"header"}}}},
			want: []string{"info fru.damaged fru:20:12"}, message: "BP0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := c.bmc
			b.ID = "bmc"
			r := &inventory.Report{BMC: &b, PowerSupplies: c.supplies}
			if got := found(r); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.message != "" && !strings.Contains(r.Findings[0].Message, c.message) {
				t.Errorf("message %q, want %q in it", r.Findings[0].Message, c.message)
			}
		})
	}
}

func event(typ, sensor, what string) inventory.SELEntry {
	return inventory.SELEntry{RecordID: 7, SensorType: typ, Sensor: sensor, SensorNumber: new(uint8(0x50)), Event: what, Asserted: new(true), At: new(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
}

func over(e inventory.SELEntry) inventory.SELEntry {
	e.Asserted = new(false)
	return e
}

func detailed(e inventory.SELEntry, detail string) inventory.SELEntry {
	e.Sensor, e.Detail = "", detail
	return e
}

func moduleIn(slot string) inventory.MemoryModule {
	m := inventory.MemoryModule{Slot: slot}
	m.ID = "dimm:" + slot
	return m
}

func TestAssessSEL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		events  []inventory.SELEntry
		sensors []inventory.Sensor
		want    []string
		message string
	}{
		"nothing":           {},
		"module named":      {events: []inventory.SELEntry{event("memory", "DIMM_A1 ECC", "uncorrectable_ecc")}, want: []string{"critical memory.sel_uncorrectable_error dimm:DIMM A1"}, message: "1 uncorrectable errors of memory module DIMM A1"},
		"two names, one":    {events: []inventory.SELEntry{event("memory", "DIMM B1", "correctable_ecc")}, want: []string{"warning memory.sel_correctable_errors "}, message: "sensor DIMM B1"},
		"module by number":  {events: []inventory.SELEntry{detailed(event("memory", "", "correctable_ecc"), "module 2")}, want: []string{"warning memory.sel_correctable_errors "}, message: "memory (sensor 0x50, module 2)"},
		"counted":           {events: []inventory.SELEntry{event("memory", "DIMM A1", "correctable_ecc"), event("memory", "DIMM A1", "correctable_ecc_logging_limit_reached")}, want: []string{"warning memory.sel_correctable_errors dimm:DIMM A1"}, message: "2 correctable"},
		"two modules":       {events: []inventory.SELEntry{detailed(event("memory", "", "parity"), "module 1"), detailed(event("memory", "", "parity"), "module 2")}, want: []string{"critical memory.sel_uncorrectable_error ", "critical memory.sel_uncorrectable_error "}},
		"memory over":       {events: []inventory.SELEntry{over(event("memory", "DIMM A1", "correctable_ecc"))}},
		"machine check":     {events: []inventory.SELEntry{event("processor", "CPU1", "ierr")}, want: []string{"critical sel.critical_event bmc"}, message: "processor: ierr (sensor CPU1)"},
		"taken back":        {events: []inventory.SELEntry{event("processor", "CPU1", "ierr"), over(event("processor", "CPU1", "ierr"))}},
		"and came again":    {events: []inventory.SELEntry{event("processor", "CPU1", "ierr"), over(event("processor", "CPU1", "ierr")), event("processor", "CPU1", "ierr")}, want: []string{"critical sel.critical_event bmc"}},
		"another's end":     {events: []inventory.SELEntry{event("processor", "CPU1", "ierr"), over(event("processor", "CPU2", "ierr"))}, want: []string{"critical sel.critical_event bmc"}},
		"harmless":          {events: []inventory.SELEntry{event("system_boot", "", "initiated_by_power_up"), event("temperature", "Inlet", "upper_critical_going_high"), event("power_supply", "PS1 Status", "input_lost")}},
		"drive, still so":   {events: []inventory.SELEntry{event("drive_slot", "HDD1", "drive_fault")}, sensors: []inventory.Sensor{{ID: "s", Name: "HDD1", Type: "drive_slot", States: []string{"drive_present", "drive_fault"}}}, want: []string{"critical sel.critical_event bmc"}},
		"drive, replaced":   {events: []inventory.SELEntry{event("drive_slot", "HDD1", "drive_fault")}, sensors: []inventory.Sensor{{ID: "s", Name: "HDD1", Type: "drive_slot", States: []string{"drive_present"}}}},
		"drive, not read":   {events: []inventory.SELEntry{event("drive_slot", "HDD1", "drive_fault")}, sensors: []inventory.Sensor{{ID: "s", Name: "HDD1", Type: "drive_slot", Unavailable: "timeout"}}, want: []string{"critical sel.critical_event bmc"}},
		"memory overheated": {events: []inventory.SELEntry{event("memory", "DIMM A1 Status", "critical_overtemperature")}, want: []string{"critical sel.critical_event dimm:DIMM A1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &inventory.Report{
				Memory: &inventory.Memory{Modules: []inventory.MemoryModule{moduleIn("DIMM A1"), moduleIn("DIMM_B1"), moduleIn("DIMM-B1")}},
				BMC:    &inventory.BMC{Meta: inventory.Meta{ID: "bmc"}, SEL: &inventory.SEL{Last: c.events}, Sensors: c.sensors},
			}
			if got := found(r); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if c.message != "" && !strings.Contains(r.Findings[0].Message, c.message) {
				t.Errorf("message %q, want %q in it", r.Findings[0].Message, c.message)
			}
			again := found(r)
			if !slices.Equal(again, c.want) {
				t.Errorf("judged again: %q", again)
			}
		})
	}
}

// TestJoinEvents: a supply is named where the sensor's name fits exactly one.
func TestJoinEvents(t *testing.T) {
	t.Parallel()
	for sensor, want := range map[string]string{
		"PS1 Status": "psu:PSU 01", "Power Supply 1": "psu:PSU 01", "PS2 Status": "", "PS3 Status": "", "Status": "", "": "", "PS1 Fan2": "",
	} {
		r := &inventory.Report{
			PowerSupplies: []inventory.PowerSupply{supply("PSU 01", ""), supply("PS2", ""), supply("Pwr Supply 2", "")},
			BMC:           &inventory.BMC{SEL: &inventory.SEL{Last: []inventory.SELEntry{event("power_supply", sensor, "input_lost")}}},
		}
		r.Join()
		if got := r.BMC.SEL.Last[0].ComponentID; got != want {
			t.Errorf("%q: %q, want %q", sensor, got, want)
		}
	}
}

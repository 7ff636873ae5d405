package ipmi_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

func TestDecodeSELEntry(t *testing.T) {
	t.Parallel()
	const at = 0x65920080 // 2024-01-01 00:00:00 UTC
	e, err := ipmi.DecodeSELEntry(ipmitest.Event(7, at, 0x0C, 0x02, 0x6F, 0xB1, 0xFF, 0x05))
	if err != nil {
		t.Fatal(err)
	}
	ev := e.Event
	if e.ID != 7 || *e.TimestampRaw != at || !e.Time.Equal(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", e)
	}
	if ev.State.Name != "uncorrectable_ecc" || ev.State.Health != inventory.HealthCritical || !ev.Asserted || *ev.MemoryModule != 5 {
		t.Errorf("%+v", ev)
	}
	if e, _ := ipmi.DecodeSELEntry(ipmitest.Event(7, at, 0x0C, 2, 0x6F, 0xA0, 0, 5)); e.Event.MemoryModule != nil {
		t.Error("a maker's own byte was taken for a module number")
	}

	e, _ = ipmi.DecodeSELEntry(ipmitest.Event(8, 300, 0x01, 0x30, 0x81, 0x59, 0x70, 0x6E))
	ev = e.Event
	if e.Time != nil || *e.TimestampRaw != 300 || ev.Asserted || ev.State.Name != "upper_critical_going_high" ||
		*ev.TriggerRaw != 0x70 || *ev.ThresholdRaw != 0x6E {
		t.Errorf("%+v %+v", e, ev)
	}

	oem := ipmitest.Event(9, at, 0, 0, 0)
	oem[2], oem[7], oem[8], oem[9] = 0xC1, 0x57, 1, 0
	e, _ = ipmi.DecodeSELEntry(oem)
	if e.Event != nil || *e.OEM.ManufacturerID != 343 || len(e.OEM.Data) != 6 || e.Time == nil {
		t.Errorf("%+v", e)
	}
	oem[2] = 0xE0
	e, _ = ipmi.DecodeSELEntry(oem)
	if e.TimestampRaw != nil || len(e.OEM.Data) != 13 || e.OEM.ManufacturerID != nil {
		t.Errorf("%+v", e)
	}
	if _, err := ipmi.DecodeSELEntry(oem[:15]); !errors.Is(err, inventory.ErrMalformed) {
		t.Errorf("15 bytes: %v", err)
	}
}

func TestSmallAnswers(t *testing.T) {
	t.Parallel()
	id, err := ipmi.DecodeDeviceID([]byte{0x20, 0x81, 0x02, 0x1E, 0x02, 0xDF, 0xA2, 0x02, 0x00, 0x00, 0x01})
	if err != nil || id.Firmware != "2.1e" || id.IPMIVersion != "2.0" || *id.ManufacturerID != 674 || *id.ProductID != 256 ||
		!id.ProvidesSDRs || !id.Available || id.HasAuxFirmware || ipmi.ManufacturerName(*id.ManufacturerID) != "Dell" {
		t.Errorf("%+v %v", id, err)
	}
	g, ok := ipmi.DecodeGUID([]byte{0xFF, 0xEE, 0xDD, 0xCC, 0xBB, 0xAA, 0x99, 0x88, 0x77, 0x46, 0x55, 0x44, 0x33, 0x22, 0x11, 0x00})
	if !ok || g.IPMI != "00112233-4455-4677-8899-aabbccddeeff" || g.Best() != g.IPMI {
		t.Errorf("%+v", g)
	}
	g, ok = ipmi.DecodeGUID([]byte{0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x46, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF})
	if !ok || g.Best() != "00112233-4455-4677-8899-aabbccddeeff" || g.Best() == g.IPMI {
		t.Errorf("%+v", g)
	}
	if _, ok := ipmi.DecodeGUID(repeat(byte(0xFF), 16)); ok {
		t.Error("all ones is no guid")
	}
	cs, err := ipmi.DecodeChassisStatus([]byte{0x21, 0x10, 0x49})
	want := ipmi.ChassisStatus{
		PowerOn: true, RestorePolicy: "previous", Faults: []string{"chassis_intrusion", "cooling_fan_fault"},
		LastEvents: []string{"power_on_by_command"}, Identify: new(uint8(0)),
	}
	if diff := cmp.Diff(want, cs); diff != "" || err != nil {
		t.Error(diff, err)
	}
	st, err := ipmi.DecodeSelfTest([]byte{0x57, 0x88})
	if err != nil || st.Result != "corrupted_or_inaccessible" || cmp.Diff([]string{"sdr_repository_empty", "sel_device"}, st.Faults) != "" {
		t.Errorf("%+v %v", st, err)
	}
	if cause, ok := ipmi.RestartCause([]byte{4}); !ok || cause != "watchdog" {
		t.Error(cause, ok)
	}
	si, err := ipmi.DecodeSELInfo([]byte{0x51, 9, 0, 0xFF, 0xFF, 0x80, 0, 0x92, 0x65, 5, 0, 0, 0, 0x82})
	if err != nil || si.Entries != 9 || si.FreeBytes != nil || si.LastAddAt == nil || si.LastEraseAt != nil || !si.Overflow {
		t.Errorf("%+v %v", si, err)
	}
	pr, err := ipmi.DecodePowerReading([]byte{0xDC, 0x2C, 1, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0, 0x40})
	if err != nil || pr.CurrentWatts != 300 || pr.PeriodMillis != 1000 || !pr.Active {
		t.Errorf("%+v %v", pr, err)
	}
}

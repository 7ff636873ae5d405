package bmc_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/bmc"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
	"example.com/bee/pkg/inventory"
)

func machine(b *ipmitest.BMC) *hosttest.Source {
	s := &hosttest.Source{}
	if b != nil {
		s.Devices = map[string]host.Device{"ipmi /dev/ipmi0": b}
	}
	return s
}

// render is what does not change from run to run.
func render(t *testing.T, r *inventory.Report) string {
	t.Helper()
	b, err := json.MarshalIndent(struct {
		P any
		B any
		I any
	}{r.PowerSupplies, r.BMC, r.Issues}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNoBMC(t *testing.T) {
	t.Parallel()
	if b, err := bmc.Read(t.Context(), machine(nil).Host()); b != nil || err != nil {
		t.Errorf("%+v, %v", b, err)
	}
}

type deniedDevices struct{ *hosttest.Source }

func (deniedDevices) Open(_ host.Protocol, name string) (host.Device, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestDenied(t *testing.T) {
	t.Parallel()
	if b, err := bmc.Read(t.Context(), host.New(deniedDevices{machine(nil)})); b != nil || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%+v, %v", b, err)
	}
}

// TestRead compares a whole controller.
func TestRead(t *testing.T) {
	t.Parallel()
	got, err := bmc.Read(t.Context(), machine(ipmitest.Server()).Host())
	if err != nil {
		t.Fatal(err)
	}
	sensors := got.Sensors
	frus := got.FRUs
	got.Sensors, got.FRUs = nil, nil
	want := &inventory.BMC{
		Meta:     inventory.Meta{ID: "bmc", Sources: []string{"/dev/ipmi0"}},
		Firmware: "2.30", Manufacturer: "Intel", ManufacturerID: new(uint32(343)), Product: "Acme BMC", ProductID: new(uint16(0x1234)),
		IPMIVersion: "2.0", DeviceID: new(uint8(0x20)), GUID: "100f0e0d-0c0b-4109-8807-060504030201", SelfTest: "passed", MAC: "02:00:5e:01:02:03",
		LAN: &inventory.BMCLAN{
			Channel: new(uint8(1)), IP: "192.0.2.7", IPSource: "dhcp", Netmask: "255.255.255.0", Gateway: "192.0.2.1",
			MAC: "02:00:5e:01:02:03", VLANID: new(5), VLANInUse: new(true),
		},
		Chassis:    &inventory.ChassisStatus{PowerOn: new(true), RestorePolicy: "previous", LastEvents: []string{"power_on_by_command"}},
		PowerWatts: new(uint32(270)),
		SEL: &inventory.SEL{
			Entries: new(3), FreeBytes: new(4096), Overflow: new(false),
			LastAddAt: got.SEL.LastAddAt, LastEraseAt: got.SEL.LastEraseAt,
			Last: []inventory.SELEntry{
				{
					RecordID: 1, At: at(0x65920080), TimestampRaw: new(uint32(0x65920080)), SensorType: "event_logging", SensorNumber: new(uint8(0x72)),
					Event: "log_cleared", Asserted: new(true), Raw: "010002800092652000041072" + "6f020000",
				},
				{
					RecordID: 2, At: at(0x65920081), TimestampRaw: new(uint32(0x65920081)), SensorType: "temperature", Sensor: "Temp1", SensorNumber: new(uint8(1)),
					Event: "upper_critical_going_high", Asserted: new(true), Detail: "reading 61 degrees_c, threshold 60 degrees_c", Raw: "020002810092652000040101" + "01593d3c",
				},
				{
					RecordID: 3, At: at(0x65920082), TimestampRaw: new(uint32(0x65920082)), SensorType: "memory", SensorNumber: new(uint8(2)),
					Event: "correctable_ecc", Asserted: new(true), Detail: "module 3", Raw: "030002820092652000040c02" + "6fb0ff03",
				},
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(sensors) != 29 {
		t.Fatalf("%d sensors", len(sensors))
	}
	for i, want := range map[int]inventory.Sensor{
		0: {
			ID: "sensor:Temp1/system_board.1", Name: "Temp1", Number: new(uint8(1)), Type: "temperature", Entity: "system_board.1", Value: new(21.0), Unit: "degrees_c",
			Thresholds: map[string]float64{"lower_non_critical": 10, "lower_critical": 5, "upper_non_critical": 50, "upper_critical": 60}, Health: inventory.HealthOK,
		},
		24: {
			ID: "sensor:PS1 Status/power_supply.1", Name: "PS1 Status", Number: new(uint8(0x51)), Type: "power_supply", Entity: "power_supply.1",
			States: []string{"presence_detected"}, Health: inventory.HealthOK,
		},
		28: {
			ID: "sensor:PS Redundancy/power_unit.1", Name: "PS Redundancy", Number: new(uint8(0x70)), Type: "power_unit", Entity: "power_unit.1",
			States: []string{"fully_redundant"}, Health: inventory.HealthOK,
		},
	} {
		if diff := cmp.Diff(want, sensors[i]); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff([]inventory.FRU{
		{
			ID: "fru:20:0", ChassisType: "rack_mount_chassis", ChassisPartNumber: "CP-1", ChassisSerialNumber: "CS-1",
			BoardManufacturer: "Acme", BoardProduct: "Board", BoardSerialNumber: "BS-1", BoardPartNumber: "BP-1", BoardMfgAt: frus[0].BoardMfgAt,
			ProductManufacturer: "Acme", ProductName: "Server 9", ProductPartNumber: "S9", ProductVersion: "A1", ProductSerialNumber: "SN-9", ProductAssetTag: "AT-9",
		},
		{
			ID: "fru:20:3", DeviceID: 3, Name: "Backplane", Entity: "drive_backplane.1", BoardManufacturer: "Acme", BoardProduct: "Backplane",
			BoardSerialNumber: "BB-1", BoardPartNumber: "BQ-1", BoardMfgAt: frus[1].BoardMfgAt,
		},
	}, frus); diff != "" || frus[0].BoardMfgAt == nil {
		t.Error(diff)
	}
}

func at(seconds int64) *time.Time { return new(time.Unix(seconds, 0).UTC()) }

// TestMissing: what a controller does not have is left out and is no issue;
// what it should have and does not give is one.
func TestMissing(t *testing.T) {
	t.Parallel()
	no := func(code byte, cmds ...[2]byte) func(*ipmitest.BMC) {
		return func(b *ipmitest.BMC) {
			for _, c := range cmds {
				b.Answers[c] = []byte{code}
			}
		}
	}
	for name, tt := range map[string]struct {
		change func(*ipmitest.BMC)
		check  func(b *inventory.BMC) bool
		err    error
	}{
		"no power reading": {no(0xC1, [2]byte{0x2C, 2}), func(b *inventory.BMC) bool { return b.PowerWatts == nil && b.LAN != nil }, nil},
		"power refused":    {no(0xCC, [2]byte{0x2C, 2}), func(b *inventory.BMC) bool { return b.PowerWatts == nil }, nil},
		"not measuring":    {func(b *ipmitest.BMC) { b.Answers[[2]byte{0x2C, 2}][18] = 0 }, func(b *inventory.BMC) bool { return b.PowerWatts == nil }, nil},
		"no system guid": {
			func(b *ipmitest.BMC) {
				b.Answers[[2]byte{0x06, 0x08}] = b.Answers[[2]byte{0x06, 0x37}]
				b.Answers[[2]byte{0x06, 0x37}] = []byte{0xCC}
			}, func(b *inventory.BMC) bool { return b.GUID != "" }, nil,
		},
		"no guid": {no(0xC1, [2]byte{0x06, 0x37}), func(b *inventory.BMC) bool { return b.GUID == "" }, nil},
		"no network": {
			func(b *ipmitest.BMC) { b.Answers[[2]byte{0x06, 0x42}] = []byte{0, 1, 1, 1, 0, 0, 0, 0, 0, 0} },
			func(b *inventory.BMC) bool { return b.LAN == nil && *b.PowerWatts == 270 }, nil,
		},
		"network without parameters": {func(b *ipmitest.BMC) { b.LAN = nil }, func(b *inventory.BMC) bool { return b.LAN == nil && b.PowerWatts != nil }, nil},
		"short parameter":            {func(b *ipmitest.BMC) { b.LAN[5] = []byte{1} }, func(b *inventory.BMC) bool { return b.MAC == "" && b.LAN.IP == "192.0.2.7" }, inventory.ErrMalformed},
		"no log":                     {no(0xC1, [2]byte{0x0A, 0x40}), func(b *inventory.BMC) bool { return b.SEL == nil && len(b.Sensors) == 29 }, nil},
		"log info of two bytes":      {func(b *ipmitest.BMC) { b.SELInfo = []byte{1, 2} }, func(b *inventory.BMC) bool { return b.SEL == nil && len(b.FRUs) == 2 }, inventory.ErrMalformed},
		"self test failed":           {func(b *ipmitest.BMC) { b.Answers[[2]byte{0x06, 0x04}] = []byte{0, 0x57, 0x80} }, func(b *inventory.BMC) bool { return b.SelfTest == "corrupted_or_inaccessible: sel_device" }, nil},
		"fru gone":                   {func(b *ipmitest.BMC) { delete(b.FRUs, 3) }, func(b *inventory.BMC) bool { return len(b.FRUs) == 1 }, nil},
		"fru blank":                  {func(b *ipmitest.BMC) { b.FRUs[3] = make([]byte, 64) }, func(b *inventory.BMC) bool { return len(b.FRUs) == 1 }, nil},
		"fru head damaged":           {func(b *ipmitest.BMC) { b.FRUs[3][0] = 7 }, func(b *inventory.BMC) bool { return len(b.FRUs) == 2 && b.FRUs[1].Damaged[0] == "header" }, inventory.ErrMalformed},
		"fru area damaged": {
			func(b *ipmitest.BMC) { b.FRUs[3][20]++ },
			func(b *inventory.BMC) bool {
				return b.FRUs[1].Damaged[0] == "board: checksum is wrong" && b.FRUs[1].BoardProduct == ""
			}, nil,
		},
		"sensor gone": {
			func(b *ipmitest.BMC) { delete(b.Sensors, ipmitest.SensorKey{Addr: 0x20, Number: 1}) },
			func(b *inventory.BMC) bool {
				return b.Sensors[0].Unavailable == "not_present" && b.Sensors[0].Health == inventory.HealthUnknown && b.Sensors[1].Value != nil
			}, nil,
		},
		"more sensors announced than there are": {
			func(b *ipmitest.BMC) {
				r := ipmitest.SensorSpec{ID: 900, Number: 0xC0, Entity: 29, Instance: 1, Type: 4, EventType: 3, Share: [2]uint8{9, 0x81}, Readable: 3, Name: "Fan"}
				b.SDR = append(b.SDR, r.Compact())
				for n := range uint8(2) {
					b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 0xC0 + n}] = ipmitest.Sensor{Flags: 0xC0, States: 1}
				}
			},
			func(b *inventory.BMC) bool {
				return len(b.Sensors) == 31 && b.Sensors[29].Name == "Fan1" && b.Sensors[30].ID == "sensor:Fan2/fan.2"
			}, nil,
		},
		"sensor asleep": {
			func(b *ipmitest.BMC) {
				b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 1}] = ipmitest.Sensor{Flags: 0x80}
			},
			func(b *inventory.BMC) bool {
				return b.Sensors[0].Unavailable == "scanning_disabled" && b.Sensors[0].Value == nil
			}, nil,
		},
		"sensor beyond": {
			func(b *ipmitest.BMC) {
				b.Sensors[ipmitest.SensorKey{Addr: 0x20, Number: 1}] = ipmitest.Sensor{Raw: 61, Flags: 0xC0, States: 0x18, Thresholds: []byte{0x1B, 10, 5, 0, 50, 60, 0}}
			},
			func(b *inventory.BMC) bool {
				return b.Sensors[0].Health == inventory.HealthCritical && len(b.Sensors[0].States) == 2
			}, nil,
		},
		"locator twice": {
			func(b *ipmitest.BMC) { b.SDR = append(b.SDR, ipmitest.FRULocator(900, 3, 15, 2, "Again")) },
			func(b *inventory.BMC) bool { return len(b.FRUs) == 3 && b.FRUs[2].ID == "fru:20:3#2" }, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := ipmitest.Server()
			tt.change(b)
			got, err := bmc.Read(t.Context(), machine(b).Host())
			if got == nil || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Fatalf("%+v, %v", got, err)
			}
			if !tt.check(got) {
				text, _ := json.Marshal(got)
				t.Errorf("%s", text)
			}
		})
	}
}

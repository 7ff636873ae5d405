package megaraid

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// A Controller is what bee keeps of struct megasas_ctrl_info.
type Controller struct {
	VendorID          uint16
	DeviceID          uint16
	SubsystemVendorID uint16
	SubsystemDeviceID uint16

	ProductName    string
	SerialNumber   string
	PackageVersion string
	// Components are the firmware images running, by name: APP, BIOS, ...
	Components []Component

	HasBattery bool
	MemoryMB   uint16 // cache

	LogicalDrives    int
	LogicalDegraded  int
	LogicalOffline   int
	Devices          int // physical, enclosures included
	Disks            int
	DisksPredFailure int
	DisksFailed      int

	MemoryCorrectedErrors   uint16
	MemoryUncorrectedErrors uint16
}

// A Component is one firmware image.
type Component struct{ Name, Version string }

const (
	componentBytes = 72
	maxComponents  = 8
)

// DecodeController decodes 2048 bytes of controller information.
func DecodeController(b []byte) (*Controller, error) {
	if len(b) < controllerInfoBytes {
		return nil, fmt.Errorf("controller info: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), controllerInfoBytes)
	}
	le := binary.LittleEndian
	count := func(at int) int { return int(le.Uint16(b[at:])) }
	c := &Controller{
		VendorID: le.Uint16(b[0:]), DeviceID: le.Uint16(b[2:]), SubsystemVendorID: le.Uint16(b[4:]), SubsystemDeviceID: le.Uint16(b[6:]),
		ProductName: scsi.Text(b[0x540:0x590]), SerialNumber: scsi.Text(b[0x590:0x5B0]), PackageVersion: scsi.Text(b[0x640:0x6A0]),
		HasBattery:    le.Uint32(b[0x5B0:])&1 != 0,
		LogicalDrives: count(0x5C0), LogicalDegraded: count(0x5C2), LogicalOffline: count(0x5C4),
		Devices: count(0x5C6), Disks: count(0x5C8), DisksPredFailure: count(0x5CA), DisksFailed: count(0x5CC),
		MemoryMB: le.Uint16(b[0x5D0:]), MemoryCorrectedErrors: le.Uint16(b[0x5D4:]), MemoryUncorrectedErrors: le.Uint16(b[0x5D6:]),
	}
	for i := range min(le.Uint32(b[0xB4:]), maxComponents) {
		e := b[0xB8+componentBytes*int(i):]
		if name := scsi.Text(e[:8]); name != "" {
			c.Components = append(c.Components, Component{Name: name, Version: scsi.Text(e[8:40])})
		}
	}
	return c, nil
}

// Component returns the version of a firmware image, "" when there is none.
func (c *Controller) Component(name string) string {
	for _, f := range c.Components {
		if f.Name == name {
			return f.Version
		}
	}
	return ""
}

// A Battery is what bee keeps of the battery (or capacitor) status.
type Battery struct {
	Type        BatteryType
	MilliVolts  uint16
	MilliAmps   int16 // negative when discharging
	TempCelsius uint16
	Flags       BatteryFlags
	ChargePct   *uint16 // relative state of charge; nil when above 100
}

// A BatteryType tells battery modules apart.
type BatteryType uint8

// Known types. Others exist; they are kept.
const (
	BatteryNone BatteryType = 0
	BatteryIBBU BatteryType = 1
	BatteryBBU  BatteryType = 2
)

// BatteryFlags is the firmware's judgement, a bit for each condition.
type BatteryFlags uint32

// Names returns the raised bits in bit order; one that is not known is
// "unknown_bitN".
func (f BatteryFlags) Names() []string {
	known := [...]string{
		"pack_missing", "voltage_low", "temperature_high", "charging", "discharging", "learn_cycle_requested", "learn_cycle_active",
		"learn_cycle_failed", "learn_cycle_timeout", "i2c_errors", "replace_pack", "capacity_low", "learn_cycle_required",
	}
	var names []string
	for bit, name := range known {
		if f&(1<<bit) != 0 {
			names = append(names, name)
		}
	}
	for bit := len(known); bit < 32; bit++ {
		if f&(1<<bit) != 0 {
			names = append(names, fmt.Sprintf("unknown_bit%d", bit))
		}
	}
	return names
}

// State sums the flags up: missing, failed, degraded, learning or optimal.
func (b *Battery) State() string {
	switch f := b.Flags; {
	case b.Type == BatteryNone || f&(1<<0) != 0:
		return "missing"
	case f&(1<<7|1<<8|1<<9|1<<10) != 0:
		return "failed"
	case f&(1<<1|1<<2|1<<11) != 0:
		return "degraded"
	case f&(1<<6) != 0:
		return "learning"
	}
	return "optimal"
}

// DecodeBattery decodes 64 bytes of battery status.
func DecodeBattery(b []byte) (*Battery, error) {
	if len(b) < bbuStatusBytes {
		return nil, fmt.Errorf("battery status: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), bbuStatusBytes)
	}
	le := binary.LittleEndian
	s := &Battery{
		Type: BatteryType(b[0]), MilliVolts: le.Uint16(b[2:]), MilliAmps: int16(le.Uint16(b[4:])), TempCelsius: le.Uint16(b[6:]),
		Flags: BatteryFlags(le.Uint32(b[8:])),
	}
	if charge := le.Uint16(b[34:]); charge <= 100 && (s.Type == BatteryIBBU || s.Type == BatteryBBU) {
		s.ChargePct = &charge
	}
	return s, nil
}

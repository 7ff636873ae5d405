package nvme

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// DataUnitBytes is what one of SMART's data units stands for: a thousand
// 512-byte units.
const DataUnitBytes = 512_000

// A SMARTLog is the SMART / Health Information log page (figure 207).
type SMARTLog struct {
	CriticalWarning CriticalWarning

	TempCelsius *int // composite temperature; nil when zero: not reported
	// Sensors are the temperature sensors implemented, by number 1 to 8.
	Sensors []TempSensor

	AvailableSparePercent   *uint8 // nil when above 100: not a reading
	SpareThresholdPercent   *uint8 // likewise
	PercentageUsed          uint8  // of the endurance; may pass 100, 255 means 255 or more
	EnduranceGroupWarning   uint8
	DataUnitsRead           Uint128 // of DataUnitBytes, rounded up
	DataUnitsWritten        Uint128
	HostReads               Uint128 // commands
	HostWrites              Uint128
	BusyMinutes             Uint128
	PowerCycles             Uint128
	PowerOnHours            Uint128
	UnsafeShutdowns         Uint128
	MediaErrors             Uint128
	ErrorLogEntries         Uint128 // over the controller's life
	WarningTempMinutes      uint32  // spent at or above WCTEMP
	CriticalTempMinutes     uint32  // spent at or above CCTEMP
	ThermalTransitionsLight uint32  // thermal management temperature 1
	ThermalTransitionsHeavy uint32
	ThermalSecondsLight     uint32
	ThermalSecondsHeavy     uint32
}

// A TempSensor is one implemented sensor. What it sits on is the vendor's.
type TempSensor struct {
	Number      int // 1 to 8
	TempCelsius int
}

// CriticalWarning is the byte whose bits are conditions present now.
type CriticalWarning uint8

// Names returns the raised bits by name, in bit order; a reserved bit is
// "unknown_0xNN".
func (w CriticalWarning) Names() []string {
	var names []string
	for bit := range 8 {
		mask := CriticalWarning(1) << bit
		if w&mask == 0 {
			continue
		}
		switch bit {
		case 0:
			names = append(names, "available_spare_low")
		case 1:
			names = append(names, "temperature_out_of_range")
		case 2:
			names = append(names, "reliability_degraded")
		case 3:
			names = append(names, "read_only")
		case 4:
			names = append(names, "volatile_backup_failed")
		case 5:
			names = append(names, "persistent_memory_unreliable")
		default:
			names = append(names, fmt.Sprintf("unknown_0x%02x", uint8(mask)))
		}
	}
	return names
}

// DecodeSMART decodes log page 02h, 512 bytes.
func DecodeSMART(b []byte) (*SMARTLog, error) {
	if len(b) < smartLogBytes {
		return nil, fmt.Errorf("log page 02h: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), smartLogBytes)
	}
	le := binary.LittleEndian
	s := &SMARTLog{
		CriticalWarning:         CriticalWarning(b[0]),
		AvailableSparePercent:   percent(b[3]),
		SpareThresholdPercent:   percent(b[4]),
		PercentageUsed:          b[5],
		EnduranceGroupWarning:   b[6],
		DataUnitsRead:           uint128(b[32:]),
		DataUnitsWritten:        uint128(b[48:]),
		HostReads:               uint128(b[64:]),
		HostWrites:              uint128(b[80:]),
		BusyMinutes:             uint128(b[96:]),
		PowerCycles:             uint128(b[112:]),
		PowerOnHours:            uint128(b[128:]),
		UnsafeShutdowns:         uint128(b[144:]),
		MediaErrors:             uint128(b[160:]),
		ErrorLogEntries:         uint128(b[176:]),
		WarningTempMinutes:      le.Uint32(b[192:]),
		CriticalTempMinutes:     le.Uint32(b[196:]),
		ThermalTransitionsLight: le.Uint32(b[216:]),
		ThermalTransitionsHeavy: le.Uint32(b[220:]),
		ThermalSecondsLight:     le.Uint32(b[224:]),
		ThermalSecondsHeavy:     le.Uint32(b[228:]),
	}
	if k := kelvin(b[1:]); k != nil {
		s.TempCelsius = new(Celsius(*k))
	}
	for i := range 8 {
		if k := kelvin(b[200+2*i:]); k != nil {
			s.Sensors = append(s.Sensors, TempSensor{Number: i + 1, TempCelsius: Celsius(*k)})
		}
	}
	return s, nil
}

// percent reads a normalised percentage.
func percent(b byte) *uint8 {
	if b > 100 {
		return nil
	}
	return &b
}

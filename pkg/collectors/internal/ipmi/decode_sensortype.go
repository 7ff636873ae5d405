package ipmi

// A SensorType says what a sensor watches (IPMI table 42-3).
type SensorType uint8

// The sensor types bee treats by name.
const (
	SensorTemperature   SensorType = 0x01
	SensorVoltage       SensorType = 0x02
	SensorCurrent       SensorType = 0x03
	SensorFan           SensorType = 0x04
	SensorIntrusion     SensorType = 0x05
	SensorProcessor     SensorType = 0x07
	SensorPowerSupply   SensorType = 0x08
	SensorPowerUnit     SensorType = 0x09
	SensorOtherUnits    SensorType = 0x0B
	SensorMemory        SensorType = 0x0C
	SensorDriveSlot     SensorType = 0x0D
	SensorFirmware      SensorType = 0x0F
	SensorEventLog      SensorType = 0x10
	SensorWatchdog1     SensorType = 0x11
	SensorSystemEvent   SensorType = 0x12
	SensorInterrupt     SensorType = 0x13
	SensorButton        SensorType = 0x14
	SensorChipset       SensorType = 0x19
	SensorCable         SensorType = 0x1B
	SensorSystemBoot    SensorType = 0x1D
	SensorBootError     SensorType = 0x1E
	SensorBaseOSBoot    SensorType = 0x1F
	SensorOSStop        SensorType = 0x20
	SensorSlot          SensorType = 0x21
	SensorACPIState     SensorType = 0x22
	SensorWatchdog2     SensorType = 0x23
	SensorPlatformAlert SensorType = 0x24
	SensorPresence      SensorType = 0x25
	SensorLAN           SensorType = 0x27
	SensorMgmtHealth    SensorType = 0x28
	SensorBattery       SensorType = 0x29
	SensorSessionAudit  SensorType = 0x2A
	SensorVersionChange SensorType = 0x2B
	SensorFRUState      SensorType = 0x2C
)

// String names the type; "oem_0xNN" and "unknown_0xNN" for codes without a
// name.
func (t SensorType) String() string {
	names := []string{
		"reserved", "temperature", "voltage", "current", "fan", "physical_security", "platform_security", "processor",
		"power_supply", "power_unit", "cooling_device", "other_units", "memory", "drive_slot",
		"memory_resize", "system_firmware", "event_logging", "watchdog_1", "system_event", "critical_interrupt",
		"button", "module", "microcontroller", "add_in_card", "chassis", "chip_set", "other_fru", "cable",
		"terminator", "system_boot", "boot_error", "os_boot", "os_stop", "slot", "acpi_power_state",
		"watchdog_2", "platform_alert", "entity_presence", "monitor_asic", "lan", "management_health", "battery",
		"session_audit", "version_change", "fru_state",
	}
	switch name := nameAt(names, uint8(t)); {
	case name != "":
		return name
	case t >= 0xC0:
		return "oem_" + hexByte(uint8(t))
	}
	return "unknown_" + hexByte(uint8(t))
}

// An EventType is an event/reading type code (IPMI table 42-1): which set of
// states a sensor has.
type EventType uint8

// The event/reading types.
const (
	EventTypeUnspecified    EventType = 0x00
	EventTypeThreshold      EventType = 0x01
	EventTypeRedundancy     EventType = 0x0B
	EventTypeSensorSpecific EventType = 0x6F
)

package ipmi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// ChassisStatus is the answer to Get Chassis Status (IPMI section 28.2).
type ChassisStatus struct {
	PowerOn       bool
	RestorePolicy string   // always_off, previous, always_on, ""
	Faults        []string // lower_snake; empty when none
	LastEvents    []string // why power last changed
	Identify      *uint8   // 0 off, 1 timed on, 2 on; nil when not supported
}

// DecodeChassisStatus decodes the answer to Get Chassis Status.
func DecodeChassisStatus(b []byte) (ChassisStatus, error) {
	if len(b) < 3 {
		return ChassisStatus{}, fmt.Errorf("chassis status: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	policies := [4]string{"always_off", "previous", "always_on", ""}
	s := ChassisStatus{PowerOn: b[0]&1 != 0, RestorePolicy: policies[b[0]>>5&3]}
	s.Faults = append(s.Faults, bitNames(b[0], "", "power_overload", "power_interlock", "main_power_fault", "power_control_fault")...)
	s.Faults = append(s.Faults, bitNames(b[2], "chassis_intrusion", "front_panel_lockout", "drive_fault", "cooling_fan_fault")...)
	s.LastEvents = bitNames(b[1], "ac_failed", "power_overload", "power_interlock", "power_fault", "power_on_by_command")
	if b[2]&0x40 != 0 {
		s.Identify = new(b[2] >> 4 & 3)
	}
	return s, nil
}

// bitNames lists the names of the bits that are set, from bit 0 on.
func bitNames(v uint8, names ...string) []string {
	var set []string
	for i, n := range names {
		if v>>i&1 != 0 && n != "" {
			set = append(set, n)
		}
	}
	return set
}

// SelfTest is the answer to Get Self Test Results (IPMI section 20.4).
type SelfTest struct {
	Code   uint8
	Detail uint8
	// Result is passed, not_implemented, corrupted_or_inaccessible,
	// fatal_hardware_error or device_specific_failure.
	Result string
	Faults []string // what Detail says when data is corrupted or inaccessible
}

// DecodeSelfTest decodes the answer to Get Self Test Results.
func DecodeSelfTest(b []byte) (SelfTest, error) {
	if len(b) < 2 {
		return SelfTest{}, fmt.Errorf("self test: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	s := SelfTest{Code: b[0], Detail: b[1], Result: "device_specific_failure"}
	switch s.Code {
	case 0x55:
		s.Result = "passed"
	case 0x56:
		s.Result = "not_implemented"
	case 0x57:
		s.Result = "corrupted_or_inaccessible"
		s.Faults = bitNames(s.Detail, "operational_firmware", "boot_block_firmware", "internal_use_area",
			"sdr_repository_empty", "ipmb_lines", "bmc_fru_device", "sdr_repository", "sel_device")
	case 0x58:
		s.Result = "fatal_hardware_error"
	}
	return s, nil
}

// RestartCause names the answer to Get System Restart Cause (IPMI section
// 28.11); ok is false when it is unknown.
func RestartCause(b []byte) (cause string, ok bool) {
	if len(b) < 1 {
		return "", false
	}
	names := []string{
		"", "chassis_control_command", "reset_button", "power_button", "watchdog", "oem", "restore_policy_always_on",
		"restore_policy_previous", "reset_by_pef", "power_cycle_by_pef", "soft_reset", "rtc_wakeup",
	}
	i := int(b[0] & 0x0F)
	if i >= len(names) || names[i] == "" {
		return "", false
	}
	return names[i], true
}

// ChassisTypeName names a chassis type (SMBIOS 7.4.1).
func ChassisTypeName(t uint8) string {
	names := []string{
		"", "other", "", "desktop", "low_profile_desktop", "pizza_box", "mini_tower", "tower", "portable", "laptop",
		"notebook", "hand_held", "docking_station", "all_in_one", "sub_notebook", "space_saving", "lunch_box",
		"main_server_chassis", "expansion_chassis", "sub_chassis", "bus_expansion_chassis", "peripheral_chassis",
		"raid_chassis", "rack_mount_chassis", "sealed_case_pc", "multi_system_chassis", "compact_pci", "advanced_tca",
		"blade", "blade_enclosure", "tablet", "convertible", "detachable", "iot_gateway", "embedded_pc", "mini_pc",
		"stick_pc",
	}
	if int(t) < len(names) {
		return names[t]
	}
	return "unknown_" + hexByte(t)
}

// PowerReading is the answer to DCMI Get Power Reading (DCMI section 6.6.1).
type PowerReading struct {
	CurrentWatts, MinWatts, MaxWatts, AverageWatts uint16
	PeriodMillis                                   uint32
	Active                                         bool // measuring; else the numbers are old
}

// DecodePowerReading decodes the answer to DCMI Get Power Reading.
func DecodePowerReading(b []byte) (PowerReading, error) {
	if len(b) < 18 || b[0] != groupDCMI {
		return PowerReading{}, fmt.Errorf("dcmi power reading: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	return PowerReading{
		CurrentWatts: u16(b[1:]), MinWatts: u16(b[3:]), MaxWatts: u16(b[5:]), AverageWatts: u16(b[7:]),
		PeriodMillis: u32(b[13:]), Active: b[17]&0x40 != 0,
	}, nil
}

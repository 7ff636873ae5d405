package ipmi

// sensorStates is the part of IPMI table 42-3 that is about parts of the
// machine. See splitHealth for the marks.
func sensorStates(sensor SensorType) []string {
	switch sensor {
	case SensorIntrusion:
		return []string{
			"?general_chassis_intrusion", "?drive_bay_intrusion", "?io_card_area_intrusion",
			"?processor_area_intrusion", "?lan_leash_lost", "?unauthorized_dock", "?fan_area_intrusion",
		}
	case SensorProcessor:
		return []string{
			"!ierr", "!thermal_trip", "!frb1_bist_failure", "!frb2_hang_in_post", "!frb3_startup_failure",
			"!configuration_error", "!uncorrectable_cpu_complex_error", "presence_detected", "?disabled",
			"terminator_presence_detected", "?automatically_throttled", "!uncorrectable_machine_check",
			"?correctable_machine_check",
		}
	case SensorPowerSupply:
		return []string{
			"presence_detected", "!failure_detected", "?predictive_failure", "!input_lost",
			"!input_lost_or_out_of_range", "!input_out_of_range", "!configuration_error", "inactive",
		}
	case SensorPowerUnit:
		return []string{
			"~power_off", "~power_cycle", "!240va_power_down", "!interlock_power_down", "!ac_lost",
			"!soft_power_control_failure", "!failure_detected", "?predictive_failure",
		}
	case SensorMemory:
		return []string{
			"?correctable_ecc", "!uncorrectable_ecc", "!parity", "!memory_scrub_failed", "?memory_device_disabled",
			"?correctable_ecc_logging_limit_reached", "presence_detected", "!configuration_error", "spare",
			"?automatically_throttled", "!critical_overtemperature",
		}
	case SensorDriveSlot:
		return []string{
			"drive_present", "!drive_fault", "?predictive_failure", "hot_spare", "consistency_check_in_progress",
			"!in_critical_array", "!in_failed_array", "?rebuild_in_progress", "!rebuild_aborted",
		}
	case SensorCable:
		return []string{"cable_connected", "!configuration_error"}
	case SensorChipset:
		return []string{"!soft_power_control_failure", "!thermal_trip"}
	case SensorSlot:
		return []string{
			"!fault_status", "identify_status", "device_installed", "ready_for_installation", "ready_for_removal",
			"~slot_power_off", "removal_request", "~interlock", "~slot_disabled", "holds_spare_device",
		}
	case SensorPresence:
		return []string{"entity_present", "~entity_absent", "~entity_disabled"}
	case SensorBattery:
		return []string{"?battery_low", "!battery_failed", "battery_presence_detected"}
	case SensorFRUState:
		return []string{
			"not_installed", "inactive", "activation_requested", "activation_in_progress", "active",
			"deactivation_requested", "deactivation_in_progress", "?communication_lost",
		}
	}
	return nil
}

package ipmi

// systemStates is the part of IPMI table 42-3 that is about firmware, the
// operating system and the controller itself. See splitHealth for the marks.
func systemStates(sensor SensorType) []string {
	switch sensor {
	case 0x06: // platform security violation attempt
		return []string{
			"?secure_mode_violation", "?user_password_violation", "?setup_password_violation",
			"?network_boot_password_violation", "?other_password_violation", "?out_of_band_password_violation",
		}
	case SensorFirmware:
		return []string{"!firmware_error", "!firmware_hang", "firmware_progress"}
	case SensorEventLog:
		return []string{
			"?correctable_memory_error_logging_disabled", "?event_type_logging_disabled", "log_cleared",
			"?all_event_logging_disabled", "?log_full", "?log_almost_full",
			"?correctable_machine_check_logging_disabled",
		}
	case SensorWatchdog1:
		return []string{
			"!bios_watchdog_reset", "!os_watchdog_reset", "!os_watchdog_shutdown", "!os_watchdog_power_down",
			"!os_watchdog_power_cycle", "!os_watchdog_nmi", "?os_watchdog_expired", "?os_watchdog_pre_timeout",
		}
	case SensorSystemEvent:
		return []string{
			"system_reconfigured", "oem_system_boot_event", "!undetermined_hardware_failure",
			"entry_added_to_auxiliary_log", "pef_action", "timestamp_clock_sync",
		}
	case SensorInterrupt:
		return []string{
			"!front_panel_nmi", "!bus_timeout", "!io_channel_check_nmi", "!software_nmi", "!pci_perr", "!pci_serr",
			"!eisa_fail_safe_timeout", "?bus_correctable_error", "!bus_uncorrectable_error", "!fatal_nmi",
			"!bus_fatal_error", "?bus_degraded",
		}
	case SensorButton:
		return []string{
			"power_button_pressed", "sleep_button_pressed", "reset_button_pressed", "fru_latch_open",
			"fru_service_request_button",
		}
	case SensorSystemBoot:
		return []string{
			"initiated_by_power_up", "initiated_by_hard_reset", "initiated_by_warm_reset", "user_requested_pxe_boot",
			"automatic_boot_to_diagnostic", "os_initiated_hard_reset", "os_initiated_warm_reset", "system_restart",
		}
	case SensorBootError:
		return []string{
			"?no_bootable_media", "?non_bootable_disk", "?pxe_server_not_found", "?invalid_boot_sector",
			"?boot_selection_timeout",
		}
	case SensorBaseOSBoot:
		return []string{
			"a_boot_completed", "c_boot_completed", "pxe_boot_completed", "diagnostic_boot_completed",
			"cdrom_boot_completed", "rom_boot_completed", "boot_completed", "os_installation_started",
			"os_installation_completed", "?os_installation_aborted", "?os_installation_failed",
		}
	case SensorOSStop:
		return []string{
			"!critical_stop_during_load", "!run_time_critical_stop", "graceful_stop", "graceful_shutdown",
			"soft_shutdown_by_pef", "?agent_not_responding",
		}
	case SensorACPIState:
		return []string{
			"s0_g0_working", "s1_sleeping", "s2_sleeping", "s3_sleeping", "s4_suspend_to_disk", "s5_g2_soft_off",
			"s4_s5_soft_off", "g3_mechanical_off", "s1_s2_s3_sleeping", "g1_sleeping", "s5_by_override",
			"legacy_on", "legacy_off", "", "unknown",
		}
	case SensorWatchdog2:
		return []string{
			"?timer_expired", "!hard_reset", "!power_down", "!power_cycle", "", "", "", "", "?timer_interrupt",
		}
	case SensorPlatformAlert:
		return []string{"page_generated", "lan_alert_generated", "event_trap_generated", "snmp_trap_generated"}
	case SensorLAN:
		return []string{"?heartbeat_lost", "heartbeat"}
	case SensorMgmtHealth:
		return []string{
			"?sensor_access_degraded", "?controller_access_degraded", "!controller_off_line",
			"!controller_unavailable", "!sensor_failure", "!fru_failure",
		}
	case SensorSessionAudit:
		return []string{
			"session_activated", "session_deactivated", "?invalid_credentials", "?password_disabled",
		}
	case SensorVersionChange:
		return []string{
			"change_detected", "firmware_or_software_change_detected", "?hardware_incompatibility",
			"?firmware_incompatibility", "?hardware_unsupported", "?firmware_unsupported",
			"hardware_change_successful", "firmware_change_successful",
		}
	}
	return nil
}

package ata

// AttributeName names a SMART attribute as most vendors use its number, in
// lower_snake; solidState chooses where drives with and without platters
// differ. "" where vendors do not agree.
func AttributeName(id uint8, solidState bool) string {
	if solidState {
		if name := solidStateName(id); name != "" {
			return name
		}
	}
	switch id {
	case 1:
		return "raw_read_error_rate"
	case 2:
		return "throughput_performance"
	case 3:
		return "spin_up_time"
	case 4:
		return "start_stop_count"
	case 5:
		return "reallocated_sector_count"
	case 7:
		return "seek_error_rate"
	case 8:
		return "seek_time_performance"
	case 9:
		return "power_on_time"
	case 10:
		return "spin_retry_count"
	case 11:
		return "calibration_retry_count"
	case 12:
		return "power_cycle_count"
	case 13:
		return "read_soft_error_rate"
	case 22:
		return "helium_level"
	case 183:
		return "runtime_bad_block"
	case 184:
		return "end_to_end_error"
	case 187:
		return "reported_uncorrectable"
	case 188:
		return "command_timeout"
	case 189:
		return "high_fly_writes"
	case 190:
		return "airflow_temperature"
	case 191:
		return "g_sense_error_rate"
	case 192:
		return "power_off_retract_count"
	case 193:
		return "load_cycle_count"
	case 194:
		return "temperature"
	case 195:
		return "hardware_ecc_recovered"
	case 196:
		return "reallocated_event_count"
	case 197:
		return "current_pending_sector_count"
	case 198:
		return "offline_uncorrectable"
	case 199:
		return "udma_crc_error_count"
	}
	if solidState {
		return ""
	}
	switch id {
	case 200:
		return "multi_zone_error_rate"
	case 201:
		return "soft_read_error_rate"
	case 202:
		return "data_address_mark_errors"
	case 220:
		return "disk_shift"
	case 222:
		return "loaded_hours"
	case 223:
		return "load_retry_count"
	case 224:
		return "load_friction"
	case 225:
		return "load_cycle_count"
	case 226:
		return "load_in_time"
	case 240:
		return "head_flying_hours"
	case 241:
		return "total_lbas_written"
	case 242:
		return "total_lbas_read"
	case 254:
		return "free_fall_sensor"
	}
	return ""
}

func solidStateName(id uint8) string {
	switch id {
	case 170, 180:
		return "available_reserved_space"
	case 171:
		return "program_fail_count"
	case 172:
		return "erase_fail_count"
	case 173:
		return "wear_leveling_count"
	case 174:
		return "unexpected_power_loss_count"
	case 175:
		return "power_loss_protection_failure"
	case 177:
		return "wear_leveling_count"
	case 179:
		return "used_reserved_block_count"
	case 181:
		return "program_fail_count_total"
	case 182:
		return "erase_fail_count_total"
	case 192:
		return "unsafe_shutdown_count"
	case 232:
		return "available_reserved_space"
	case 233:
		return "media_wearout_indicator"
	case 235:
		return "por_recovery_count"
	case 241:
		return "total_host_writes"
	case 242:
		return "total_host_reads"
	}
	return ""
}

package ata

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// Device statistics pages (ACS-4 9.5).
const (
	StatisticsList        = 0x00
	StatisticsGeneral     = 0x01
	StatisticsRotating    = 0x03
	StatisticsErrors      = 0x04
	StatisticsTemperature = 0x05
	StatisticsTransport   = 0x06
	StatisticsSolidState  = 0x07
)

// DecodeStatisticsList decodes page 00h of log 04h: which pages there are.
func DecodeStatisticsList(b []byte) ([]uint8, error) {
	if err := statisticsPage(b, StatisticsList); err != nil {
		return nil, err
	}
	count := min(int(b[8]), sectorBytes-9)
	return append([]uint8{}, b[9:9+count]...), nil
}

func statisticsPage(b []byte, page uint8) error {
	if err := sector(fmt.Sprintf("device statistics page %02xh", page), b); err != nil {
		return err
	}
	if b[2] != page {
		return fmt.Errorf("device statistics page %02xh: %w: got page %02xh", page, inventory.ErrMalformed, b[2])
	}
	return nil
}

// A Statistic is one value of a device statistics page.
type Statistic struct {
	Page  uint8
	Name  string // lower_snake
	Value int64  // never negative but for temperatures
	// Normalized says that the drive reports a normalised value.
	Normalized bool
}

// DecodeStatistics decodes one page, 01h to 07h, of log 04h: the statistics
// that the drive supports and holds valid, in the order of the page. A page
// that is not known is an empty list.
func DecodeStatistics(b []byte, page uint8) ([]Statistic, error) {
	if err := statisticsPage(b, page); err != nil {
		return nil, err
	}
	list := []Statistic{}
	for i := 1; ; i++ {
		name, bytes, signed := statisticName(page, i)
		if bytes == 0 {
			return list, nil
		}
		q := binary.LittleEndian.Uint64(b[8*i:])
		const supported, isValid, normalized = 1 << 63, 1 << 62, 1 << 61
		if q&supported == 0 || q&isValid == 0 {
			continue
		}
		v := int64(q & (1<<(8*bytes) - 1))
		if signed {
			if v == 0x80 { // not a temperature
				continue
			}
			v = int64(int8(v))
		}
		list = append(list, Statistic{Page: page, Name: name, Value: v, Normalized: q&normalized != 0})
	}
}

// statisticName returns the i-th statistic of a page and how many bytes it
// has; none past the last.
func statisticName(page uint8, i int) (name string, bytes int, signed bool) {
	type stat struct {
		name  string
		bytes int
	}
	var stats []stat
	switch page {
	case StatisticsGeneral:
		stats = []stat{
			{"power_on_resets", 4},
			{"power_on_hours", 4},
			{"logical_sectors_written", 6},
			{"write_commands", 6},
			{"logical_sectors_read", 6},
			{"read_commands", 6},
			{"timestamp", 6},
			{"pending_errors", 4},
			{"workload_utilization", 2},
		}
	case StatisticsRotating:
		stats = []stat{
			{"spindle_power_on_hours", 4},
			{"head_flying_hours", 4},
			{"head_load_events", 4},
			{"reallocated_logical_sectors", 4},
			{"read_recovery_attempts", 4},
			{"mechanical_start_failures", 4},
			{"reallocation_candidates", 4},
			{"high_priority_unloads", 4},
		}
	case StatisticsErrors:
		stats = []stat{{"reported_uncorrectable", 4}, {"resets_during_commands", 4}}
	case StatisticsTemperature:
		stats = []stat{
			{"temp_celsius", 1},
			{"average_short_term_celsius", 1},
			{"average_long_term_celsius", 1},
			{"highest_celsius", 1},
			{"lowest_celsius", 1},
			{"highest_average_short_term_celsius", 1},
			{"lowest_average_short_term_celsius", 1},
			{"highest_average_long_term_celsius", 1},
			{"lowest_average_long_term_celsius", 1},
			{"minutes_over_temperature", 4},
			{"specified_max_celsius", 1},
			{"minutes_under_temperature", 4},
			{"specified_min_celsius", 1},
		}
	case StatisticsTransport:
		stats = []stat{{"hardware_resets", 4}, {"signal_recovery_events", 4}, {"interface_crc_errors", 4}}
	case StatisticsSolidState:
		stats = []stat{{"percentage_used", 1}}
	}
	if i > len(stats) {
		return "", 0, false
	}
	s := stats[i-1]
	return s.name, s.bytes, page == StatisticsTemperature && s.bytes == 1
}

package ipmitest

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseEmulation builds a scripted controller from a command file of
// OpenIPMI's ipmi_sim: identity, repository, FRU data and the sensors' values,
// states and thresholds.
func ParseEmulation(text string) (*BMC, error) {
	e := emulation{bmc: &BMC{FRUs: map[uint8][]byte{}, Sensors: map[SensorKey]Sensor{}}}
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		f := strings.Fields(line)
		if len(f) < 3 || strings.HasPrefix(f[0], "#") {
			continue
		}
		e.command(f)
		if e.err != nil {
			return nil, fmt.Errorf("%s: %w", f[0], e.err)
		}
	}
	return e.bmc, nil
}

type emulation struct {
	bmc *BMC
	err error // the first
}

func (e *emulation) command(f []string) {
	switch f[0] {
	case "main_sdr_add":
		e.bmc.SDR = append(e.bmc.SDR, e.bytes(f[2:]))
	case "mc_add_fru_data":
		if len(f) > 5 {
			e.bmc.FRUs[e.byte(f[2])] = e.bytes(f[5:])
		}
	case "mc_add":
		if len(f) > 9 && e.byte(f[1]) == 0x20 {
			e.bmc.DeviceID = e.deviceID(f)
		}
	default:
		if strings.HasPrefix(f[0], "sensor_") && len(f) > 5 {
			k := SensorKey{Addr: e.byte(f[1]), LUN: e.byte(f[2]), Number: e.byte(f[3])}
			e.bmc.Sensors[k] = e.sensor(e.bmc.Sensors[k], f)
		}
	}
}

// deviceID builds the answer to Get Device ID from
// mc_add ADDR ID no-device-sdrs REVISION MAJOR MINOR SUPPORT MAKER PRODUCT.
func (e *emulation) deviceID(f []string) []byte {
	maker, product := e.number(f[8]), e.number(f[9])
	return []byte{
		e.byte(f[2]), e.byte(f[4]), e.byte(f[5]), e.byte(f[6]), 0x02, e.byte(f[7]),
		byte(maker), byte(maker >> 8), byte(maker >> 16), byte(product), byte(product >> 8), 0, 0, 0, 0,
	}
}

func (e *emulation) sensor(s Sensor, f []string) Sensor {
	switch f[0] {
	case "sensor_add":
		s.Flags = 0xC0
	case "sensor_set_value":
		s.Raw = e.byte(f[4])
	case "sensor_set_bit":
		bit := uint16(1) << e.byte(f[4])
		s.States &^= bit
		if f[5] == "1" {
			s.States |= bit
		}
	case "sensor_set_event_support":
		if f[5] != "scanning" {
			s.Flags &^= 0x40
		}
	case "sensor_set_threshold":
		if f[4] == "none" || len(f) < 12 { // the simulator refuses to give them
			return s
		}
		mask, err := strconv.ParseUint(f[5], 2, 8)
		if err != nil {
			e.err = err
		}
		s.Thresholds = []byte{byte(mask)}
		for i := range 6 { // written from upper non-recoverable down
			s.Thresholds = append(s.Thresholds, e.byte(f[11-i]))
		}
	}
	return s
}

func (e *emulation) bytes(f []string) []byte {
	b := make([]byte, len(f))
	for i, s := range f {
		b[i] = e.byte(s)
	}
	return b
}

func (e *emulation) byte(s string) uint8 { return uint8(e.number(s)) }

func (e *emulation) number(s string) uint32 {
	v, err := strconv.ParseUint(s, 0, 32)
	if err != nil && e.err == nil {
		e.err = err
	}
	return uint32(v)
}

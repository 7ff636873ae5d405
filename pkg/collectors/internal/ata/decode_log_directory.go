package ata

import "encoding/binary"

// Log addresses (ACS-4 table 207).
const (
	LogDirectoryAddress = 0x00
	LogSelfTest         = 0x06 // SMART log only
	LogDeviceStatistics = 0x04
	LogExtSelfTest      = 0x07 // general purpose log only
)

// A LogDirectory says how many pages each log has, by address; zero = no such
// log (ACS-4 9.2).
type LogDirectory struct {
	Version uint16 // 1, or 0 for a drive that does not say
	pages   [256]uint16
}

// Pages returns how many pages a log has.
func (d *LogDirectory) Pages(address uint8) int { return int(d.pages[address]) }

// DecodeLogDirectory decodes log 00h, 512 bytes.
func DecodeLogDirectory(b []byte) (*LogDirectory, error) {
	if err := sector("log directory", b); err != nil {
		return nil, err
	}
	d := &LogDirectory{Version: binary.LittleEndian.Uint16(b)}
	for i := 1; i < 256; i++ {
		d.pages[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return d, nil
}

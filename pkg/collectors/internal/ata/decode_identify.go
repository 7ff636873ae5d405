package ata

import (
	"fmt"
	"math/bits"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

// An Identify is what bee keeps of IDENTIFY (PACKET) DEVICE data (ACS-4
// 7.13.6). An empty string and a nil pointer mean the drive did not say.
type Identify struct {
	Packet       bool // an ATAPI device
	SerialNumber string
	Firmware     string
	Model        string
	WWN          string // 16 hex digits

	Sectors            *uint64 // logical; nil for ATAPI
	LogicalBlockBytes  uint32
	PhysicalBlockBytes uint32

	RotationRPM *uint32 // 0 = does not rotate
	FormFactor  string  // as scsi.FormFactor names it

	MajorVersion      uint16 // word 80: a bit for each ATA standard
	MinorVersion      uint16 // word 81
	TransportMajor    uint16 // word 222: type in bits 15:12, a bit for each SATA version
	MaxLinkGbps       *float64
	LinkGbps          *float64 // negotiated
	SMARTSupported    bool
	SMARTEnabled      bool
	SelfTest          bool // SMART self-test is supported
	ErrorLog          bool // SMART error logging is supported
	GPL               bool // general purpose logging
	Trim              bool
	TrimDeterministic bool // read after trim is deterministic

	Security   Security
	ChecksumOK *bool // nil when the data carries no checksum
}

// Security is word 128.
type Security struct {
	Supported bool
	Enabled   bool
	Locked    bool
	Frozen    bool
	Expired   bool // too many wrong passwords
}

// DecodeIdentify decodes 512 bytes of IDENTIFY (PACKET) DEVICE data. Data of
// zeros or ones is malformed: some bridges answer so for a drive they do not
// have.
func DecodeIdentify(b []byte) (*Identify, error) {
	if err := sector("identify", b); err != nil {
		return nil, err
	}
	w := words(b[:sectorBytes])
	if same(w) {
		return nil, fmt.Errorf("identify: %w: every byte is %02xh", inventory.ErrMalformed, w[0])
	}
	d := &Identify{
		Packet:       w.at(0)>>14 == 2,
		SerialNumber: w.text(10, 19),
		Firmware:     w.text(23, 26),
		Model:        w.text(27, 46),
		RotationRPM:  scsi.Rotation(w.at(217)),
		FormFactor:   scsi.FormFactor(w.at(168) & 0xF),
	}
	if told(w.at(80)) {
		d.MajorVersion = w.at(80)
	}
	if told(w.at(81)) {
		d.MinorVersion = w.at(81)
	}
	d.features(w)
	d.capacity(w)
	d.link(w)
	if w.at(255)&0xFF == 0xA5 {
		d.ChecksumOK = new(checksum(b))
	}
	return d, nil
}

func same(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}

// features reads words 82 to 87, 128 and 169.
func (d *Identify) features(w words) {
	if supported := w.at(82); told(supported) {
		d.SMARTSupported = supported&1 != 0
		d.SMARTEnabled = d.SMARTSupported && w.at(85) != 0xFFFF && w.at(85)&1 != 0
	}
	if valid(w.at(84)) {
		d.ErrorLog, d.SelfTest, d.GPL = w.at(84)&1 != 0, w.at(84)&2 != 0, w.at(84)&(1<<5) != 0
	}
	if valid(w.at(87)) {
		d.GPL = d.GPL || w.at(87)&(1<<5) != 0
		if w.at(87)&(1<<8) != 0 {
			// The name is told most significant word first.
			d.WWN = scsi.Hex([]byte{
				byte(w.at(108) >> 8), byte(w.at(108)), byte(w.at(109) >> 8), byte(w.at(109)),
				byte(w.at(110) >> 8), byte(w.at(110)), byte(w.at(111) >> 8), byte(w.at(111)),
			})
		}
	}
	if s := w.at(128); s != 0xFFFF && s&1 != 0 {
		d.Security = Security{Supported: true, Enabled: s&2 != 0, Locked: s&4 != 0, Frozen: s&8 != 0, Expired: s&16 != 0}
	}
	if v := w.at(169); v != 0xFFFF {
		d.Trim = v&1 != 0
		d.TrimDeterministic = d.Trim && w.at(69) != 0xFFFF && w.at(69)&(1<<14) != 0
	}
}

// capacity reads words 60 and 61, 100 to 103, 230 to 233, 106, 117 and 118.
func (d *Identify) capacity(w words) {
	d.LogicalBlockBytes = 512
	if v := w.at(106); valid(v) {
		if size := uint64(w.uint32(117)) * 2; v&(1<<12) != 0 && size >= 512 && size <= 1<<16 {
			d.LogicalBlockBytes = uint32(size)
		}
		d.PhysicalBlockBytes = d.LogicalBlockBytes
		if v&(1<<13) != 0 {
			d.PhysicalBlockBytes <<= v & 0xF
		}
	} else {
		d.PhysicalBlockBytes = d.LogicalBlockBytes
	}
	if d.Packet {
		return
	}
	var sectors uint64
	if w.at(49)&(1<<9) != 0 { // LBA
		sectors = uint64(w.uint32(60))
	}
	if valid(w.at(83)) && w.at(83)&(1<<10) != 0 { // 48-bit addresses
		if v := w.uint64(100); v != 0 && v < 1<<48 {
			sectors = v
		}
	}
	if v := w.uint64(230); w.at(69) != 0xFFFF && w.at(69)&(1<<3) != 0 && v != 0 && v < 1<<48 {
		sectors = v
	}
	if sectors != 0 {
		d.Sectors = &sectors
	}
}

// link reads words 76, 77 and 222.
func (d *Identify) link(w words) {
	if v := w.at(222); told(v) {
		d.TransportMajor = v
	}
	generations := w.at(76)
	if !told(generations) || generations&1 != 0 {
		return // not SATA
	}
	if g := bits.Len16(generations >> 1 & 7); g > 0 {
		d.MaxLinkGbps = gbps(g)
	}
	if v := w.at(77); v != 0xFFFF && v&1 == 0 {
		d.LinkGbps = gbps(int(v >> 1 & 7))
	}
}

// gbps returns the speed of a SATA generation.
func gbps(generation int) *float64 {
	switch generation {
	case 1:
		return new(1.5)
	case 2:
		return new(3.0)
	case 3:
		return new(6.0)
	}
	return nil
}

// SizeBytes returns the size, and false when the drive did not say or it does
// not fit 64 bits.
func (d *Identify) SizeBytes() (size uint64, ok bool) {
	if d.Sectors == nil {
		return 0, false
	}
	hi, lo := bits.Mul64(*d.Sectors, uint64(d.LogicalBlockBytes))
	return lo, hi == 0
}

// SATA says that the drive names a serial transport or a SATA generation.
func (d *Identify) SATA() bool { return d.MaxLinkGbps != nil || d.TransportMajor>>12 == 1 }

// Version names the newest ATA standard the drive claims: "ACS-4",
// "ATA/ATAPI-7"; "" when it claims none.
func (d *Identify) Version() string {
	switch n := bits.Len16(d.MajorVersion) - 1; {
	case n < 1:
		return ""
	case n <= 3:
		return fmt.Sprintf("ATA-%d", n)
	case n <= 7:
		return fmt.Sprintf("ATA/ATAPI-%d", n)
	case n == 8:
		return "ATA8-ACS"
	default:
		return fmt.Sprintf("ACS-%d", n-7)
	}
}

// SATAVersion names the newest SATA revision the drive claims, "" when none.
func (d *Identify) SATAVersion() string {
	if d.TransportMajor>>12 != 1 {
		return ""
	}
	names := [...]string{"ATA8-AST", "SATA 1.0a", "SATA II Ext", "SATA 2.5", "SATA 2.6", "SATA 3.0", "SATA 3.1", "SATA 3.2", "SATA 3.3", "SATA 3.4", "SATA 3.5"}
	if n := bits.Len16(d.TransportMajor&0xFFF) - 1; n >= 0 && n < len(names) {
		return names[n]
	}
	return ""
}

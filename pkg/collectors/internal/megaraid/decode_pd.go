package megaraid

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

const (
	pdAddressBytes = 24
	noDevice       = 0xFFFF
)

// A PDAddress is one entry of the list of physical devices (struct
// MR_PD_ADDRESS).
type PDAddress struct {
	DeviceID    uint16
	EnclosureID *uint16 // device id of its enclosure; nil when direct
	Enclosure   uint8   // index of the enclosure
	Slot        uint8
	Type        scsi.PeripheralType
	// SASAddresses are the device's, by port; those not assigned left out.
	SASAddresses []string
}

// A PDList is the list of physical devices.
type PDList struct {
	Devices   []PDAddress
	Truncated bool // there are more than were read
}

// DecodePDList decodes the list of physical devices. An enclosure stands in
// the list too, by type.
func DecodePDList(b []byte) (*PDList, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("physical drive list: %w: %d bytes, want at least 8", inventory.ErrMalformed, len(b))
	}
	le := binary.LittleEndian
	count := uint64(le.Uint32(b[4:]))
	fit := uint64(len(b)-8) / pdAddressBytes
	l := &PDList{Devices: []PDAddress{}, Truncated: count > fit}
	for i := range int(min(count, fit)) {
		e := b[8+pdAddressBytes*i:]
		d := PDAddress{
			DeviceID: le.Uint16(e[0:]), EnclosureID: deviceID(e[2:]), Enclosure: e[4], Slot: e[5], Type: scsi.PeripheralType(e[6] & 0x1F),
			SASAddresses: addresses(e[8:24]),
		}
		if d.DeviceID != noDevice {
			l.Devices = append(l.Devices, d)
		}
	}
	return l, nil
}

func deviceID(b []byte) *uint16 {
	if id := binary.LittleEndian.Uint16(b); id != noDevice {
		return &id
	}
	return nil
}

// addresses reads little-endian SAS addresses.
func addresses(b []byte) []string {
	var list []string
	for ; len(b) >= 8; b = b[8:] {
		if a := scsi.Hex(binary.BigEndian.AppendUint64(nil, binary.LittleEndian.Uint64(b))); a != "" {
			list = append(list, a)
		}
	}
	return list
}

// A PD is what bee keeps of struct MR_PD_INFO.
type PD struct {
	DeviceID    uint16
	EnclosureID *uint16
	Enclosure   uint8
	Slot        uint8
	State       PDState

	// Inquiry and ID are the drive's own; nil when the controller has none.
	// For a SATA drive they are those of the controller's translation.
	Inquiry *scsi.Inquiry
	ID      *scsi.DeviceID

	MediaErrors         uint32
	OtherErrors         uint32
	PredictedFailures   uint32
	RawBytes            *uint64 // nil when not told or not in blocks of 512
	BlockBytes          *uint16 // nil when the firmware does not say
	TempCelsius         *uint8  // nil when the firmware does not say
	LinkGbps            *float64
	DeviceGbps          *float64 // the most the drive can do
	Interface           PDInterface
	SolidState          *bool // nil when neither
	SpunDown            bool
	GlobalSpare         bool
	Spare               bool
	Foreign             bool
	SASAddresses        []string
	DisabledForRemoval  bool
	BadBlockTableFull   bool
	UnusableInConfig    bool
	LastPredFailEventNo uint32
}

// A PDState is a physical drive's (enum MR_PD_STATE).
type PDState uint16

// The states callers judge by.
const (
	PDUnconfiguredGood PDState = 0x00
	PDUnconfiguredBad  PDState = 0x01
	PDHotSpare         PDState = 0x02
	PDOffline          PDState = 0x10
	PDFailed           PDState = 0x11
	PDRebuild          PDState = 0x14
	PDOnline           PDState = 0x18
	PDCopyback         PDState = 0x20
	PDSystem           PDState = 0x40 // JBOD
)

// String returns the state in lower_snake.
func (s PDState) String() string {
	switch s {
	case PDUnconfiguredGood:
		return "unconfigured_good"
	case PDUnconfiguredBad:
		return "unconfigured_bad"
	case PDHotSpare:
		return "hot_spare"
	case PDOffline:
		return "offline"
	case PDFailed:
		return "failed"
	case PDRebuild:
		return "rebuild"
	case PDOnline:
		return "online"
	case PDCopyback:
		return "copyback"
	case PDSystem:
		return "jbod"
	}
	return fmt.Sprintf("unknown_0x%02x", uint16(s))
}

// A PDInterface is how a drive is attached (enum MR_PD_TYPE).
type PDInterface uint8

// String returns parallel_scsi, sas, sata, fc, nvme, "" when not told, or
// unknown_0xNN.
func (i PDInterface) String() string {
	names := [...]string{"", "parallel_scsi", "sas", "sata", "fc", "nvme"}
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(i))
}

// noInquiry as first byte means that the controller has no INQUIRY data: no
// device of unknown type.
const noInquiry = 0x7F

// DecodePD decodes 512 bytes of physical drive information.
func DecodePD(b []byte) (*PD, error) {
	if len(b) < pdInfoBytes {
		return nil, fmt.Errorf("physical drive info: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), pdInfoBytes)
	}
	le := binary.LittleEndian
	p := &PD{
		DeviceID: le.Uint16(b[0:]), EnclosureID: deviceID(b[256:]), Enclosure: b[258], Slot: b[259], State: PDState(le.Uint16(b[184:])),
		MediaErrors: le.Uint32(b[168:]), OtherErrors: le.Uint32(b[172:]), PredictedFailures: le.Uint32(b[176:]), LastPredFailEventNo: le.Uint32(b[180:]),
		DeviceGbps: speed(b[167]), LinkGbps: speed(b[187]), Interface: PDInterface(b[401]),
		GlobalSpare: b[188]&(1<<2) != 0, Spare: b[188]&(1<<3) != 0, Foreign: b[188]&(1<<4) != 0,
		SASAddresses:       addresses(b[200:216]),
		DisabledForRemoval: b[186] != 0, BadBlockTableFull: b[292] != 0, UnusableInConfig: b[293] != 0,
		SpunDown: b[358] == 1,
	}
	if b[4] != noInquiry {
		p.Inquiry, _ = scsi.DecodeInquiry(b[4:100]) // 96 bytes are enough
	}
	if b[100] != noInquiry && b[101] == scsi.VPDDeviceID {
		p.ID, _ = scsi.DecodeDeviceID(b[100:164])
	}
	block := le.Uint16(b[404:])
	if block != 0 {
		p.BlockBytes = &block
	}
	// The size is in blocks of 512 for drives of 512 bytes and of 512 with
	// protection information; for others it is not documented.
	if size := blocks(le.Uint64(b[232:])); size != nil && *size != 0 && (block == 0 || block >= 512 && block <= 528) {
		p.RawBytes = size
	}
	if t := b[402]; t != 0 && t != 0xFF {
		p.TempCelsius = &t
	}
	switch b[370] {
	case 0:
		if b[401] != 0 { // firmware that fills these fields at all
			p.SolidState = new(false)
		}
	case 1:
		p.SolidState = new(true)
	}
	return p, nil
}

// speed reads a SAS or SATA speed as the firmware codes it.
func speed(code uint8) *float64 {
	switch code {
	case 1:
		return new(1.5)
	case 2:
		return new(3.0)
	case 3:
		return new(6.0)
	case 4:
		return new(12.0)
	}
	return nil
}

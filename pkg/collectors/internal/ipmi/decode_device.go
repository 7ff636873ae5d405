package ipmi

import (
	"fmt"
	"strconv"

	"example.com/bee/pkg/inventory"
)

// DeviceID is the answer to Get Device ID (IPMI section 20.1).
type DeviceID struct {
	DeviceID        *uint8 // nil when unspecified
	Revision        uint8
	ProvidesSDRs    bool // has device SDRs of its own
	Available       bool // false: firmware or SDR update, or initializing
	Firmware        string
	IPMIVersion     string // "2.0"; "" when it names none
	Support         Support
	ManufacturerID  *uint32 // IANA enterprise number
	ProductID       *uint16
	AuxFirmware     [4]uint8
	HasAuxFirmware  bool
	FirmwareMajor   uint8
	FirmwareMinorBC uint8 // BCD
}

// Support is the additional device support of a controller.
type Support uint8

// The bits of Support.
const (
	SupportSensor         Support = 0x01
	SupportSDRRepository  Support = 0x02
	SupportSEL            Support = 0x04
	SupportFRU            Support = 0x08
	SupportEventReceiver  Support = 0x10
	SupportEventGenerator Support = 0x20
	SupportBridge         Support = 0x40
	SupportChassis        Support = 0x80
)

// DecodeDeviceID decodes the answer to Get Device ID.
func DecodeDeviceID(b []byte) (DeviceID, error) {
	if len(b) < 11 {
		return DeviceID{}, fmt.Errorf("device id: %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	d := DeviceID{
		DeviceID:        some(b[0], 0),
		Revision:        b[1] & 0x0F,
		ProvidesSDRs:    b[1]&0x80 != 0,
		Available:       b[2]&0x80 == 0,
		FirmwareMajor:   b[2] & 0x7F,
		FirmwareMinorBC: b[3],
		Support:         Support(b[5]),
		ManufacturerID:  some(uint24(b[6:])&0x0FFFFF, 0, 0x0FFFFF),
		ProductID:       some(u16(b[9:]), 0),
	}
	d.Firmware = fmt.Sprintf("%d.%02x", d.FirmwareMajor, d.FirmwareMinorBC)
	if v := b[4]; v&0x0F > 0 && v != 0xFF {
		d.IPMIVersion = strconv.Itoa(int(v&0x0F)) + "." + strconv.Itoa(int(v>>4))
	}
	if len(b) >= 15 {
		d.HasAuxFirmware, d.AuxFirmware = true, [4]uint8(b[11:15])
	}
	return d, nil
}

// ManufacturerName names an IANA enterprise number of makers of servers and
// their controllers; "" for others.
func ManufacturerName(id uint32) string {
	switch id {
	case 2:
		return "IBM"
	case 11:
		return "Hewlett-Packard"
	case 42:
		return "Sun Microsystems"
	case 111:
		return "Oracle"
	case 116:
		return "Hitachi"
	case 119:
		return "NEC"
	case 343:
		return "Intel"
	case 674:
		return "Dell"
	case 2011:
		return "Huawei"
	case 2623:
		return "ASUSTeK"
	case 3902:
		return "ZTE"
	case 4337:
		return "RadiSys"
	case 5703:
		return "NVIDIA"
	case 5771:
		return "Cisco"
	case 6569:
		return "Inventec"
	case 6653:
		return "Tyan"
	case 7244:
		return "Quanta"
	case 10297:
		return "Advantech"
	case 10368:
		return "Fujitsu Siemens"
	case 10876:
		return "Supermicro"
	case 11129:
		return "Google"
	case 12634:
		return "PICMG"
	case 15000:
		return "Kontron"
	case 15370:
		return "GIGABYTE"
	case 16394:
		return "Pigeon Point Systems"
	case 19046:
		return "Lenovo"
	case 20974:
		return "American Megatrends"
	case 33049:
		return "Mellanox"
	case 37945:
		return "Inspur"
	case 40092:
		return "Wiwynn"
	case 40981:
		return "Facebook"
	case 47196:
		return "Hewlett Packard Enterprise"
	case 49769:
		return "YADRO"
	}
	return ""
}

// DecodeGUID decodes the answer to Get Device GUID and Get System GUID into
// the usual text form; ok is false when the 16 bytes are all 00h or FFh.
//
// IPMI section 20.8 sends it least significant byte first, node first.
// Controllers that store SMBIOS bytes instead send the order of SMBIOS 2.6
// (first three fields least significant first). Both readings are returned:
// which one is right shows in a comparison with the SMBIOS system UUID.
func DecodeGUID(b []byte) (g GUID, ok bool) {
	if len(b) < 16 {
		return GUID{}, false
	}
	b = b[:16]
	if allBytes(b, 0) || allBytes(b, 0xFF) {
		return GUID{}, false
	}
	var r [16]byte
	for i := range r {
		r[i] = b[15-i]
	}
	s := [16]byte{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]}
	copy(s[8:], b[8:])
	return GUID{IPMI: guidText(r), SMBIOS: guidText(s), Raw: [16]byte(b)}, true
}

// GUID is one identifier in the two byte orders it may have been meant in.
type GUID struct {
	IPMI   string // as the specification orders it
	SMBIOS string // as SMBIOS 2.6 orders it
	Raw    [16]byte
}

// Best is the reading that makes a well-formed UUID (RFC 9562 variant and a
// version of 1 to 8); where both or neither do, that of the specification.
func (g GUID) Best() string {
	if !wellFormed(g.IPMI) && wellFormed(g.SMBIOS) {
		return g.SMBIOS
	}
	return g.IPMI
}

func wellFormed(s string) bool {
	const versionAt, variantAt = 14, 19
	if len(s) != 36 {
		return false
	}
	switch s[variantAt] {
	case '8', '9', 'a', 'b':
		return s[versionAt] >= '1' && s[versionAt] <= '8'
	}
	return false
}

func guidText(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

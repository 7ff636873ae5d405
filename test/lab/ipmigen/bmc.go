package ipmigen

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// BMC is the whole management controller.
type BMC struct {
	Name           string // Of its SDR, type 12h.
	ManufacturerID uint32 // IANA number.
	ProductID      uint16
	Major, Minor   uint8 // Firmware; minor is BCD.
	FRUs           []FRU
	Sensors        []Sensor
	Events         []Event
	GUID           string // 32 hexadecimal digits.

	// Damaged replaces the bytes of FRU devices, by id.
	Damaged map[uint8][]byte
}

// Event is one SEL record of type 02h.
type Event struct {
	Seconds    uint32 // Since 1970; below 0x20000000 it is "since power on".
	SensorType uint8
	Number     uint8
	Data       [3]uint8
}

// FRUSize is the size of each FRU inventory device in bytes.
const FRUSize = 512

// FRUBytes is what reading the FRU device gives: its areas and zeros after them.
func (b BMC) FRUBytes(f FRU) []byte {
	data, ok := b.Damaged[f.ID]
	if !ok {
		data = f.Encode()
	}
	return append(data, make([]byte, FRUSize-len(data))...)
}

// SDRs is the repository, record by record.
func (b BMC) SDRs() [][]byte {
	var out [][]byte
	add := func(typ byte, body []byte) {
		out = append(out, sdr(uint16(len(out)+1), typ, body))
	}
	add(0x12, controllerRecord(b.Name))
	for _, f := range b.FRUs {
		if f.Name != "" {
			add(0x11, f.locatorRecord())
		}
	}
	for _, s := range b.Sensors {
		add(s.record())
	}
	return out
}

// Commands is the emulation file for ipmi_sim -f.
func (b BMC) Commands() string {
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("mc_setbmc 0x20")
	line("mc_add 0x20 0x20 no-device-sdrs 0x01 %d %#02x 0x9f %#06x %#04x", b.Major, b.Minor, b.ManufacturerID, b.ProductID)
	line("sel_enable 0x20 %d 0x0a", max(1000, len(b.Events)))
	for _, f := range b.FRUs {
		line("mc_add_fru_data 0x20 %d %d data %s", f.ID, FRUSize, hexBytes(b.FRUBytes(f)))
	}
	for _, r := range b.SDRs() {
		line("main_sdr_add 0x20 %s", hexBytes(r))
	}
	for _, s := range b.Sensors {
		s.commands(line)
	}
	for _, e := range b.Events {
		r := binary.LittleEndian.AppendUint32(nil, e.Seconds)
		r = append(r, 0x20, 0, 4, e.SensorType, e.Number, 0x6F)
		line("sel_add 0x20 0x02 %s", hexBytes(append(r, e.Data[:]...)))
	}
	line("mc_enable 0x20")
	return out.String()
}

func (s Sensor) commands(line func(string, ...any)) {
	if s.Discrete {
		line("sensor_add 0x20 0 %#x %#x 0x6f", s.Number, s.Type)
		for _, bit := range s.States {
			line("sensor_set_bit 0x20 0 %#x %d 1 0", s.Number, bit)
		}
		mask := "000000001111111"
		line("sensor_set_event_support 0x20 0 %#x enable scanning per-state %s %s %s %s", s.Number, mask, mask, mask, mask)
		return
	}
	line("sensor_add 0x20 0 %#x %#x 0x01", s.Number, s.Type)
	mask := "000111111111111"
	line("sensor_set_event_support 0x20 0 %#x enable scanning per-state %s %s %s %s", s.Number, mask, mask, mask, mask)
	limits := [6]uint8{0xFE, 0xFD, 0xFC} // Never reached.
	if s.Limits != nil {
		limits = *s.Limits
	}
	// The simulator wants them from upper non-recoverable to lower non-critical.
	line("sensor_set_threshold 0x20 0 %#x settable 111111 %#02x %#02x %#02x %#02x %#02x %#02x", s.Number,
		limits[0], limits[1], limits[2], limits[3], limits[4], limits[5])
	line("sensor_set_value 0x20 0 %#x %#x 0", s.Number, s.Raw)
}

func hexBytes(b []byte) string {
	words := make([]string, len(b))
	for i, v := range b {
		words[i] = fmt.Sprintf("%#02x", v)
	}
	return strings.Join(words, " ")
}

// Ports are the TCP and UDP ports of a simulator; all on 127.0.0.1.
type Ports struct{ VM, Console, LAN int }

// LANConfig is the configuration file for ipmi_sim -c.
func LANConfig(guid string, p Ports) string {
	if guid == "" {
		guid = "a123456789abcdefa123456789abcdef"
	}
	return fmt.Sprintf(`name "labbmc"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 %d
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid %s
  endlan
  console 127.0.0.1 %d
  serial kcs 127.0.0.1 %d codec VM
  user 1 true  ""  "test" user 10 none md2 md5 straight
  user 2 true  "ipmiusr" "test" admin 10 none md2 md5 straight
`, p.LAN, guid, p.Console, p.VM)
}

package bmc

import (
	"encoding/hex"
	"fmt"
	"strings"

	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/inventory"
)

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func selfTest(t ipmi.SelfTest) string {
	if len(t.Faults) > 0 {
		return t.Result + ": " + strings.Join(t.Faults, ", ")
	}
	return t.Result
}

func lanOf(l ipmi.LAN) *inventory.BMCLAN {
	v := &inventory.BMCLAN{
		Channel: &l.Channel, IP: str(l.IP), IPSource: l.IPSource, Netmask: str(l.Netmask),
		Gateway: str(l.Gateway), MAC: str(l.MAC), VLANInUse: l.VLANOn,
	}
	if l.VLANID != nil {
		v.VLANID = new(int(*l.VLANID))
	}
	return v
}

// eventOf describes a log entry; its sensor's name follows from the
// repository.
func eventOf(e ipmi.SELEntry) inventory.SELEntry {
	v := inventory.SELEntry{RecordID: e.ID, At: e.Time, TimestampRaw: e.TimestampRaw, Raw: hex.EncodeToString(e.Raw[:])}
	switch {
	case e.Event != nil:
		ev := e.Event
		v.SensorType = ev.SensorType.String()
		v.SensorNumber = &ev.Sensor
		v.Event = ev.State.Name
		v.Asserted = &ev.Asserted
		if ev.MemoryModule != nil {
			v.Detail = fmt.Sprintf("module %d", *ev.MemoryModule)
		}
	case e.OEM != nil:
		v.Event = fmt.Sprintf("oem_0x%02x", e.Type)
	}
	return v
}

// nameEvents gives the log entries that a sensor caused its name. Controllers
// number their own sensors, so an entry of another controller's is left alone.
func (r *reader) nameEvents(s *ipmi.Sensor) {
	if r.bmc.SEL == nil {
		return
	}
	for i := range r.bmc.SEL.Last {
		e := &r.bmc.SEL.Last[i]
		if e.SensorNumber == nil || e.Sensor != "" || *e.SensorNumber != s.Number || e.SensorType != s.Type.String() || generator(e.Raw) != s.OwnerID {
			continue
		}
		e.Sensor = s.Name
	}
}

// generator is the owner of an event's sensor: byte 8 of the record.
func generator(raw string) uint8 {
	b, err := hex.DecodeString(raw)
	if err != nil || len(b) < 8 {
		return 0
	}
	return b[7]
}

func fruOf(f ipmi.FRU, l *ipmi.FRULocator) inventory.FRU {
	v := inventory.FRU{DeviceID: l.DeviceID, Name: l.Name, Entity: l.Entity.String()}
	custom := map[string]string{}
	add := func(area string, fields []string) {
		for i, s := range fields {
			custom[fmt.Sprintf("%s_%d", area, i+1)] = s
		}
	}
	if a := f.Chassis; a != nil {
		v.ChassisType = ipmi.ChassisTypeName(a.Type)
		v.ChassisPartNumber, v.ChassisSerialNumber = str(a.PartNumber), str(a.SerialNumber)
		add("chassis", a.Custom)
	}
	if a := f.Board; a != nil {
		v.BoardManufacturer, v.BoardProduct = str(a.Manufacturer), str(a.ProductName)
		v.BoardSerialNumber, v.BoardPartNumber, v.BoardMfgAt = str(a.SerialNumber), str(a.PartNumber), a.MfgAt
		add("board", a.Custom)
	}
	if a := f.Product; a != nil {
		v.ProductManufacturer, v.ProductName = str(a.Manufacturer), str(a.Name)
		v.ProductPartNumber, v.ProductVersion = str(a.PartNumber), str(a.Version)
		v.ProductSerialNumber, v.ProductAssetTag = str(a.SerialNumber), str(a.AssetTag)
		add("product", a.Custom)
	}
	if len(custom) > 0 {
		v.Custom = custom
	}
	for _, d := range f.Damaged {
		v.Damaged = append(v.Damaged, string(d.Area)+": "+d.Reason)
	}
	return v
}

package bmc

import (
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

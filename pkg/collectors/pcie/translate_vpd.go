package pcie

import (
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/collectors/internal/vpd"
	"example.com/bee/pkg/inventory"
)

// translateVPD takes vital product data; a function that has none of it, or
// nothing in it, gets none.
func (f *function) translateVPD(a *sysfs.Attrs) {
	b := a.Bytes("vpd", "vpd")
	if len(b) == 0 {
		return
	}
	source := f.dir + "/vpd"
	v, err := vpd.Decode(b)
	if err != nil {
		f.failEach("vpd", source, err)
	}
	if v == nil {
		return
	}
	out := inventory.VPD{
		Name:             v.Identifier,
		PartNumber:       v.PartNumber,
		SerialNumber:     v.SerialNumber,
		EngineeringLevel: v.EngineeringLevel,
		ManufactureID:    v.ManufactureID,
	}
	for _, field := range v.Fields {
		switch field.Keyword {
		case "PN", "SN", "EC", "MN":
			continue
		}
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		if _, twice := out.Fields[field.Keyword]; !twice {
			out.Fields[field.Keyword] = field.Value
		}
	}
	if out.Name == "" && out.PartNumber == "" && out.SerialNumber == "" &&
		out.EngineeringLevel == "" && out.ManufactureID == "" && out.Fields == nil {
		return
	}
	f.dev.VPD = &out
	f.source(source)
}

package smbios

// OEMStrings are strings that the vendor alone knows the meaning of (type 11,
// DSP0134 section 7.12).
type OEMStrings struct{ Structure }

// OEMStrings gives the type 11 structures in table order.
func (t *Table) OEMStrings() []OEMStrings {
	return viewsOf(t, 11, func(s Structure) OEMStrings { return OEMStrings{s} })
}

// Strings gives the strings in order (04h count). Ones that are missing or
// blank are left out; what the vendor wrote is not judged.
func (o OEMStrings) Strings() []string {
	n, ok := o.u8(0x04)
	if !ok {
		return nil
	}
	var list []string
	for i := 1; i <= int(n) && i <= len(o.strings); i++ {
		if s, _ := o.raw(uint8(i)); s != "" {
			list = append(list, s)
		}
	}
	return list
}

package sffgen

// Example is a module by name: sfp, sfp-dac, qsfp, qsfp-dac, cmis, cmis-dac.
func Example(name string) []byte {
	m := Module{
		Identifier: 0x03, Connector: 0x07, Vendor: "ACME OPTICS", PartNumber: "SFP-25G-SR", Revision: "A1",
		SerialNumber: "AC25SR000017", Date: "240229X7", OUI: [3]uint8{0x02, 0x11, 0x22}, WavelengthNM: 850,
		Temp:        Reading{41.5, -10, -5, 70, 75},
		Volts:       Reading{3.3125, 2.97, 3.135, 3.465, 3.63},
		Bias:        Reading{0, 2, 3, 10, 12},
		TxPower:     Reading{0, 0.0891, 0.1778, 1.7783, 2.2387},
		RxPower:     Reading{0, 0.0417, 0.0661, 1.7783, 2.2387},
		LaneBias:    []float64{6.5, 6.25, 6.75, 7},
		LaneTxPower: []float64{0.7, 0.71, 0.69, 0.72},
		LaneRxPower: []float64{0.6, 0.61, 0, 0.0001},
		NominalMBd:  25750, Extended: 0x02, State: 3,
	}
	switch name {
	case "sfp":
		return SFP(m)
	case "sfp-dac":
		m.PartNumber, m.Connector, m.CopperMeters, m.Extended, m.NoDiagnostics = "DAC-10G-3M", 0x21, 3, 0, true
		m.NominalMBd = 10300
		return SFP(m)
	case "qsfp":
		m.Identifier, m.Connector, m.PartNumber, m.Media, m.Extended, m.WavelengthNM = 0x11, 0x07, "QSFP28-CWDM4", 0x80, 0x06, 1271.05
		return QSFP(m)
	case "qsfp-dac":
		m.Identifier, m.Connector, m.PartNumber, m.Media, m.Extended, m.CopperMeters = 0x0D, 0x23, "QSFP-40G-DAC", 0x08, 0, 2
		m.NominalMBd = 10300
		return QSFP(m)
	case "cmis":
		m.Identifier, m.Connector, m.PartNumber, m.WavelengthNM = 0x18, 0x0C, "QDD-400G-DR4", 1311
		return CMIS(m)
	case "cmis-dac":
		m.Identifier, m.Connector, m.PartNumber, m.CopperMeters = 0x19, 0x23, "OSFP-DAC-1M", 1
		return CMIS(m)
	}
	panic("sffgen: no module " + name)
}

package ipmi_test

import "example.com/bee/pkg/collectors/internal/ipmi/ipmitest"

// exampleFRU is a power supply with every area.
func exampleFRU() []byte {
	return ipmitest.FRU(ipmitest.FRUParts{
		Chassis: ipmitest.InfoArea([]byte{23}, ipmitest.Latin("CP-1"), ipmitest.Latin("CS-2"), ipmitest.Latin("rack 7")),
		Board:   ipmitest.InfoArea([]byte{25, 0x40, 0x0B, 0x00}, ipmitest.Latin("Acme"), ipmitest.Latin("Brd"), ipmitest.Latin("BS-3"), ipmitest.Latin("BP-4"), ipmitest.Field(1, []byte{0x12, 0xC5})),
		Product: ipmitest.InfoArea([]byte{25}, ipmitest.Latin("Acme"), ipmitest.Latin("PSU 900"), ipmitest.Latin("P-9"), ipmitest.Latin("A1"), ipmitest.Latin("SN-0815"), ipmitest.Latin("  "), ipmitest.Field(0, []byte{0x0A, 0xB0}), ipmitest.Field(2, []byte{0x29, 0xDC, 0xA6})),
		Multi: append(append(ipmitest.MultiRecord(0, false, ipmitest.PowerRecord(750)),
			ipmitest.MultiRecord(1, false, []byte{0x81, 0xB0, 4, 0x74, 4, 0xEC, 4, 120, 0, 0, 0, 0xAC, 0x0D})...),
			ipmitest.MultiRecord(0xC0, true, []byte{0x57, 1, 0, 9, 9})...),
	})
}

// exampleSDR is a small repository: sensors first, locators last.
func exampleSDR() [][]byte {
	return [][]byte{
		ipmitest.SensorSpec{
			ID: 1, Number: 0x30, Entity: 7, Instance: 1, Type: 1, EventType: 1, Units: [3]uint8{0x80, 1, 0},
			M: 1, Readable: 0x1B, Limits: [6]uint8{0, 115, 110, 0, 5, 10}, Name: "Inlet",
		}.Full(),
		ipmitest.SensorSpec{ID: 2, Number: 0x50, Entity: 10, Instance: 1, Type: 8, EventType: 0x6F, Readable: 0x0F, Name: "PS1 Status"}.Compact(),
		ipmitest.SensorSpec{
			ID: 5, Number: 0x51, Entity: 10, Instance: 1, Type: 0x0B, EventType: 1, Units: [3]uint8{0, 6, 0},
			M: 4, Readable: 0x18, Limits: [6]uint8{0, 200, 190, 0, 0, 0}, Name: "PS1 Input",
		}.Full(),
		ipmitest.SensorSpec{ID: 6, Number: 0x83, Entity: 34, Instance: 1, Type: 0x0F, EventType: 0x6F, Name: "BIOS"}.EventOnly(),
		ipmitest.FRULocator(9, 1, 10, 1, "PS1 FRU"),
		ipmitest.MCLocator(10, 0x20, "BMC"),
		ipmitest.Record(11, 0xC0, []byte{0x57, 1, 0, 1, 2, 3}),
	}
}

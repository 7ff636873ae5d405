package ipmitest

import "fmt"

// What [Server] numbers its parts.
const (
	SupplyStatus = 0x50 // + bay: state of the supply, sensor type 08h
	SupplyInput  = 0x60 // + bay: input watts, one for each unit of Raw times 4
	RedundancyOf = 0x70 // power unit redundancy
	otherSensors = 24   // numbered from 1
)

// Server is a sound server with two power supplies. Their records stand
// behind those of other sensors, as in real machines.
func Server() *BMC {
	b := &BMC{
		FRUs: map[uint8][]byte{
			0: FRU(FRUParts{
				Chassis: InfoArea([]byte{23}, Latin("CP-1"), Latin("CS-1")),
				Board:   InfoArea([]byte{25, 0x40, 0x0B, 0xA0}, Latin("Acme"), Latin("Board"), Latin("BS-1"), Latin("BP-1")),
				Product: InfoArea([]byte{25}, Latin("Acme"), Latin("Server 9"), Latin("S9"), Latin("A1"), Latin("SN-9"), Latin("AT-9")),
			}),
			1: Supply("Acme", "PS 750", "P750", "SER0001", 750),
			2: Supply("Acme", "PS 750", "P750", "SER0002", 750),
			3: FRU(FRUParts{Board: InfoArea([]byte{25, 0x40, 0x0B, 0xA0}, Latin("Acme"), Latin("Backplane"), Latin("BB-1"), Latin("BQ-1"))}),
		},
		Sensors: map[SensorKey]Sensor{},
		SEL: [][]byte{
			Event(1, 0x65920080, 0x10, 0x72, 0x6F, 2),
			Event(2, 0x65920081, 0x01, 1, 0x01, 0x59, 61, 60),
			Event(3, 0x65920082, 0x0C, 2, 0x6F, 0xB0, 0xFF, 3),
		},
		LAN: map[uint8][]byte{
			3: {192, 0, 2, 7}, 4: {2}, 5: {2, 0, 0x5E, 1, 2, 3}, 6: {255, 255, 255, 0}, 12: {192, 0, 2, 1}, 20: {5, 0x80},
		},
		Answers: map[[2]byte][]byte{
			{0x06, 0x04}: {0, 0x55, 0},
			{0x06, 0x37}: append([]byte{0}, 1, 2, 3, 4, 5, 6, 7, 0x88, 9, 0x41, 11, 12, 13, 14, 15, 16),
			{0x06, 0x42}: {0, 1, 4, 1, 0, 0xF2, 0x1B, 0, 0, 0},
			{0x00, 0x01}: {0, 0x21, 0x10, 0x40},
			{0x2C, 0x02}: {0, 0xDC, 0x0E, 1, 1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x40},
		},
	}
	id := func() uint16 { return uint16(len(b.SDR) + 1) }
	for n := uint8(1); n <= otherSensors; n++ {
		b.SDR = append(b.SDR, SensorSpec{
			ID: id(), Number: n, Entity: 7, Instance: 1, Type: 1, EventType: 1, Units: [3]uint8{0, 1, 0},
			M: 1, Readable: 0x1B, Limits: [6]uint8{0, 60, 50, 0, 5, 10}, Name: fmt.Sprintf("Temp%d", n),
		}.Full())
		b.Sensors[SensorKey{Addr: 0x20, Number: n}] = Sensor{Raw: 20 + n, Flags: 0xC0, Thresholds: []byte{0x1B, 10, 5, 0, 50, 60, 0}}
	}
	for bay := uint8(1); bay <= 2; bay++ {
		b.SDR = append(b.SDR, StatusRecord(id(), bay, fmt.Sprintf("PS%d Status", bay)))
		b.SDR = append(b.SDR, SensorSpec{
			ID: id(), Number: SupplyInput + bay, Entity: 10, Instance: bay, Type: 0x0B, EventType: 1, Units: [3]uint8{0, 6, 0},
			M: 4, Name: fmt.Sprintf("PS%d Input Power", bay),
		}.Full())
		b.SetSupply(bay, 0)
		b.Sensors[SensorKey{Addr: 0x20, Number: SupplyInput + bay}] = Sensor{Raw: 45, Flags: 0xC0}
	}
	b.SDR = append(b.SDR, SensorSpec{ID: id(), Number: RedundancyOf, Entity: 0x13, Instance: 1, Type: 9, EventType: 0x0B, Readable: 0xFF, Name: "PS Redundancy"}.Compact())
	b.Sensors[SensorKey{Addr: 0x20, Number: RedundancyOf}] = Sensor{Flags: 0xC0, States: 1}
	b.SDR = append(b.SDR, FRULocator(id(), 3, 15, 1, "Backplane"))
	b.SDR = append(b.SDR, FRULocator(id(), 1, 10, 1, "PS1 FRU"))
	b.SDR = append(b.SDR, FRULocator(id(), 2, 10, 2, "PS2 FRU"))
	b.SDR = append(b.SDR, MCLocator(id(), 0x20, "Acme BMC"))
	return b
}

// StatusRecord is the record of a power supply's status sensor in a bay.
func StatusRecord(id uint16, bay uint8, name string) []byte {
	return SensorSpec{ID: id, Number: SupplyStatus + bay, Entity: 10, Instance: bay, Type: 8, EventType: 0x6F, Readable: 0x7F, Name: name}.Compact()
}

// SetSupply sets a supply's states: the bits given and presence.
func (b *BMC) SetSupply(bay uint8, states uint16) {
	b.Sensors[SensorKey{Addr: 0x20, Number: SupplyStatus + bay}] = Sensor{Flags: 0xC0, States: states | 1}
}

// EmptyBay takes a supply out.
func (b *BMC) EmptyBay(bay uint8) {
	b.Sensors[SensorKey{Addr: 0x20, Number: SupplyStatus + bay}] = Sensor{Flags: 0xC0}
	b.Sensors[SensorKey{Addr: 0x20, Number: SupplyInput + bay}] = Sensor{Flags: 0xE0}
	delete(b.FRUs, bay)
}

// Asked counts the requests so far of a command.
func (b *BMC) Asked(netFn, code uint8) int {
	n := 0
	for _, c := range b.Requests() {
		if uint8(c.NetFn) == netFn && c.Code == code {
			n++
		}
	}
	return n
}

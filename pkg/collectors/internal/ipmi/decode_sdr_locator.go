package ipmi

// FRULocator is record type 11h: where a FRU's inventory can be read (IPMI
// section 43.8).
type FRULocator struct {
	Name         string
	Entity       Entity
	AccessAddr   uint8 // slave address of the controller that gives access
	Channel      uint8
	LUN          uint8
	PrivateBus   uint8
	Logical      bool  // DeviceID is a FRU device id; else a slave address
	DeviceID     uint8 // FRU device id, or slave address of the storage chip
	DeviceType   uint8
	TypeModifier uint8
}

// Target is the controller to send Read FRU Data to.
func (l *FRULocator) Target() Target {
	if l.AccessAddr == addrBMC && l.Channel == 0 {
		return BMC().WithLUN(l.LUN)
	}
	return Target{Channel: l.Channel, Addr: l.AccessAddr, LUN: l.LUN}
}

func decodeFRULocator(b []byte) (*FRULocator, bool) {
	if len(b) < 16 {
		return nil, false
	}
	return &FRULocator{
		AccessAddr:   b[5] &^ 1,
		DeviceID:     b[6],
		Logical:      b[7]&0x80 != 0,
		LUN:          b[7] >> 3 & 3,
		PrivateBus:   b[7] & 7,
		Channel:      b[8] >> 4,
		DeviceType:   b[10],
		TypeModifier: b[11],
		Entity:       decodeEntity(b[12], b[13]),
		Name:         decodeSDRName(b[15:]),
	}, true
}

// MCLocator is record type 12h: a management controller (IPMI section 43.9).
type MCLocator struct {
	Name         string
	Entity       Entity
	Addr         uint8
	Channel      uint8
	Static       bool  // known to be there always
	Capabilities uint8 // as in Get Device ID's additional device support
}

func decodeMCLocator(b []byte) (*MCLocator, bool) {
	if len(b) < 16 {
		return nil, false
	}
	return &MCLocator{
		Addr:         b[5] &^ 1,
		Channel:      b[6] & 0x0F,
		Static:       b[7]&0x20 != 0,
		Capabilities: b[8],
		Entity:       decodeEntity(b[12], b[13]),
		Name:         decodeSDRName(b[15:]),
	}, true
}

// EntityAssociation is record types 08h and 09h: what a container entity
// holds (IPMI sections 43.4 and 43.5).
type EntityAssociation struct {
	Container          Entity
	Range              bool // Contained are pairs: first and last of a range
	Linked             bool // more records of the same container follow
	PresenceAccessible bool
	ContainerAddr      uint8 // device-relative records only
	ContainerChannel   uint8
	Contained          []AssociatedEntity
}

// AssociatedEntity is one part in a container.
type AssociatedEntity struct {
	Entity
	Addr    uint8 // device-relative records only
	Channel uint8
}

func decodeEntityAssociation(b []byte) (*EntityAssociation, bool) {
	if len(b) < 16 {
		return nil, false
	}
	a := &EntityAssociation{Container: decodeEntity(b[5], b[6])}
	a.flags(b[7])
	for i := 8; i < 16; i += 2 {
		if b[i] != 0 {
			a.Contained = append(a.Contained, AssociatedEntity{Entity: decodeEntity(b[i], b[i+1])})
		}
	}
	return a, true
}

func decodeDeviceAssociation(b []byte) (*EntityAssociation, bool) {
	if len(b) < 26 {
		return nil, false
	}
	a := &EntityAssociation{
		Container:     decodeEntity(b[5], b[6]),
		ContainerAddr: b[7] &^ 1, ContainerChannel: b[8] >> 4,
	}
	a.flags(b[9])
	for i := 10; i < 26; i += 4 {
		if b[i+2] != 0 {
			a.Contained = append(a.Contained, AssociatedEntity{
				Entity: decodeEntity(b[i+2], b[i+3]), Addr: b[i] &^ 1, Channel: b[i+1] >> 4,
			})
		}
	}
	return a, true
}

func (a *EntityAssociation) flags(f uint8) {
	a.Range, a.Linked, a.PresenceAccessible = f&0x80 != 0, f&0x40 != 0, f&0x20 != 0
}

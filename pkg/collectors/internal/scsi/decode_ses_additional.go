package scsi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A Bay is what diagnostic page 0Ah says of one drive bay (SES-4 6.1.13).
type Bay struct {
	// Element is its index over all types, counted as EIIOE tells: with the
	// overall element of each type when IncludesOverall, else without.
	Element         int
	IncludesOverall bool
	// HasElement is false when the descriptors have no index: then they come
	// in the order of the elements.
	HasElement bool
	Slot       *uint8 // the number printed on it; nil when not told
	// Addresses are the SAS addresses of the drive in it, by phy; "" = none.
	Addresses []string
	// AttachedAddresses are those of what the drive is connected to.
	AttachedAddresses []string
}

// DecodeBays decodes diagnostic page 0Ah. Descriptors that are invalid or not
// of SAS device slots are left out.
func DecodeBays(b []byte) ([]Bay, error) {
	body, _, err := sesBody(b, sesAdditionalStatus)
	if err != nil {
		return nil, err
	}
	bays := []Bay{}
	for len(body) >= 2 && len(bays) < maxElements {
		n := 2 + int(body[1])
		if n > len(body) {
			return nil, fmt.Errorf("diagnostic page 0ah: %w: it passes its end", inventory.ErrMalformed)
		}
		if bay, ok := decodeBay(body[:n]); ok {
			bays = append(bays, bay)
		}
		body = body[n:]
	}
	return bays, nil
}

func decodeBay(d []byte) (bay Bay, ok bool) {
	const (
		phyBytes          = 28
		descriptorForBays = 0 // bits 7:6: device slot and array device slot
	)
	if d[0]&0x80 != 0 || Protocol(d[0]&0xF) != ProtocolSAS {
		return Bay{}, false
	}
	rest := d[2:]
	eip := d[0]&0x10 != 0
	if eip { // EIP: an index comes first
		if len(rest) < 2 {
			return Bay{}, false
		}
		bay.HasElement, bay.Element = true, int(rest[1])
		bay.IncludesOverall = rest[0]&3 == 1
		rest = rest[2:]
	}
	if len(rest) < 2 || rest[1]>>6 != descriptorForBays {
		return Bay{}, false
	}
	phys := int(rest[0])
	if eip {
		if len(rest) < 4 {
			return Bay{}, false
		}
		bay.Slot = new(rest[3])
		rest = rest[4:]
	} else {
		rest = rest[2:]
	}
	for ; phys > 0 && len(rest) >= phyBytes; phys, rest = phys-1, rest[phyBytes:] {
		bay.AttachedAddresses = append(bay.AttachedAddresses, Hex(rest[4:12]))
		bay.Addresses = append(bay.Addresses, Hex(rest[12:20]))
	}
	return bay, true
}

package scsi

import (
	"encoding/binary"
	"fmt"
)

// A Phy is one SAS phy as log page 18h (SPL-4 9.2.8.1) or mode page 19h/01h
// (SPL-4 9.2.7.5) tells of it.
type Phy struct {
	RelativePort    uint16 // 0 from the mode page, which does not tell
	Number          uint8
	Rate            LinkRate // negotiated
	HardwareMaxRate LinkRate // of the drive; from the mode page only
	Address         string   // 16 hex digits; "" when none
	AttachedAddress string
	AttachedPhy     uint8

	// Errors are counted by the log page only.
	InvalidDwords   *uint32
	DisparityErrors *uint32
	LossOfSync      *uint32
	ResetProblems   *uint32
}

// A LinkRate is a SAS physical link rate code (SPL-4 table 65).
type LinkRate uint8

// Gbps returns the rate, and false for a phy without link.
func (r LinkRate) Gbps() (gbps float64, ok bool) {
	switch r {
	case 0x8:
		return 1.5, true
	case 0x9:
		return 3, true
	case 0xA:
		return 6, true
	case 0xB:
		return 12, true
	case 0xC:
		return 22.5, true
	}
	return 0, false
}

// String returns "12.0 Gbit/s" or what hinders the link.
func (r LinkRate) String() string {
	if g, ok := r.Gbps(); ok {
		return fmt.Sprintf("%.1f Gbit/s", g)
	}
	switch r {
	case 0:
		return "unknown"
	case 1:
		return "disabled"
	case 2:
		return "reset_problem"
	case 3:
		return "spinup_hold"
	case 4:
		return "port_selector"
	case 5:
		return "reset_in_progress"
	case 6:
		return "unsupported"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(r))
}

// maxPhys bounds how many phys are kept.
const maxPhys = 64

// DecodeSASPhys decodes log page 18h; phys of other transports are left out.
func DecodeSASPhys(l *LogPage) ([]Phy, error) {
	if err := l.is(LogProtocolPort, 0); err != nil {
		return nil, err
	}
	phys := []Phy{}
	for p := range l.Parameters() {
		if len(p.Value) < 4 || Protocol(p.Value[0]&0xF) != ProtocolSAS {
			continue
		}
		for d := p.Value[4:]; len(d) >= 48 && len(phys) < maxPhys; {
			phys = append(phys, Phy{
				RelativePort: p.Code, Number: d[1], Rate: LinkRate(d[5] & 0xF),
				Address: Hex(d[8:16]), AttachedAddress: Hex(d[16:24]), AttachedPhy: d[24],
				InvalidDwords: word(d[32:]), DisparityErrors: word(d[36:]), LossOfSync: word(d[40:]), ResetProblems: word(d[44:]),
			})
			n := max(48, 4+int(d[3])) // some drives leave their length out
			if n > len(d) {
				break
			}
			d = d[n:]
		}
	}
	return phys, nil
}

func word(b []byte) *uint32 { return new(binary.BigEndian.Uint32(b)) }

// DecodeModePhys decodes mode page 19h/01h, the phy control and discover
// subpage.
func DecodeModePhys(p ModePage) ([]Phy, error) {
	if p.Page != ModePort || p.Subpage != 1 || len(p.Body) < 4 {
		return nil, badMode(p, "want page 19h/01h of at least 4 bytes")
	}
	phys := []Phy{}
	if Protocol(p.Body[1]&0xF) != ProtocolSAS {
		return phys, nil
	}
	for d := p.Body[4:]; len(d) >= 48 && len(phys) < min(maxPhys, int(p.Body[3])); d = d[48:] {
		phys = append(phys, Phy{
			Number: d[1], Rate: LinkRate(d[5] & 0xF), HardwareMaxRate: LinkRate(d[33] & 0xF),
			Address: Hex(d[8:16]), AttachedAddress: Hex(d[16:24]), AttachedPhy: d[24],
		})
	}
	return phys, nil
}

// Statistics are parameter 1 of log page 19h (SPC-5 7.3.12).
type Statistics struct {
	ReadCommands  uint64
	WriteCommands uint64
	BlocksWritten uint64 // received
	BlocksRead    uint64 // transmitted
}

// DecodeStatistics decodes log page 19h.
func DecodeStatistics(l *LogPage) (*Statistics, error) {
	if err := l.is(LogGeneral, 0); err != nil {
		return nil, err
	}
	be := binary.BigEndian
	for p := range l.Parameters() {
		if v := p.Value; p.Code == 1 && len(v) >= 32 {
			return &Statistics{ReadCommands: be.Uint64(v), WriteCommands: be.Uint64(v[8:]), BlocksWritten: be.Uint64(v[16:]), BlocksRead: be.Uint64(v[24:])}, nil
		}
	}
	return nil, malformed(l, "no statistics parameter")
}

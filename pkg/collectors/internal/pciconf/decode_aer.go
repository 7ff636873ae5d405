package pciconf

import "fmt"

// AER is the Advanced Error Reporting capability. PCI Express 6.0, 7.8.4. The
// status bits stay set until somebody clears them.
type AER struct {
	UncorrectableStatus   uint32
	UncorrectableMask     uint32
	UncorrectableSeverity uint32 // a set bit makes that error fatal
	CorrectableStatus     uint32
	CorrectableMask       uint32
	// FirstError is the bit of UncorrectableStatus that was set first. It
	// means something only while that bit is set.
	FirstError uint8
	// HeaderLog is the header of the packet FirstError was about.
	HeaderLog [4]uint32
	// RootStatus is the Root Error Status register; nil on what is not a root
	// port or root complex event collector.
	RootStatus *uint32
}

func (d *decoder) aer(at int) *AER {
	a := &AER{
		UncorrectableStatus:   d.u32(at + 0x04),
		UncorrectableMask:     d.u32(at + 0x08),
		UncorrectableSeverity: d.u32(at + 0x0C),
		CorrectableStatus:     d.u32(at + 0x10),
		CorrectableMask:       d.u32(at + 0x14),
		FirstError:            uint8(d.u32(at+0x18) & 0x1F),
	}
	for i := range a.HeaderLog {
		a.HeaderLog[i] = d.u32(at + 0x1C + 4*i)
	}
	e := d.conf.Express
	if e != nil && (e.PortType == RootPort || e.PortType == RootComplexEventCollector) && d.has(at+0x30, 4) {
		a.RootStatus = new(d.u32(at + 0x30))
	}
	return a
}

// Fatal names the fatal errors that are set.
func (a *AER) Fatal() []string {
	return names(a.UncorrectableStatus&a.UncorrectableSeverity, UncorrectableError)
}

// NonFatal names the uncorrectable, not fatal errors that are set.
func (a *AER) NonFatal() []string {
	return names(a.UncorrectableStatus&^a.UncorrectableSeverity, UncorrectableError)
}

// Correctable names the correctable errors that are set.
func (a *AER) Correctable() []string { return names(a.CorrectableStatus, CorrectableError) }

func names(status uint32, name func(uint8) string) []string {
	var all []string
	for bit := range uint8(32) {
		if status&(1<<bit) != 0 {
			all = append(all, name(bit))
		}
	}
	return all
}

// UncorrectableError names a bit of the Uncorrectable Error Status register by
// the word of the kernel's aer_dev_fatal and aer_dev_nonfatal attributes;
// unknown_0xNN is a bit without a meaning.
func UncorrectableError(bit uint8) string {
	switch bit {
	case 0:
		return "Undefined"
	case 4:
		return "DLP"
	case 5:
		return "SDES"
	case 12:
		return "TLP"
	case 13:
		return "FCP"
	case 14:
		return "CmpltTO"
	case 15:
		return "CmpltAbrt"
	case 16:
		return "UnxCmplt"
	case 17:
		return "RxOF"
	case 18:
		return "MalfTLP"
	case 19:
		return "ECRC"
	case 20:
		return "UnsupReq"
	case 21:
		return "ACSViol"
	case 22:
		return "UncorrIntErr"
	case 23:
		return "BlockedTLP"
	case 24:
		return "AtomicOpBlocked"
	case 25:
		return "TLPBlockedErr"
	case 26:
		return "PoisonTLPBlocked"
	case 27:
		return "DMWrReqBlocked"
	case 28:
		return "IDECheck"
	case 29:
		return "MisIDETLP"
	case 30:
		return "PCRC_CHECK"
	case 31:
		return "TLPXlatBlocked"
	default:
		return fmt.Sprintf("unknown_0x%02x", bit)
	}
}

// CorrectableError names a bit of the Correctable Error Status register by the
// word of the kernel's aer_dev_correctable attribute.
func CorrectableError(bit uint8) string {
	switch bit {
	case 0:
		return "RxErr"
	case 6:
		return "BadTLP"
	case 7:
		return "BadDLLP"
	case 8:
		return "Rollover"
	case 12:
		return "Timeout"
	case 13:
		return "NonFatalErr"
	case 14:
		return "CorrIntErr"
	case 15:
		return "HeaderOF"
	default:
		return fmt.Sprintf("unknown_0x%02x", bit)
	}
}

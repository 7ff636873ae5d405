package pciconf

import "fmt"

// PowerState is the device power state in the power management capability:
// 0 to 3. PCI Bus Power Management 1.2, 3.2.4.
type PowerState uint8

// String is the kernel's word for it.
func (p PowerState) String() string {
	if p == 3 {
		return "D3hot" // a function in D3cold reads as all ones
	}
	return fmt.Sprintf("D%d", uint8(p))
}

// MSI is the message signalled interrupt capability. PCI Local Bus 3.0, 6.8.1.
type MSI struct {
	Enabled bool
	// Vectors is how many the function asks for.
	Vectors int
}

func (d *decoder) msi(at int) *MSI {
	ctl := d.u16(at + 2)
	code := ctl >> 1 & 7
	if code > 5 {
		d.malformed("capability 05h at %02xh: vector count code %d", at, code)
		return nil
	}
	return &MSI{Enabled: ctl&1 != 0, Vectors: 1 << code}
}

// MSIX is the MSI-X capability. PCI Local Bus 3.0, 6.8.2.
type MSIX struct {
	Enabled bool
	// Vectors is the size of the table.
	Vectors int
}

func (d *decoder) msix(at int) *MSIX {
	ctl := d.u16(at + 2)
	return &MSIX{Enabled: ctl&0x8000 != 0, Vectors: int(ctl&0x7FF) + 1}
}

// SerialNumber is the Device Serial Number, an EUI-64. PCI Express 6.0,
// 7.9.3.
type SerialNumber uint64

// String is 16 hex digits.
func (s SerialNumber) String() string { return fmt.Sprintf("%016x", uint64(s)) }

// serialNumber returns nil for a number of all zeros or all ones, which
// nobody programmed.
func (d *decoder) serialNumber(at int) *SerialNumber {
	n := SerialNumber(d.u32(at+8))<<32 | SerialNumber(d.u32(at+4))
	if n == 0 || n == ^SerialNumber(0) {
		return nil
	}
	return &n
}

// SRIOV is the Single Root I/O Virtualization capability of a physical
// function. PCI Express 6.0, 9.3.3.
type SRIOV struct {
	Enabled    bool
	InitialVFs int
	TotalVFs   int
	NumVFs     int
	// FirstVFOffset and VFStride place the virtual functions: function i,
	// from zero, has the routing id of this one + FirstVFOffset + i*VFStride.
	FirstVFOffset int
	VFStride      int
	VFDeviceID    uint16
}

func (d *decoder) sriov(at int) *SRIOV {
	return &SRIOV{
		Enabled:       d.u16(at+0x08)&1 != 0,
		InitialVFs:    int(d.u16(at + 0x0C)),
		TotalVFs:      int(d.u16(at + 0x0E)),
		NumVFs:        int(d.u16(at + 0x10)),
		FirstVFOffset: int(d.u16(at + 0x14)),
		VFStride:      int(d.u16(at + 0x16)),
		VFDeviceID:    d.u16(at + 0x1A),
	}
}

// Package pciconf decodes PCI configuration space and the kernel's list of a
// function's address ranges: bytes become values.
//
// Of a live function it has a file's registers read one by one, those that the
// decoder looks at and no others: see [Read].
//
// The sources are the PCI Local Bus Specification 3.0, the PCI-to-PCI Bridge
// Architecture Specification 1.2, the PCI Express Base Specification 6.0, and
// for register names include/uapi/linux/pci_regs.h.
package pciconf

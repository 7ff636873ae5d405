// Package vpd decodes PCI vital product data: the serial number, part number
// and whatever else a maker wrote into the card. It takes bytes and returns
// values; it reads nothing itself.
//
// The format is in the PCI Local Bus Specification 3.0, appendix I, and again
// in PCI 3.0 6.4; the kernel's reading of it is drivers/pci/vpd.c.
package vpd

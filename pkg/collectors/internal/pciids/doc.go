// Package pciids names PCI vendors, devices, subsystems and classes without
// needing anything on the host: the list is embedded as one string, sorted,
// and searched where it lies. Nothing is parsed or copied, at start or later:
// a look-up reads a header, a few pages of keys and the name itself, and the
// name returned is part of the embedded string.
//
// The list is the PCI ID Project's pci.ids; NOTICE says under which licence,
// README.md how the table is regenerated.
package pciids

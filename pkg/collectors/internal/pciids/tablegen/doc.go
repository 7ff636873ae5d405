// Package tablegen makes the table that package pciids searches out of a
// pci.ids file. It is used by the generator and by tests only; nothing of it
// is part of a built program.
package tablegen

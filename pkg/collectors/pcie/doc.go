// Package pcie reads the PCI and PCI Express functions of a machine: what they
// are, where they sit, how their links run and which errors they counted.
//
// Everything comes from the directory the kernel keeps for each function below
// /sys/bus/pci/devices (kernel: Documentation/ABI/testing/sysfs-bus-pci).
// Configuration space is decoded for what has no attribute there, and for what
// older kernels have none for. Slot and label names come from SMBIOS and
// /sys/bus/pci/slots too.
//
// A function that is powered off (D3cold) is not asked for its configuration
// space or vital product data: that would switch it on.
package pcie

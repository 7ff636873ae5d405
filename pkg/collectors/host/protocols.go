package host

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ethtool"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/kmsg"
	"example.com/bee/pkg/collectors/internal/lldp"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/collectors/internal/tpm"
)

// protocol is how one command set is opened, and which of its requests may be
// sent.
type protocol struct {
	open    func(name string) (device.Device, error)
	allowed func(device.Request) error
	// unit names who behind the node a request is for; nil when the node is one
	// device.
	unit func(device.Request) string
	// attribute: the node is one of a device's attributes in sysfs. Calls to it
	// are bounded as reads of an attribute are, and their errors look like it.
	attribute bool
}

// protocols is the list of command sets.
func protocols(p device.Protocol) (protocol, bool) {
	switch p {
	case device.NVMeAdmin:
		return protocol{open: nvme.Open, allowed: nvme.Allowed}, true
	case device.SCSI:
		return protocol{open: scsi.Open, allowed: scsi.Allowed}, true
	case device.MegaRAID:
		return protocol{open: megaraid.Open, allowed: megaraid.Allowed, unit: megaraid.Unit}, true
	case device.IPMI:
		return protocol{open: ipmi.Open, allowed: ipmi.Allowed}, true
	case device.Ethtool:
		return protocol{open: ethtool.Open, allowed: ethtool.Allowed}, true
	case device.LLDP:
		return protocol{open: lldp.Open, allowed: lldp.Allowed}, true
	case device.TPM:
		return protocol{open: tpm.Open, allowed: tpm.Allowed}, true
	case device.KernelLog:
		return protocol{open: kmsg.Open, allowed: kmsg.Allowed}, true
	case device.PCIConfig:
		return protocol{open: pciconf.Open, allowed: pciconf.Allowed, attribute: true}, true
	}
	return protocol{}, false
}

// A Speaker is a source that knows, without opening any, whether it has devices
// of a protocol.
type Speaker interface {
	Source
	Speaks(p Protocol) bool
}

// Speaks says whether the host has devices of a protocol; known is false when
// only opening one can tell.
func (h *Host) Speaks(p Protocol) (speaks, known bool) {
	s, ok := h.under.(Speaker)
	if !ok {
		return false, false
	}
	return s.Speaks(p), true
}

// addressee is what a request can hang: the device, or the one of several
// behind it that the request is for.
func addressee(p device.Protocol, name string, req device.Request) string {
	if known, ok := protocols(p); ok && known.unit != nil {
		if u := known.unit(req); u != "" {
			return name + " " + u
		}
	}
	return name
}

// allowed refuses every request that is not known to read only.
func allowed(p device.Protocol, req device.Request) error {
	known, ok := protocols(p)
	if !ok {
		return fmt.Errorf("protocol %s: %w", p, errors.ErrUnsupported)
	}
	return known.allowed(req)
}

package host

import (
	"errors"
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/ethtool"
	"example.com/bee/pkg/collectors/internal/ipmi"
	"example.com/bee/pkg/collectors/internal/lldp"
	"example.com/bee/pkg/collectors/internal/megaraid"
	"example.com/bee/pkg/collectors/internal/nvme"
	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/collectors/internal/tpm"
)

// protocol is how one command set is opened, and which of its requests may be
// sent.
type protocol struct {
	open    func(name string) (device.Device, error)
	allowed func(device.Request) error
}

// protocols is the list of command sets.
func protocols(p device.Protocol) (protocol, bool) {
	switch p {
	case device.NVMeAdmin:
		return protocol{nvme.Open, nvme.Allowed}, true
	case device.SCSI:
		return protocol{scsi.Open, scsi.Allowed}, true
	case device.MegaRAID:
		return protocol{megaraid.Open, megaraid.Allowed}, true
	case device.IPMI:
		return protocol{ipmi.Open, ipmi.Allowed}, true
	case device.Ethtool:
		return protocol{ethtool.Open, ethtool.Allowed}, true
	case device.LLDP:
		return protocol{lldp.Open, lldp.Allowed}, true
	case device.TPM:
		return protocol{tpm.Open, tpm.Allowed}, true
	}
	return protocol{}, false
}

// allowed refuses every request that is not known to read only.
func allowed(p device.Protocol, req device.Request) error {
	known, ok := protocols(p)
	if !ok {
		return fmt.Errorf("protocol %s: %w", p, errors.ErrUnsupported)
	}
	return known.allowed(req)
}

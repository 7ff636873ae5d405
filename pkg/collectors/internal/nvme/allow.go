package nvme

import (
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
)

// Allowed returns nil for a request that only reads, and an error that says
// why not for every other. It is a list of what is known to be harmless: an
// opcode, a log page or a feature it does not name is refused.
//
// It also refuses a request whose buffer is not exactly as long as what the
// command makes the controller send: the controller would write past it.
func Allowed(req device.Request) error {
	c, err := ParseCommand(req.Command)
	if err != nil {
		return err
	}
	if len(req.Data) != 0 {
		return fmt.Errorf("nvme opcode %02xh: %d bytes to the device", c.Opcode, len(req.Data))
	}
	if c.Flags != 0 || c.CDW2 != 0 || c.CDW3 != 0 || c.CDW15 != 0 {
		return fmt.Errorf("nvme opcode %02xh: reserved or fused fields set", c.Opcode)
	}
	switch c.Opcode {
	case opIdentify:
		return allowedIdentify(c, req.ReadLen)
	case opGetLogPage:
		return allowedLog(c, req.ReadLen)
	case opGetFeatures:
		return allowedFeature(c, req.ReadLen)
	}
	return fmt.Errorf("nvme opcode %02xh is not on the read-only list", c.Opcode)
}

func allowedIdentify(c Command, n int) error {
	switch cns := c.CDW10 & 0xFF; cns {
	case cnsNamespace, cnsController, cnsActiveNamespaces, cnsNamespaceIDs, cnsNamespaceAnySet,
		cnsAllocatedList, cnsAllocated, cnsAttachedToNS, cnsControllersInNVMS:
	default:
		return fmt.Errorf("nvme identify cns %02xh is not on the read-only list", cns)
	}
	if n != identifyBytes {
		return fmt.Errorf("nvme identify with a buffer of %d bytes, want %d", n, identifyBytes)
	}
	return nil
}

func allowedLog(c Command, n int) error {
	lid := uint8(c.CDW10)
	switch lid {
	case logSupported, logError, logSMART, logFirmwareSlot, logEffects, logSelfTest, logEnduranceGrp, logSanitize:
	default: // 04h, 07h, 08h, 0Dh, 80h, ... change state when read; C0h and up are the vendor's
		return fmt.Errorf("nvme log page %02xh is not on the read-only list", lid)
	}
	if lsp := c.CDW10 >> 8 & 0x7F; lsp != 0 {
		return fmt.Errorf("nvme log page %02xh with log specific field %02xh", lid, lsp)
	}
	if clearsEvents(lid) && c.CDW10&retainAsyncEvent == 0 {
		return fmt.Errorf("nvme log page %02xh would clear an asynchronous event", lid)
	}
	dwords := uint64(c.CDW11&0xFFFF)<<16 | uint64(c.CDW10>>16)
	if n <= 0 || uint64(n) != 4*(dwords+1) {
		return fmt.Errorf("nvme log page %02xh of %d bytes into a buffer of %d", lid, 4*(dwords+1), n)
	}
	return nil
}

// allowedFeature lets through the features whose value is one dword in the
// completion and that come with no data (figure 317).
func allowedFeature(c Command, n int) error {
	switch fid := c.CDW10 & 0xFF; fid {
	case 0x02, 0x04, 0x06, 0x07, 0x0B, 0x10: // power management, temperature threshold, write cache, queues, async events, thermal management
	default:
		return fmt.Errorf("nvme feature %02xh is not on the read-only list", fid)
	}
	if sel := c.CDW10 >> 8; sel > 3 {
		return fmt.Errorf("nvme get features with select %xh", sel)
	}
	if n != 0 {
		return fmt.Errorf("nvme get features with a buffer of %d bytes, want none", n)
	}
	return nil
}

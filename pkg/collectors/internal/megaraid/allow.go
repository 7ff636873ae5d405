package megaraid

import (
	"fmt"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/scsi"
)

// Allowed returns nil for a request that only reads, and an error that says
// why not for every other: a direct command that is not named here is refused,
// and so is a pass-through whose CDB is not on the SCSI list.
func Allowed(req device.Request) error {
	c, err := ParseCommand(req.Command)
	if err != nil {
		return err
	}
	if len(req.Data) != 0 {
		return fmt.Errorf("megaraid: %d bytes to the device", len(req.Data))
	}
	if req.ReadLen < 0 || req.ReadLen > maxReadLen {
		return fmt.Errorf("megaraid: buffer of %d bytes", req.ReadLen)
	}
	if c.CDB != nil {
		if err := scsi.AllowedCDB(c.CDB, req.ReadLen); err != nil {
			return fmt.Errorf("megaraid pass-through: %w", err)
		}
		return nil
	}
	switch c.Opcode {
	case dcmdControllerInfo, dcmdPDList, dcmdPDListQuery, dcmdPDInfo, dcmdLDList, dcmdLDListQuery, dcmdLDInfo, dcmdLDProperties,
		dcmdConfigRead, dcmdBBUStatus, dcmdBBUCapacity, dcmdBBUDesign, dcmdBBUProperties:
	default:
		return fmt.Errorf("megaraid direct command %08xh is not on the read-only list", c.Opcode)
	}
	if req.ReadLen == 0 {
		return fmt.Errorf("megaraid direct command %08xh without a buffer", c.Opcode)
	}
	return nil
}

package tpm

import (
	"context"
	"errors"

	"example.com/bee/pkg/collectors/internal/device"
)

// Identify asks a TPM 2.0 what it is and which PCR banks it keeps. What it did
// answer is returned beside an error.
func Identify(ctx context.Context, d device.Device) (Identity, []string, error) {
	fixed, err := properties(ctx, d, ptFixed)
	if err != nil {
		return Identity{}, nil, err
	}
	variable, varErr := properties(ctx, d, ptVar)
	for tag, v := range variable {
		if tag >= ptVar { // the fixed ones are known
			fixed[tag] = v
		}
	}
	var banks []string
	resp, bankErr := d.Exchange(ctx, getCapability(capabilityPCRs, 0, 1))
	if bankErr == nil {
		banks, bankErr = DecodeBanks(resp.Data)
	}
	return identityOf(fixed), banks, errors.Join(varErr, bankErr)
}

func properties(ctx context.Context, d device.Device, first uint32) (map[uint32]uint32, error) {
	resp, err := d.Exchange(ctx, getCapability(capabilityProperties, first, 64))
	if err != nil {
		return nil, err
	}
	return DecodeProperties(resp.Data)
}

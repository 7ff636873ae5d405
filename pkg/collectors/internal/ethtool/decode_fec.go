package ethtool

import (
	"encoding/binary"
	"fmt"
	"strings"

	"example.com/bee/pkg/inventory"
)

// FEC is the forward error correction of a link: none, rs, baser, llrs.
type FEC struct {
	Active     string
	Configured []string
	Auto       *bool // the driver chooses
}

// DecodeFEC decodes a FEC_GET reply; ok is false when it says nothing.
func DecodeFEC(b []byte) (f FEC, ok bool, err error) {
	const fecModes, fecAuto, fecActive = 2, 3, 4
	list, err := decodeAttributes(b)
	if err != nil {
		return FEC{}, false, fmt.Errorf("fec: %w", err)
	}
	for _, a := range list {
		switch a.kind {
		case fecModes:
			bits, err := decodeBits(a.value)
			if err != nil {
				return FEC{}, false, fmt.Errorf("fec: %w", err)
			}
			for _, m := range bits {
				if m.set {
					f.Configured = append(f.Configured, strings.ToLower(m.name))
				}
			}
		case fecAuto:
			if v, ok := a.uint8(); ok {
				f.Auto = new(v != 0)
			}
		case fecActive:
			if v, ok := a.uint32(); ok {
				f.Active = fecMode(v)
			}
		}
	}
	return f, f.Active != "" || len(f.Configured) > 0 || f.Auto != nil && *f.Auto, nil
}

// fecMode is the link mode bit of a FEC mode.
func fecMode(v uint32) string {
	switch v {
	case 49:
		return "none"
	case 50:
		return "rs"
	case 51:
		return "baser"
	case 74:
		return "llrs"
	}
	return fmt.Sprintf("unknown_0x%02x", v)
}

// fecParamBytes is the size of struct ethtool_fecparam.
const fecParamBytes = 16

// DecodeFECParam decodes struct ethtool_fecparam (enum
// ethtool_fec_config_bits); ok is false for an interface without FEC.
func DecodeFECParam(b []byte) (f FEC, ok bool, err error) {
	const auto, off, rs, baser, llrs = 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5
	if len(b) != fecParamBytes {
		return FEC{}, false, fmt.Errorf("fec parameters of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	active, configured := binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])
	for _, m := range []struct {
		bit  uint32
		name string
	}{{off, "none"}, {rs, "rs"}, {baser, "baser"}, {llrs, "llrs"}} {
		if configured&m.bit != 0 {
			f.Configured = append(f.Configured, m.name)
		}
		if active&m.bit != 0 && f.Active == "" {
			f.Active = m.name
		}
	}
	if configured&auto != 0 {
		f.Auto = new(true)
	}
	return f, f.Active != "" || len(f.Configured) > 0 || f.Auto != nil, nil
}

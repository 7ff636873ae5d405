package tpm

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// ResponseError is a TPM's answer that it cannot do what was asked (TPM_RC).
type ResponseError uint32

// Error implements error.
func (e ResponseError) Error() string { return fmt.Sprintf("tpm: response code %03xh", uint32(e)) }

const (
	headerBytes   = 10 // tag, size, response code
	propertyBytes = 8  // property, value
	// maxProperties is the most one answer may hold: MAX_CAP_BUFFER of 1024
	// bytes by the size of a property.
	maxProperties = 127
	maxBanks      = 16
)

// DecodeProperties reads the answer to GetCapability of TPM properties
// (Part 2 section 10.9.7, TPML_TAGGED_TPM_PROPERTY). Error and map exclude
// each other.
func DecodeProperties(b []byte) (map[uint32]uint32, error) {
	list, n, err := decodeList(b, capabilityProperties)
	if err != nil {
		return nil, err
	}
	if n > maxProperties || uint64(len(list)) < uint64(n)*propertyBytes {
		return nil, fmt.Errorf("tpm: %d properties in %d bytes: %w", n, len(list), inventory.ErrMalformed)
	}
	all := make(map[uint32]uint32, n)
	for i := range n {
		p := list[i*propertyBytes:]
		all[binary.BigEndian.Uint32(p)] = binary.BigEndian.Uint32(p[4:])
	}
	return all, nil
}

// DecodeBanks reads the answer to GetCapability of PCRs (Part 2 section
// 10.9.5, TPML_PCR_SELECTION): the hash algorithms of the banks that hold at
// least one register. Error and list exclude each other.
func DecodeBanks(b []byte) ([]string, error) {
	list, n, err := decodeList(b, capabilityPCRs)
	if err != nil {
		return nil, err
	}
	if n > maxBanks {
		return nil, fmt.Errorf("tpm: %d banks: %w", n, inventory.ErrMalformed)
	}
	banks := make([]string, 0, n)
	for range n {
		if len(list) < 3 || len(list) < 3+int(list[2]) {
			return nil, fmt.Errorf("tpm: list of banks is cut short: %w", inventory.ErrMalformed)
		}
		hash, selected := binary.BigEndian.Uint16(list), list[3:3+int(list[2])]
		for _, s := range selected {
			if s != 0 {
				banks = append(banks, hashName(hash))
				break
			}
		}
		list = list[3+len(selected):]
	}
	return banks, nil
}

// decodeList checks what all answers share: header, moreData, capability and
// the number of entries.
func decodeList(b []byte, capability uint32) (list []byte, n uint32, err error) {
	be := binary.BigEndian
	if len(b) < headerBytes || uint64(be.Uint32(b[2:])) != uint64(len(b)) {
		return nil, 0, fmt.Errorf("tpm: answer of %d bytes: %w", len(b), inventory.ErrMalformed)
	}
	if rc := be.Uint32(b[6:]); rc != 0 {
		return nil, 0, ResponseError(rc)
	}
	const fixed = headerBytes + 1 + 4 + 4
	if be.Uint16(b) != tagNoSessions || len(b) < fixed || be.Uint32(b[headerBytes+1:]) != capability {
		return nil, 0, fmt.Errorf("tpm: answer to something else: %w", inventory.ErrMalformed)
	}
	return b[fixed:], be.Uint32(b[headerBytes+5:]), nil
}

// hashName names the algorithms of the TCG Algorithm Registry as the kernel
// does.
func hashName(id uint16) string {
	switch id {
	case 0x0004:
		return "sha1"
	case 0x000B:
		return "sha256"
	case 0x000C:
		return "sha384"
	case 0x000D:
		return "sha512"
	case 0x0012:
		return "sm3_256"
	case 0x0027:
		return "sha3_256"
	case 0x0028:
		return "sha3_384"
	case 0x0029:
		return "sha3_512"
	}
	return fmt.Sprintf("unknown_0x%02x", id)
}

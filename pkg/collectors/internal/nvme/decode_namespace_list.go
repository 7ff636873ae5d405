package nvme

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// listEntries is how many namespace IDs one list holds.
const listEntries = identifyBytes / 4

// DecodeNamespaceList decodes one page of the active namespace list (figure
// 274): ascending namespace IDs, ended by a zero or the end of the page. A
// page whose IDs do not ascend from after is malformed: following it could go
// on for ever.
func DecodeNamespaceList(b []byte, after uint32) (ids []uint32, err error) {
	if len(b) < identifyBytes {
		return nil, fmt.Errorf("active namespace list: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), identifyBytes)
	}
	ids = []uint32{}
	for i := range listEntries {
		id := binary.LittleEndian.Uint32(b[4*i:])
		if id == 0 {
			break
		}
		if id <= after {
			return nil, fmt.Errorf("active namespace list: %w: %d follows %d", inventory.ErrMalformed, id, after)
		}
		ids, after = append(ids, id), id
	}
	return ids, nil
}

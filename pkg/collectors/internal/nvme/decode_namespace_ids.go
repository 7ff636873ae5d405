package nvme

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// NamespaceIDs are a namespace's identification descriptors (figure 277), each
// as lower-case hex, "" when absent or zero.
type NamespaceIDs struct {
	EUI64      string // 16 digits
	NGUID      string // 32 digits
	UUID       string // 8-4-4-4-12
	CommandSet *uint8 // 0 NVM, 1 key value, 2 zoned; nil when not told
}

// DecodeNamespaceIDs decodes a namespace identification descriptor list of
// 4096 bytes: descriptors of type, length, two reserved bytes and the
// identifier, ended by a type and length of zero. Unknown types are skipped. A
// descriptor of a known type but another length, or one that passes the end,
// is malformed.
func DecodeNamespaceIDs(b []byte) (*NamespaceIDs, error) {
	if len(b) < identifyBytes {
		return nil, fmt.Errorf("namespace descriptors: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), identifyBytes)
	}
	ids := &NamespaceIDs{}
	for rest := b[:identifyBytes]; len(rest) >= 4; {
		kind, n := rest[0], int(rest[1])
		if n == 0 {
			break
		}
		if n > len(rest)-4 {
			return nil, fmt.Errorf("namespace descriptors: %w: descriptor of %d bytes with %d left", inventory.ErrMalformed, n, len(rest)-4)
		}
		value := rest[4 : 4+n]
		if want := descriptorBytes(kind); want != 0 && n != want {
			return nil, fmt.Errorf("namespace descriptors: %w: type %d of %d bytes, want %d", inventory.ErrMalformed, kind, n, want)
		}
		switch kind {
		case 1:
			ids.EUI64 = identifier(value)
		case 2:
			ids.NGUID = identifier(value)
		case 3:
			if h := identifier(value); h != "" {
				ids.UUID = h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
			}
		case 4:
			ids.CommandSet = new(value[0])
		}
		rest = rest[4+n:]
	}
	return ids, nil
}

func descriptorBytes(kind uint8) int {
	switch kind {
	case 1:
		return 8
	case 2, 3:
		return 16
	case 4:
		return 1
	}
	return 0
}

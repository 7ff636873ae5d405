package megaraid

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

const (
	ldEntryBytes  = 16
	ldConfigBytes = 256
	spanBytes     = 24
	maxSpans      = 8
	blockBytes    = 512 // of logical drive sizes
)

// An LDEntry is one entry of the list of logical drives (struct MR_LD_LIST).
type LDEntry struct {
	Target    uint8
	State     LDState
	SizeBytes *uint64
}

// An LDList is the list of logical drives.
type LDList struct {
	Drives    []LDEntry
	Truncated bool // there are more than were read
}

// An LDState is a logical drive's (enum MR_LD_STATE).
type LDState uint8

// The states.
const (
	LDOffline           LDState = 0
	LDPartiallyDegraded LDState = 1
	LDDegraded          LDState = 2
	LDOptimal           LDState = 3
)

// String returns the state in lower_snake.
func (s LDState) String() string {
	switch s {
	case LDOffline:
		return "offline"
	case LDPartiallyDegraded:
		return "partially_degraded"
	case LDDegraded:
		return "degraded"
	case LDOptimal:
		return "optimal"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(s))
}

// DecodeLDList decodes the list of logical drives.
func DecodeLDList(b []byte) (*LDList, error) {
	if len(b) < 8 {
		return nil, fmt.Errorf("logical drive list: %w: %d bytes, want at least 8", inventory.ErrMalformed, len(b))
	}
	le := binary.LittleEndian
	count := uint64(le.Uint32(b))
	fit := uint64(len(b)-8) / ldEntryBytes
	l := &LDList{Drives: []LDEntry{}, Truncated: count > fit}
	for i := range int(min(count, fit)) {
		e := b[8+ldEntryBytes*i:]
		l.Drives = append(l.Drives, LDEntry{Target: e[0], State: LDState(e[4]), SizeBytes: blocks(le.Uint64(e[8:]))})
	}
	return l, nil
}

// blocks makes a number of blocks into bytes; nil when that does not fit.
func blocks(n uint64) *uint64 {
	hi, lo := bits.Mul64(n, blockBytes)
	if hi != 0 {
		return nil
	}
	return &lo
}

// An LDConfig is how a logical drive is made (struct MR_LD_CONFIG).
type LDConfig struct {
	Target      uint8
	Name        string
	Level       string // raid0, raid10, ...; unknown_0xNN
	State       LDState
	Drives      int    // in each span
	StripBytes  uint32 // on each drive
	Consistent  bool
	WriteBack   bool // the cache policy in force
	Initialized uint8
	Spans       []Span
}

// A Span is a part of a logical drive on one array.
type Span struct {
	Array      uint16
	StartBlock uint64
	Blocks     uint64
}

// An LD is a logical drive's configuration, size and activity.
type LD struct {
	LDConfig
	SizeBytes *uint64
	// Activities are what goes on: consistency_check, background_init,
	// foreground_init, reconstruction.
	Activities []string
}

// DecodeLD decodes 384 bytes of logical drive information (struct
// MR_LD_INFO).
func DecodeLD(b []byte) (*LD, error) {
	if len(b) < ldInfoBytes {
		return nil, fmt.Errorf("logical drive info: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), ldInfoBytes)
	}
	le := binary.LittleEndian
	l := &LD{LDConfig: ldConfig(b), SizeBytes: blocks(le.Uint64(b[256:]))}
	active := le.Uint32(b[264:])
	for bit, name := range [...]string{"consistency_check", "background_init", "foreground_init", "reconstruction"} {
		if active&(1<<bit) != 0 {
			l.Activities = append(l.Activities, name)
		}
	}
	return l, nil
}

// ldConfig reads 256 bytes: properties, parameters, spans.
func ldConfig(b []byte) LDConfig {
	le := binary.LittleEndian
	c := LDConfig{
		Target: b[0], Name: scsi.Text(b[4:20]), WriteBack: b[23]&1 != 0,
		State: LDState(b[38]), Initialized: b[39], Consistent: b[40] != 0, Drives: int(b[36]),
	}
	if b[35] < 16 {
		c.StripBytes = blockBytes << b[35]
	}
	depth := int(b[37])
	for i := range min(depth, maxSpans) {
		s := b[64+spanBytes*i:]
		c.Spans = append(c.Spans, Span{StartBlock: le.Uint64(s), Blocks: le.Uint64(s[8:]), Array: le.Uint16(s[16:])})
	}
	c.Level = level(b[32], b[34] != 0 || depth > 1)
	return c
}

// level names a RAID level by DDF's primary level; spanned says that spans are
// striped over.
func level(primary uint8, spanned bool) string {
	name := ""
	switch primary {
	case 0x00:
		name = "raid0"
	case 0x01:
		name = "raid1"
	case 0x03:
		name = "raid3"
	case 0x05:
		name = "raid5"
	case 0x06:
		name = "raid6"
	case 0x0F:
		return "jbod"
	case 0x11:
		return "raid1e"
	case 0x1F:
		return "concat"
	default:
		return fmt.Sprintf("unknown_0x%02x", primary)
	}
	if spanned && primary != 0 {
		name += "0"
	}
	return name
}

package nvme

import (
	"encoding/binary"
	"fmt"

	"example.com/bee/pkg/inventory"
)

// A SelfTestLog is the Device Self-test log page (figure 212).
type SelfTestLog struct {
	// Running is the test under way, or SelfTestNone.
	Running          SelfTestType
	CompletedPercent uint8      // of the running test
	Results          []SelfTest // newest first; unused entries left out
}

// A SelfTest is one result.
type SelfTest struct {
	Type         SelfTestType
	Result       SelfTestResult
	Segment      uint8 // the segment that failed, with SelfTestFailedSegment; 0 = unknown
	PowerOnHours uint64
	NSID         *uint32 // nil when the drive did not say
	FailingLBA   *uint64 // likewise
	Status       *Status // likewise; code and type
}

// A SelfTestType is the kind of a test.
type SelfTestType uint8

// The defined test types.
const (
	SelfTestNone     SelfTestType = 0x0
	SelfTestShort    SelfTestType = 0x1
	SelfTestExtended SelfTestType = 0x2
	SelfTestVendor   SelfTestType = 0xE
)

// String returns short, extended, vendor, or unknown_0xNN.
func (t SelfTestType) String() string {
	switch t {
	case SelfTestNone:
		return "none"
	case SelfTestShort:
		return "short"
	case SelfTestExtended:
		return "extended"
	case SelfTestVendor:
		return "vendor"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(t))
}

// A SelfTestResult is how a test ended.
type SelfTestResult uint8

// The results that callers judge by.
const (
	SelfTestPassed        SelfTestResult = 0x0
	SelfTestFatal         SelfTestResult = 0x5
	SelfTestFailedUnknown SelfTestResult = 0x6
	SelfTestFailedSegment SelfTestResult = 0x7
	selfTestUnused        SelfTestResult = 0xF
)

// Failed says that the test found a fault, as opposed to being stopped.
func (r SelfTestResult) Failed() bool {
	return r == SelfTestFatal || r == SelfTestFailedUnknown || r == SelfTestFailedSegment
}

// String returns the result in lower_snake.
func (r SelfTestResult) String() string {
	switch r {
	case SelfTestPassed:
		return "passed"
	case 0x1:
		return "aborted_by_command"
	case 0x2:
		return "aborted_by_reset"
	case 0x3:
		return "aborted_namespace_removed"
	case 0x4:
		return "aborted_by_format"
	case SelfTestFatal:
		return "fatal_error"
	case SelfTestFailedUnknown:
		return "failed_unknown_segment"
	case SelfTestFailedSegment:
		return "failed_segment"
	case 0x8:
		return "aborted_unknown"
	case 0x9:
		return "aborted_by_sanitize"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(r))
}

const (
	selfTestEntries    = 20
	selfTestEntryBytes = 28
)

// DecodeSelfTestLog decodes log page 06h, 564 bytes.
func DecodeSelfTestLog(b []byte) (*SelfTestLog, error) {
	if len(b) < selfTestLogBytes {
		return nil, fmt.Errorf("log page 06h: %w: %d bytes, want %d", inventory.ErrMalformed, len(b), selfTestLogBytes)
	}
	le := binary.LittleEndian
	l := &SelfTestLog{Running: SelfTestType(b[0] & 0xF), Results: []SelfTest{}}
	if l.Running != SelfTestNone {
		l.CompletedPercent = min(b[1]&0x7F, 100)
	}
	for i := range selfTestEntries {
		e := b[4+selfTestEntryBytes*i:][:selfTestEntryBytes]
		t := SelfTest{
			Type:         SelfTestType(e[0] >> 4),
			Result:       SelfTestResult(e[0] & 0xF),
			PowerOnHours: le.Uint64(e[4:]),
		}
		// A log of zeros is one that was never written: type none does not exist.
		if t.Result == selfTestUnused || t.Type == SelfTestNone {
			continue
		}
		if t.Result == SelfTestFailedSegment {
			t.Segment = e[1]
		}
		valid := e[2]
		if valid&1 != 0 {
			t.NSID = new(le.Uint32(e[12:]))
		}
		if valid&2 != 0 {
			t.FailingLBA = new(le.Uint64(e[16:]))
		}
		if valid&0xC == 0xC {
			t.Status = new(Status(e[24]&7)<<8 | Status(e[25]))
		}
		l.Results = append(l.Results, t)
	}
	return l, nil
}

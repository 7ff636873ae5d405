package scsi

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A SelfTest is one result of log page 10h (SPC-5 7.3.19).
type SelfTest struct {
	Type   SelfTestType
	Result SelfTestResult
	Number uint8 // the segment that failed; 0 = not told
	// PowerOnHours is when it ended; FFFFh, the most it can say, included.
	PowerOnHours uint16
	FailingLBA   *uint64
	Key          SenseKey
	ASC          uint8
	ASCQ         uint8
}

// A SelfTestType is the code the test was started with.
type SelfTestType uint8

// String returns the type in lower_snake.
func (t SelfTestType) String() string {
	switch t {
	case 0:
		return "default"
	case 1:
		return "background_short"
	case 2:
		return "background_extended"
	case 4:
		return "aborted_background"
	case 5:
		return "foreground_short"
	case 6:
		return "foreground_extended"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(t))
}

// A SelfTestResult is how a test ended.
type SelfTestResult uint8

// The results callers judge by.
const (
	SelfTestPassed  SelfTestResult = 0x0
	SelfTestRunning SelfTestResult = 0xF
)

// Failed says that the test found a fault, as opposed to being stopped.
func (r SelfTestResult) Failed() bool { return r >= 3 && r <= 7 }

// String returns the result in lower_snake.
func (r SelfTestResult) String() string {
	switch r {
	case SelfTestPassed:
		return "passed"
	case 1:
		return "aborted_by_command"
	case 2:
		return "aborted"
	case 3:
		return "failed_unknown"
	case 4:
		return "failed_unknown_segment"
	case 5:
		return "failed_first_segment"
	case 6:
		return "failed_second_segment"
	case 7:
		return "failed_segment"
	case SelfTestRunning:
		return "in_progress"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(r))
}

// maxSelfTests is how many results the page has room for.
const maxSelfTests = 20

// DecodeSelfTests decodes log page 10h: results newest first, those never
// filled left out.
func DecodeSelfTests(l *LogPage) ([]SelfTest, error) {
	if err := l.is(LogSelfTest, 0); err != nil {
		return nil, err
	}
	tests := []SelfTest{}
	for p := range l.Parameters() {
		v := p.Value
		if p.Code < 1 || p.Code > maxSelfTests || len(v) < 16 || len(tests) == maxSelfTests || onlyZeros(v) {
			continue
		}
		t := SelfTest{
			Type: SelfTestType(v[0] >> 5), Result: SelfTestResult(v[0] & 0xF), Number: v[1], PowerOnHours: uint16(be16(v[2:])),
			Key: SenseKey(v[12] & 0xF), ASC: v[13], ASCQ: v[14],
		}
		if lba := binary.BigEndian.Uint64(v[4:]); lba != math.MaxUint64 && t.Result.Failed() {
			t.FailingLBA = &lba
		}
		tests = append(tests, t)
	}
	return tests, nil
}

func onlyZeros(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

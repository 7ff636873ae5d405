package ata

import (
	"encoding/binary"
	"fmt"
)

// A SelfTest is one result of the self-test logs (ACS-3 A.11, ACS-4 9.10).
type SelfTest struct {
	Type             SelfTestType
	Status           SelfTestStatus
	RemainingPercent uint8
	PowerOnHours     uint16 // wraps at 65536
	FailingLBA       *uint64
}

// A SelfTestType is the subcommand the test was started with.
type SelfTestType uint8

// String returns the type in lower_snake.
func (t SelfTestType) String() string {
	switch t {
	case 0x00:
		return "offline"
	case 0x01:
		return "short"
	case 0x02:
		return "extended"
	case 0x03:
		return "conveyance"
	case 0x04:
		return "selective"
	case 0x7F:
		return "abort"
	case 0x81:
		return "short_captive"
	case 0x82:
		return "extended_captive"
	case 0x83:
		return "conveyance_captive"
	case 0x84:
		return "selective_captive"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(t))
}

// A SelfTestStatus is how a test ended (ACS-3 table 131).
type SelfTestStatus uint8

// The results callers judge by.
const (
	SelfTestPassed  SelfTestStatus = 0x0
	SelfTestRunning SelfTestStatus = 0xF
)

// Failed says that the test found a fault, as opposed to being stopped.
func (s SelfTestStatus) Failed() bool { return s >= 3 && s <= 8 }

// String returns the status in lower_snake.
func (s SelfTestStatus) String() string {
	switch s {
	case SelfTestPassed:
		return "passed"
	case 1:
		return "aborted_by_host"
	case 2:
		return "interrupted_by_reset"
	case 3:
		return "fatal_error"
	case 4:
		return "failed_unknown"
	case 5:
		return "failed_electrical"
	case 6:
		return "failed_servo"
	case 7:
		return "failed_read"
	case 8:
		return "failed_handling_damage"
	case SelfTestRunning:
		return "in_progress"
	}
	return fmt.Sprintf("unknown_0x%02x", uint8(s))
}

// DecodeSelfTestLog decodes the SMART self-test log, address 06h: results
// newest first, those never filled left out.
func DecodeSelfTestLog(b []byte) ([]SelfTest, error) {
	if err := sector("SMART log 06h", b); err != nil {
		return nil, err
	}
	const count, size, start = 21, 24, 2
	return ring(int(b[508]), count, func(i int) (SelfTest, bool) {
		e := b[start+size*i:][:size]
		return selfTest(e, uint64(binary.LittleEndian.Uint32(e[5:])), 1<<32-1)
	}), nil
}

// DecodeExtSelfTestLog decodes the first page of the extended SMART self-test
// log, address 07h, when the newest result is on it.
func DecodeExtSelfTestLog(b []byte) ([]SelfTest, error) {
	if err := sector("log 07h", b); err != nil {
		return nil, err
	}
	const count, size, start = 19, 26, 4
	return ring(int(binary.LittleEndian.Uint16(b[2:])), count, func(i int) (SelfTest, bool) {
		e := b[start+size*i:][:size]
		return selfTest(e, uint64(binary.LittleEndian.Uint32(e[5:]))|uint64(binary.LittleEndian.Uint16(e[9:]))<<32, 1<<48-1)
	}), nil
}

// ring walks a ring of count entries back from its newest, numbered from 1; a
// number of zero means that there is none. A number that does not exist is
// taken as the end of the ring.
func ring(newest, count int, entry func(i int) (SelfTest, bool)) []SelfTest {
	tests := []SelfTest{}
	if newest == 0 {
		return tests
	}
	newest = min(newest, count) - 1
	for back := range count {
		if t, ok := entry((newest - back + count) % count); ok {
			tests = append(tests, t)
		}
	}
	return tests
}

func selfTest(e []byte, lba, noLBA uint64) (SelfTest, bool) {
	used := false
	for _, c := range e {
		used = used || c != 0
	}
	if !used {
		return SelfTest{}, false
	}
	t := SelfTest{
		Type: SelfTestType(e[0]), Status: SelfTestStatus(e[1] >> 4), RemainingPercent: min(e[1]&0xF, 10) * 10,
		PowerOnHours: binary.LittleEndian.Uint16(e[2:]),
	}
	if t.Status.Failed() && lba != noLBA {
		t.FailingLBA = &lba
	}
	return t, true
}

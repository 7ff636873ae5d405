package scsi_test

import (
	"errors"
	"testing"

	"example.com/bee/pkg/collectors/internal/scsi"
	"example.com/bee/pkg/inventory"
)

func TestSupportedLogs(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeSupportedLogs(mustLog(t, logPage(0, 0, []byte{0, 2, 3, 0x2F})))
	check(t, "00h", got, err, [][2]uint8{{0}, {2}, {3}, {0x2F}})
	got, err = scsi.DecodeSupportedLogs(mustLog(t, logPage(0, 0xFF, []byte{0, 0, 0, 0xFF, 0x15, 0, 9})))
	check(t, "00h/ffh", got, err, [][2]uint8{{0}, {0, 0xFF}, {0x15, 0}})
}

func TestErrorCounters(t *testing.T) {
	t.Parallel()
	want := &scsi.ErrorCounters{
		CorrectedFast: new(uint64(11)), CorrectedDelayed: new(uint64(12)), Retries: new(uint64(13)), TotalCorrected: new(uint64(14)),
		Invocations: new(uint64(15)), BytesProcessed: new(uint64(1 << 60)), Uncorrected: new(uint64(3)),
	}
	for _, page := range []uint8{2, 3, 5} {
		got, err := scsi.DecodeErrorCounters(mustLog(t, errorCountersPage(page)))
		check(t, "counters", got, err, want)
	}
	// A counter of no bytes, or of more than fit, is not zero.
	got, err := scsi.DecodeErrorCounters(mustLog(t, logPage(3, 0, param(0), param(6, 1, 0, 0, 0, 0, 0, 0, 0, 0))))
	check(t, "odd sizes", got, err, &scsi.ErrorCounters{})
	n, err := scsi.DecodeNonMediumErrors(mustLog(t, logPage(6, 0, param(0x8000, 1), param(0, 0, 5))))
	check(t, "06h", n, err, new(uint64(5)))
	n, err = scsi.DecodeNonMediumErrors(mustLog(t, logPage(6, 0)))
	check(t, "06h, empty", n, err, nil)
}

func TestTemperature(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeTemperature(mustLog(t, logPage(0x0D, 0, param(0, 0, 38), param(1, 0, 65), param(0, 9))))
	check(t, "0dh", got, err, &scsi.Temperature{Celsius: new(38), ReferenceCelsius: new(65)})
	got, err = scsi.DecodeTemperature(mustLog(t, logPage(0x0D, 0, param(0, 0, 0xFF))))
	check(t, "no reading", got, err, &scsi.Temperature{})
}

func TestStartStop(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeStartStop(mustLog(t, startStopPage()))
	check(t, "0eh", got, err, &scsi.StartStop{
		ManufactureYear: "2016", ManufactureWeek: "31", SpecifiedCycles: new(uint32(10000)), Cycles: new(uint32(35)), LoadUnloadCycles: new(uint32(777)),
	})
	got, err = scsi.DecodeStartStop(mustLog(t, logPage(0x0E, 0, param(1, []byte("    ??")...))))
	check(t, "no date", got, err, &scsi.StartStop{})
}

func TestSelfTests(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeSelfTests(mustLog(t, selfTestsPage()))
	check(t, "10h", got, err, []scsi.SelfTest{
		{Type: 1, Result: scsi.SelfTestPassed, Number: 7, PowerOnHours: 500},
		{Type: 2, Result: 7, Number: 7, PowerOnHours: 400, FailingLBA: new(uint64(0x123456789)), Key: scsi.KeyMediumError, ASC: 0x11},
		{Type: 2, Result: scsi.SelfTestRunning, Number: 7, PowerOnHours: 0xFFFF},
	})
	if got[0].Result.Failed() || !got[1].Result.Failed() || got[2].Result.Failed() {
		t.Error("Failed")
	}
	var results, types string
	for i := range 16 {
		results += scsi.SelfTestResult(i).String() + " "
	}
	for i := range 8 {
		types += scsi.SelfTestType(i).String() + " "
	}
	check(t, "results", results, nil, "passed aborted_by_command aborted failed_unknown failed_unknown_segment failed_first_segment failed_second_segment failed_segment "+
		"unknown_0x08 unknown_0x09 unknown_0x0a unknown_0x0b unknown_0x0c unknown_0x0d unknown_0x0e in_progress ")
	check(t, "types", types, nil, "default background_short background_extended unknown_0x03 aborted_background foreground_short foreground_extended unknown_0x07 ")
}

func TestSolidState(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeSolidState(mustLog(t, logPage(0x11, 0, param(1, 0, 0, 0, 104))))
	check(t, "11h", got, err, new(uint8(104)))
	got, err = scsi.DecodeSolidState(mustLog(t, logPage(0x11, 0, param(1, 0, 0))))
	check(t, "11h, short", got, err, nil)
}

func TestBackgroundScan(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeBackgroundScan(mustLog(t, scanPage()))
	check(t, "15h", got, err, &scsi.BackgroundScan{
		PowerOnMinutes: 60000, Status: 1, ScansPerformed: 17, MediumScans: 16, ProgressPercent: 50, FoundCount: 1,
		Found: []scsi.ScanEvent{{PowerOnMinutes: 5000, Reassign: 5, Key: scsi.KeyMediumError, ASC: 0x11, ASCQ: 1, LBA: 0xABCDEF}},
	})
	status := ""
	for i := range 10 {
		status += scsi.ScanStatus(i).String() + " "
	}
	check(t, "status", status, nil, "idle scanning prescan halted_fatal_error halted_vendor_specific halted_medium_formatted_without_list halted_vendor_cause halted_temperature waiting_for_interval unknown_0x09 ")
	many := [][]byte{param(0, make([]byte, 12)...)}
	for i := range 100 {
		many = append(many, param(1+i, make([]byte, 20)...))
	}
	got, err = scsi.DecodeBackgroundScan(mustLog(t, logPage(0x15, 0, many...)))
	if err != nil || len(got.Found) != 64 || got.FoundCount != 100 {
		t.Errorf("%d of %d, %v", len(got.Found), got.FoundCount, err)
	}
}

func TestExceptions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value []byte
		want  scsi.Exceptions
		warns bool
	}{
		{[]byte{0, 0, 38, 70}, scsi.Exceptions{Celsius: new(38)}, false},
		{[]byte{0x5D, 0x10, 0xFF}, scsi.Exceptions{ASC: 0x5D, ASCQ: 0x10}, true},
		{[]byte{0x5D, 0xFF, 0}, scsi.Exceptions{ASC: 0x5D, ASCQ: 0xFF}, false},
		{[]byte{0x0B, 0x01}, scsi.Exceptions{ASC: 0x0B, ASCQ: 1}, true},
	} {
		got, err := scsi.DecodeExceptions(mustLog(t, logPage(0x2F, 0, param(0x8000, 1), param(0, tt.value...))))
		check(t, "2fh", got, err, &tt.want)
		if got.Warns() != tt.warns {
			t.Errorf("%+v warns %v", got, got.Warns())
		}
	}
}

func TestSASPhys(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeSASPhys(mustLog(t, portPage()))
	check(t, "18h", got, err, []scsi.Phy{
		{
			RelativePort: 1, Rate: 0xB, Address: "5000c50000000000", AttachedAddress: "500605b000000009", AttachedPhy: 4,
			InvalidDwords: new(uint32(10)), DisparityErrors: new(uint32(11)), LossOfSync: new(uint32(12)), ResetProblems: new(uint32(13)),
		},
		{
			RelativePort: 2, Number: 1, Rate: 1, Address: "5000c50000000001", AttachedAddress: "500605b000000009", AttachedPhy: 4,
			InvalidDwords: new(uint32(20)), DisparityErrors: new(uint32(21)), LossOfSync: new(uint32(22)), ResetProblems: new(uint32(23)),
		},
	})
	rates := ""
	for i := range 16 {
		rates += scsi.LinkRate(i).String() + ", "
	}
	check(t, "rates", rates, nil, "unknown, disabled, reset_problem, spinup_hold, port_selector, reset_in_progress, unsupported, unknown_0x07, "+
		"1.5 Gbit/s, 3.0 Gbit/s, 6.0 Gbit/s, 12.0 Gbit/s, 22.5 Gbit/s, unknown_0x0d, unknown_0x0e, unknown_0x0f, ")
	// A descriptor without a length is 48 bytes; one longer than the rest ends.
	b := portPage()
	b[8+3], b[8+48+4+4+3] = 0, 255
	if got, err := scsi.DecodeSASPhys(mustLog(t, b)); err != nil || len(got) != 2 {
		t.Errorf("%d %v", len(got), err)
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	got, err := scsi.DecodeStatistics(mustLog(t, logPage(0x19, 0, param(2, 1), param(1, cat(be64(1), be64(2), be64(3), be64(4), make([]byte, 32))...))))
	check(t, "19h", got, err, &scsi.Statistics{ReadCommands: 1, WriteCommands: 2, BlocksWritten: 3, BlocksRead: 4})
}

func TestLogPageThatLies(t *testing.T) {
	t.Parallel()
	whole := errorCountersPage(3)
	for name, tt := range map[string]struct {
		b         []byte
		truncated bool
		params    int
	}{
		"whole":                  {whole, false, 8},
		"longer than told":       {append(whole, 1, 2, 3), false, 8},
		"cut in a parameter":     {whole[:len(whole)-1], true, 7},
		"cut in a header":        {whole[:len(whole)-6], true, 7},
		"header only":            {whole[:4], true, 0},
		"parameter passes page":  {logPage(3, 0, []byte{0, 0, 3, 200, 1}), true, 0},
		"odd bytes at the end":   {logPage(3, 0, param(0, 1), []byte{0, 1}), true, 1},
		"page length of 64 KiB":  {cat([]byte{3, 0, 0xFF, 0xFF}, param(0, 1)), true, 1},
		"nothing, told honestly": {logPage(3, 0), false, 0},
	} {
		l, err := scsi.DecodeLogPage(tt.b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		n := 0
		for range l.Parameters() {
			n++
		}
		if l.Truncated != tt.truncated || n != tt.params {
			t.Errorf("%s: %d parameters, truncated %v", name, n, l.Truncated)
		}
	}
	for n := range 4 {
		if l, err := scsi.DecodeLogPage(whole[:n]); !errors.Is(err, inventory.ErrMalformed) || l != nil {
			t.Errorf("%d bytes: %v %v", n, l, err)
		}
	}
}

// logDecoders are all decoders of log pages, each with a page of its own.
func logDecoders() map[string]struct {
	page   []byte
	decode func(*scsi.LogPage) (any, error)
} {
	type entry = struct {
		page   []byte
		decode func(*scsi.LogPage) (any, error)
	}
	return map[string]entry{
		"supported": {logPage(0, 0, []byte{0, 2}), func(l *scsi.LogPage) (any, error) {
			v, err := scsi.DecodeSupportedLogs(l)
			return nilled(v == nil, v), err
		}},
		"errors": {errorCountersPage(2), func(l *scsi.LogPage) (any, error) {
			v, err := scsi.DecodeErrorCounters(l)
			return nilled(v == nil, v), err
		}},
		"temp": {logPage(0x0D, 0, param(0, 0, 38)), func(l *scsi.LogPage) (any, error) {
			v, err := scsi.DecodeTemperature(l)
			return nilled(v == nil, v), err
		}},
		"startstop": {startStopPage(), func(l *scsi.LogPage) (any, error) { v, err := scsi.DecodeStartStop(l); return nilled(v == nil, v), err }},
		"selftest":  {selfTestsPage(), func(l *scsi.LogPage) (any, error) { v, err := scsi.DecodeSelfTests(l); return nilled(v == nil, v), err }},
		"scan": {scanPage(), func(l *scsi.LogPage) (any, error) {
			v, err := scsi.DecodeBackgroundScan(l)
			return nilled(v == nil, v), err
		}},
		"exceptions": {logPage(0x2F, 0, param(0, 0, 0, 38)), func(l *scsi.LogPage) (any, error) {
			v, err := scsi.DecodeExceptions(l)
			return nilled(v == nil, v), err
		}},
		"port": {portPage(), func(l *scsi.LogPage) (any, error) { v, err := scsi.DecodeSASPhys(l); return nilled(v == nil, v), err }},
		"statistics": {logPage(0x19, 0, param(1, make([]byte, 64)...)), func(l *scsi.LogPage) (any, error) {
			v, err := scsi.DecodeStatistics(l)
			return nilled(v == nil, v), err
		}},
	}
}

func nilled(is bool, v any) any {
	if is {
		return nil
	}
	return v
}

// Every decoder refuses every other one's page, and survives a cut of its own.
func TestLogDecodersKeepApart(t *testing.T) {
	t.Parallel()
	all := logDecoders()
	for name, d := range all {
		for other, o := range all {
			v, err := d.decode(mustLog(t, o.page))
			if name == other {
				if err != nil || v == nil {
					t.Errorf("%s: %v %v", name, v, err)
				}
			} else if !errors.Is(err, inventory.ErrMalformed) || v != nil {
				t.Errorf("%s took the page of %s: %v %v", name, other, v, err)
			}
		}
		for n := 4; n < len(d.page); n++ {
			if v, err := d.decode(mustLog(t, d.page[:n])); (v == nil) != (err != nil) {
				t.Errorf("%s, %d bytes: %v %v", name, n, v, err)
			}
		}
	}
	for _, decode := range []func(*scsi.LogPage) error{
		func(l *scsi.LogPage) error { _, err := scsi.DecodeNonMediumErrors(l); return err },
		func(l *scsi.LogPage) error { _, err := scsi.DecodeSolidState(l); return err },
	} {
		if err := decode(mustLog(t, logPage(0x3E, 0))); !errors.Is(err, inventory.ErrMalformed) {
			t.Error(err)
		}
	}
}

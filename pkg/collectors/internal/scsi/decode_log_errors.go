package scsi

import (
	"fmt"

	"example.com/bee/pkg/inventory"
)

// ErrorCounters are the parameters of the write, read and verify error counter
// pages (SPC-5 7.3.8); nil where the device keeps no such counter.
type ErrorCounters struct {
	CorrectedFast    *uint64 // without substantial delay
	CorrectedDelayed *uint64
	Retries          *uint64 // rewrites or rereads
	TotalCorrected   *uint64
	Invocations      *uint64 // times the correction algorithm ran
	BytesProcessed   *uint64
	Uncorrected      *uint64
}

// DecodeErrorCounters decodes log pages 02h, 03h and 05h.
func DecodeErrorCounters(l *LogPage) (*ErrorCounters, error) {
	switch {
	case l.Subpage != 0, l.Page != LogWriteErrors && l.Page != LogReadErrors && l.Page != LogVerifyErrors:
		return nil, fmt.Errorf("error counters: %w: got page %02xh/%02xh", inventory.ErrMalformed, l.Page, l.Subpage)
	}
	c := &ErrorCounters{}
	fields := [...]**uint64{&c.CorrectedFast, &c.CorrectedDelayed, &c.Retries, &c.TotalCorrected, &c.Invocations, &c.BytesProcessed, &c.Uncorrected}
	for p := range l.Parameters() {
		if int(p.Code) < len(fields) {
			*fields[p.Code] = counter(p)
		}
	}
	return c, nil
}

// counter reads a parameter that is a number.
func counter(p LogParameter) *uint64 {
	if v, ok := Number(p.Value); ok {
		return &v
	}
	return nil
}

// DecodeNonMediumErrors decodes log page 06h: errors that are not of the
// medium; nil when the device does not say.
func DecodeNonMediumErrors(l *LogPage) (*uint64, error) {
	if err := l.is(LogNonMedium, 0); err != nil {
		return nil, err
	}
	for p := range l.Parameters() {
		if p.Code == 0 {
			return counter(p), nil
		}
	}
	return nil, nil
}

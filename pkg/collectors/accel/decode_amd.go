package accel

import (
	"strconv"
	"strings"
)

// levels are the clocks a domain can have and the one it has.
type levels struct {
	most    int
	current *int
}

// maxMHz is above any clock.
const maxMHz = 1 << 20

// decodeLevels reads pp_dpm_sclk and its like (drivers/gpu/drm/amd/pm of
// Linux): "0: 300Mhz", "1: 1200Mhz *"; S stands for deep sleep. ok is false
// where no line is one.
func decodeLevels(text []byte) (l levels, ok bool) {
	for line := range strings.Lines(string(text)) {
		_, rest, found := strings.Cut(line, ":")
		rest, current := strings.CutSuffix(strings.TrimSpace(rest), "*")
		number, isMHz := strings.CutSuffix(strings.ToLower(strings.TrimSpace(rest)), "mhz")
		n, err := strconv.ParseUint(number, 10, 31)
		if !found || !isMHz || err != nil || n > maxMHz {
			continue
		}
		ok = true
		l.most = max(l.most, int(n))
		if current {
			l.current = new(int(n))
		}
	}
	return l, ok
}

// errorCount are the errors of one block.
type errorCount struct{ corrected, uncorrected *uint64 }

// decodeErrorCount reads a block's counters: "ue: 0", "ce: 3" (and "de: 0",
// deferred, of newer parts). ok is false where neither of the first two is
// there.
func decodeErrorCount(text []byte) (c errorCount, ok bool) {
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 63)
		if err != nil {
			continue
		}
		switch strings.TrimSpace(key) {
		case "ue":
			c.uncorrected = &n
		case "ce":
			c.corrected = &n
		}
	}
	return c, c.corrected != nil || c.uncorrected != nil
}

// badPages counts memory pages out of use.
type badPages struct{ retired, pending int }

// decodeBadPages reads gpu_vram_bad_pages: "0x00000001 : 0x00001000 : R", page
// frame, size and flag: R reserved, P pending, F could not be reserved. An
// empty list is ok.
func decodeBadPages(text []byte) (p badPages, ok bool) {
	for line := range strings.Lines(string(text)) {
		line = strings.Trim(line, " \t\r\n\x00")
		if line == "" {
			continue
		}
		words := strings.Split(line, ":")
		if len(words) != 3 {
			return badPages{}, false
		}
		switch strings.TrimSpace(words[2]) {
		case "R":
			p.retired++
		case "P", "F":
			p.retired++
			p.pending++
		default:
			return badPages{}, false
		}
	}
	return p, true
}

package network

import (
	"regexp"
	"testing"
)

// FuzzNames holds the readers of names against their grammars.
func FuzzNames(f *testing.F) {
	for _, s := range []string{
		"", "c", "pf", "pf0", "c1pf0", "pf0vf3", "c1pf0sf88", "pf0vf", "pf0xf1", "c1", "p0", "vf0", "pf0vf3x",
		"1-4:1.0", "1-4.2.3:1.0", "1-:1.0", "1-4.:1.0", "usb1", "1-4", "1-4:1", "1-4:1.0.1",
		"mlx5_core.sf.4", ".sf.1", "sf.1", "a.sf.", "a.sf.1x", "a.sf.b.sf.2",
	} {
		f.Add(s)
	}
	representor := regexp.MustCompile(`^(c\d+)?pf\d+((vf|sf)\d+)?$`)
	usb := regexp.MustCompile(`^\d+-\d+(\.\d+)*:\d+\.\d+$`)
	sub := regexp.MustCompile(`\.sf\.\d+$`)
	f.Fuzz(func(t *testing.T, s string) {
		if got := isRepresentor(s); got != representor.MatchString(s) {
			t.Errorf("representor %q: %v", s, got)
		}
		if got := isUSBInterface(s); got != usb.MatchString(s) {
			t.Errorf("USB interface %q: %v", s, got)
		}
		if got := isSubfunction(s); got != sub.MatchString(s) {
			t.Errorf("subfunction %q: %v", s, got)
		}
	})
}

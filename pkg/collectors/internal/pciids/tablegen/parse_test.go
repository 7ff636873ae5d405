package tablegen_test

import (
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/pciids/tablegen"
)

const head = "#\tVersion: 1\n"

func TestParseNamesTheBadLine(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"device before a vendor":    "\t0001  x\n",
		"subsystem below a vendor":  "e001  x\n\t\te001 0001  x\n",
		"three tabs":                "e001  x\n\t0001  x\n\t\te001 0001  x\n\t\t\t00  x\n",
		"no name":                   "e001  \n",
		"one blank":                 "e001 x\n",
		"short id":                  "e01  x\n",
		"no hex":                    "e00g  x\n",
		"one id of a subsystem":     "e001  x\n\t0001  x\n\t\te001  x\n",
		"class of four digits":      "C 0001  x\n",
		"vendor twice":              "e001  x\ne001  y\n",
		"sub-class twice":           "C 01  x\n\t00  y\n\t00  z\n",
		"a line longer than memory": strings.Repeat("x", 1<<17),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := tablegen.Parse(strings.NewReader(head + text)); err == nil || !strings.Contains(err.Error(), "line") {
				t.Errorf("error %v names no line", err)
			}
		})
	}
	if _, err := tablegen.Parse(strings.NewReader("e001  x\n")); err == nil {
		t.Error("a list without version was taken")
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*tablegen.List{
		"device without vendor":    {Devices: map[uint32]string{1: "x"}},
		"subsystem without device": {Vendors: map[uint16]string{0: "x"}, Subsystems: map[uint64]string{1: "x"}},
		"empty name":               {Vendors: map[uint16]string{1: ""}},
		"long name":                {Vendors: map[uint16]string{1: strings.Repeat("x", 256)}},
	} {
		if _, err := tablegen.Encode(l); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

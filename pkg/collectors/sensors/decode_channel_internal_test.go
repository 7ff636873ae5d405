package sensors

import (
	"strings"
	"testing"
)

func FuzzChannels(f *testing.F) {
	f.Add("temp1_input temp1_label fan2_min in0_input power1_average intrusion0_alarm pwm1", "12345")
	f.Add("temp_input temp99999999999_input in_input", "-128000")
	f.Fuzz(func(t *testing.T, names, text string) {
		for _, c := range decodeChannels(strings.Fields(names)) {
			if c.name == "" || c.kind.perUnit == 0 || len(c.suffixes) == 0 {
				t.Errorf("%+v", c)
			}
		}
		for _, k := range kinds() {
			if v, ok := decodeValue(k, text); !ok && v != 0 {
				t.Error("a value that is none")
			}
		}
	})
}

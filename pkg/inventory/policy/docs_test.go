package policy_test

import (
	"os"
	"strings"
	"testing"

	"example.com/bee/pkg/inventory/policy"
)

// TestDocs: the policies in the documentation are policies.
func TestDocs(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, block := range strings.Split(string(data), "```yaml\n")[1:] {
		text, _, ok := strings.Cut(block, "```")
		if !ok {
			t.Fatal("a block without an end")
		}
		n++
		parse(t, text)
	}
	if n == 0 {
		t.Error("no policy")
	}
}

// TestVersions are the documented rules of at_least.
func TestVersions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		found, atLeast string
		want           policy.Status
	}{
		{"2.10", "2.9", policy.Pass},
		{"2.9", "2.10", policy.Fail},
		{"1.01", "1.1", policy.Pass},
		{"1.1", "1.01", policy.Pass},
		{"2.4", "2.4.0", policy.Pass},
		{"2.4.0", "2.4", policy.Pass},
		{"V2.4", "2.4", policy.Pass},
		{"2.4a", "2.4", policy.Pass},
		{"2.4", "2.4a", policy.Fail},
		{"GXA7402Q", "GXA7401Q", policy.Pass},
		{"GXA7302Q", "GXA7401Q", policy.Fail},
		{"EDA7602Q", "GXA7401Q", policy.Unknown},
		{"0x2b000461", "0x2b0003ff", policy.Pass},
		{"0xff", "0x100", policy.Fail},
	} {
		r := storageServer()
		r.BMC.Firmware = test.found
		v := check(t, parse(t, rules("- {parts: bmc, each: {firmware: {at_least: '"+test.atLeast+"'}}}")), r)
		if v.Status != test.want {
			t.Errorf("%s at least %s: %s", test.found, test.atLeast, v.Status)
		}
	}
}

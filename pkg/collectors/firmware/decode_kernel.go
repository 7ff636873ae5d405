package firmware

import (
	"fmt"
	"strings"
)

// taintNames names the flags of the kernel's taint mask, in bit order (kernel:
// Documentation/admin-guide/tainted-kernels.rst).
func taintNames(mask uint64) []string {
	known := []string{
		"proprietary_module", "forced_load", "cpu_out_of_spec", "forced_unload", "machine_check", "bad_page", "user_request", "died",
		"acpi_table_overridden", "warned", "staging_driver", "firmware_workaround", "out_of_tree_module", "unsigned_module", "soft_lockup",
		"live_patch", "auxiliary", "struct_randomization", "test", "fwctl",
	}
	names := []string{}
	for bit := range 64 {
		switch {
		case mask>>bit&1 == 0:
		case bit < len(known):
			names = append(names, known[bit])
		default:
			names = append(names, fmt.Sprintf("unknown_0x%02x", bit))
		}
	}
	return names
}

// decodeLockdown finds the mode in brackets: "none [integrity]
// confidentiality"; "" where there is none.
func decodeLockdown(text string) string {
	for word := range strings.FieldsSeq(text) {
		mode, ok := strings.CutPrefix(word, "[")
		if mode, closed := strings.CutSuffix(mode, "]"); ok && closed {
			switch mode {
			case "none", "integrity", "confidentiality":
				return mode
			}
		}
	}
	return ""
}

package nvidia

import (
	"bytes"
	"strconv"
	"strings"
)

// Information is what the kernel driver says of a GPU without being asked for
// more: /proc/driver/nvidia/gpus/ADDRESS/information (nv-procfs.c).
type Information struct {
	Model    string // name
	UUID     string // "" until the GPU has been set up
	VBIOS    string
	Firmware string // of the GPU's system processor
	Minor    *int   // N in /dev/nvidiaN
	Excluded *bool  // left out by a module parameter
}

// DecodeInformation reads the "Key: value" lines of an information file.
// Unknown keys and values that say nothing are left out; ok is false when the
// text has no line of that form at all.
func DecodeInformation(b []byte) (in Information, ok bool) {
	for line := range bytes.Lines(b) {
		key, value, found := strings.Cut(string(line), ":")
		if !found {
			continue
		}
		ok = true
		number := strings.TrimSpace(value)
		value = clean(value)
		switch strings.TrimSpace(key) {
		case "Model":
			in.Model = value
		case "GPU UUID":
			in.UUID = cleanUUID(value)
		case "Video BIOS":
			if strings.Trim(value, "?.") != "" {
				in.VBIOS = value
			}
		case "GPU Firmware":
			in.Firmware = value
		case "Device Minor":
			if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < 1<<20 {
				in.Minor = &n
			}
		case "GPU Excluded":
			switch value {
			case "Yes":
				in.Excluded = new(true)
			case "No":
				in.Excluded = new(false)
			}
		}
	}
	return in, ok
}

// DecodeDriverVersion finds the version in /proc/driver/nvidia/version, whose
// first line is "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.54.03 …"
// or "… NVIDIA UNIX Open Kernel Module for x86_64  550.54.15 …". ok is false
// when there is none.
func DecodeDriverVersion(b []byte) (version string, ok bool) {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	_, rest, found := strings.Cut(string(line), "Kernel Module")
	if !found {
		return "", false
	}
	for word := range strings.FieldsSeq(rest) {
		if strings.Trim(word, "0123456789.") == "" && strings.Count(word, ".") >= 1 && len(word) < 32 {
			return word, true
		}
	}
	return "", false
}

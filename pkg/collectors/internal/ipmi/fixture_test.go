package ipmi_test

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/ipmi/ipmitest"
)

// fixtures lists the captured controllers, by the folder that BEE_FIXTURES
// names. Without it the test is skipped.
func fixtures(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("BEE_FIXTURES")
	if root == "" {
		t.Skip("BEE_FIXTURES is not set")
	}
	dirs, err := filepath.Glob(filepath.Join(root, "ipmi", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no ipmi fixtures below %s: %v", root, err)
	}
	return dirs
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lines(b []byte) []string {
	var all []string
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}

// splitRecords cuts a dump of records at their lengths.
func splitRecords(t *testing.T, b []byte) [][]byte {
	t.Helper()
	var all [][]byte
	for len(b) > 0 {
		if len(b) < 5 || len(b) < 5+int(b[4]) {
			t.Fatalf("dump ends inside a record: % x", b)
		}
		n := 5 + int(b[4])
		all = append(all, b[:n])
		b = b[n:]
	}
	return all
}

// loadEmulation builds a scripted controller from an emulator's command file:
// the subset of commands that the fixtures use.
func loadEmulation(t *testing.T, path string) *ipmitest.BMC {
	t.Helper()
	b := &ipmitest.BMC{FRUs: map[uint8][]byte{}, Sensors: map[ipmitest.SensorKey]ipmitest.Sensor{}}
	text := strings.ReplaceAll(string(readFile(t, path)), "\\\n", " ")
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 3 || strings.HasPrefix(f[0], "#") {
			continue
		}
		mc := number(t, f[1])
		switch f[0] {
		case "main_sdr_add":
			b.SDR = append(b.SDR, octets(t, f[2:]))
		case "mc_add_fru_data":
			b.FRUs[number(t, f[2])] = octets(t, f[5:])
		case "mc_add":
			if mc == 0x20 {
				b.DeviceID = emulatedID(t, f)
			}
		default:
			if strings.HasPrefix(f[0], "sensor_") && len(f) > 4 {
				k := ipmitest.SensorKey{Addr: mc, LUN: number(t, f[2]), Number: number(t, f[3])}
				b.Sensors[k] = emulatedSensor(t, b.Sensors[k], f)
			}
		}
	}
	return b
}

// emulatedID builds the answer to Get Device ID from
// mc_add ADDR ID no-device-sdrs REVISION MAJOR MINOR SUPPORT MAKER PRODUCT.
func emulatedID(t *testing.T, f []string) []byte {
	t.Helper()
	maker, product := wide(t, f[8]), wide(t, f[9])
	return []byte{
		number(t, f[2]), number(t, f[4]), number(t, f[5]), number(t, f[6]), 0x02, number(t, f[7]),
		byte(maker), byte(maker >> 8), byte(maker >> 16), byte(product), byte(product >> 8), 0, 0, 0, 0,
	}
}

func emulatedSensor(t *testing.T, s ipmitest.Sensor, f []string) ipmitest.Sensor {
	t.Helper()
	switch f[0] {
	case "sensor_add":
		s.Flags = 0xC0
	case "sensor_set_value":
		s.Raw = number(t, f[4])
	case "sensor_set_bit":
		bit := uint16(1) << number(t, f[4])
		s.States &^= bit
		if f[5] == "1" {
			s.States |= bit
		}
	case "sensor_set_event_support":
		if f[5] != "scanning" {
			s.Flags &^= 0x40
		}
	case "sensor_set_threshold":
		if f[4] == "none" { // the emulator refuses to give them
			return s
		}
		mask, err := strconv.ParseUint(f[5], 2, 8)
		if err != nil {
			t.Fatal(err)
		}
		s.Thresholds = []byte{byte(mask)}
		for i := range 6 { // written from upper non-recoverable down
			s.Thresholds = append(s.Thresholds, number(t, f[6+5-i]))
		}
	}
	return s
}

func octets(t *testing.T, f []string) []byte {
	t.Helper()
	b := make([]byte, len(f))
	for i, s := range f {
		b[i] = number(t, s)
	}
	return b
}

func number(t *testing.T, s string) uint8 {
	t.Helper()
	return uint8(wide(t, s))
}

func wide(t *testing.T, s string) uint32 {
	t.Helper()
	v, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(v)
}

// said is the text another tool printed, or "" where it is only filling:
// bee says nothing there.
func said(s string) string {
	s = strings.TrimSpace(s)
	if strings.Trim(s, "._- ") == "" || s == "Field not present" || len(s) >= 6 && strings.Trim(s, "0") == "" {
		return ""
	}
	return s
}

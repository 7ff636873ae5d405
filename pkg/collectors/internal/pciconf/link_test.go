package pciconf_test

import (
	"testing"

	"example.com/bee/pkg/collectors/internal/pciconf"
)

func TestSpeedGTs(t *testing.T) {
	t.Parallel()
	for code, want := range []float64{0, 2.5, 5, 8, 16, 32, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0} {
		if got, ok := pciconf.SpeedGTs(uint8(code)); got != want || ok != (want != 0) {
			t.Errorf("code %d: %v, %v", code, got, ok)
		}
	}
}

func TestParseSpeed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"2.5 GT/s PCIe\n": 2.5, "5.0 GT/s PCIe\n": 5, "8.0 GT/s PCIe": 8, "16.0 GT/s PCIe": 16,
		"32.0 GT/s PCIe": 32, "64.0 GT/s PCIe": 64, "8 GT/s\n": 8,
		"Unknown\n": 0, "Unknown speed\n": 0, "": 0, "GT/s": 0, "3.5 GT/s PCIe": 0, "8.0": 0, "NaN GT/s": 0, "8.0 GT/sec": 0,
	} {
		if got, ok := pciconf.ParseSpeed(text); got != want || ok != (want != 0) {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
}

func TestParseWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"1\n": 1, "2\n": 2, "4\n": 4, "8\n": 8, "12": 12, "16": 16, "32": 32,
		"0\n": 0, "255\n": 0, "63": 0, "-1": 0, "257": 0, "x4": 0, "": 0,
	} {
		if got, ok := pciconf.ParseWidth(text); got != want || ok != (want != 0) {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
}

func TestSlotPower(t *testing.T) {
	t.Parallel()
	for caps, want := range map[uint32]float64{
		75 << 7: 75, 250<<7 | 1<<15: 25, 100<<7 | 2<<15: 1, 250<<7 | 3<<15: 0.25,
		0xEF << 7: 239, 0xF0 << 7: 250, 0xF1 << 7: 275, 0xFE << 7: 600, 0xFF << 7: 0, 0xFF<<7 | 1<<15: 25.5,
	} {
		c, err := pciconf.Decode(rootPort().set32(0x64, caps))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Express.Slot.PowerLimitWatts; orZero(got) != want || (got == nil) != (want == 0) {
			t.Errorf("%x: %v, want %v", caps, orZero(got), want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for id, want := range map[uint8]string{
		0x01: "power_management", 0x03: "vpd", 0x05: "msi", 0x09: "vendor_specific", 0x0D: "subsystem_id",
		0x10: "pci_express", 0x11: "msi_x", 0x13: "advanced_features", 0x15: "flattening_portal_bridge", 0x16: "unknown_0x16",
	} {
		if got := pciconf.CapabilityName(id); got != want {
			t.Errorf("%02xh: %s, want %s", id, got, want)
		}
	}
	for id, want := range map[uint16]string{
		0x01: "advanced_error_reporting", 0x03: "device_serial_number", 0x0D: "access_control_services", 0x10: "sr_iov",
		0x15: "resizable_bar", 0x19: "secondary_pci_express", 0x1E: "l1_pm_substates", 0x1F: "precision_time_measurement",
		0x23: "designated_vendor_specific", 0x26: "physical_layer_16gt", 0x2A: "physical_layer_32gt",
		0x2E: "data_object_exchange", 0x31: "physical_layer_64gt", 0x36: "mmio_register_block_locator", 0x37: "unknown_0x0037",
	} {
		if got := pciconf.ExtendedCapabilityName(id); got != want {
			t.Errorf("%04xh: %s, want %s", id, got, want)
		}
	}
	for bit, want := range map[uint8]string{0: "Undefined", 4: "DLP", 12: "TLP", 18: "MalfTLP", 21: "ACSViol", 26: "PoisonTLPBlocked", 1: "unknown_0x01"} {
		if got := pciconf.UncorrectableError(bit); got != want {
			t.Errorf("uncorrectable %d: %s, want %s", bit, got, want)
		}
	}
	for bit, want := range map[uint8]string{0: "RxErr", 6: "BadTLP", 12: "Timeout", 15: "HeaderOF", 31: "unknown_0x1f"} {
		if got := pciconf.CorrectableError(bit); got != want {
			t.Errorf("correctable %d: %s, want %s", bit, got, want)
		}
	}
}

package smbios_test

import (
	"testing"

	st "example.com/bee/pkg/collectors/internal/smbios/smbiostest"
)

func TestTPMDevice(t *testing.T) {
	t.Parallel()
	d := decode(t, st.TPMDevice("IFX", 2, 0, 0x00070055, 0x0011CB00, "Infineon TPM")).TPMDevices()[0]
	first, second, ok := d.FirmwareVersion()
	if d.VendorID() != "IFX" || d.SpecificationVersion() != "2.0" || first != 0x00070055 || second != 0x0011CB00 || !ok || d.Description() != "Infineon TPM" {
		t.Errorf("%q %q %x %x %v %q", d.VendorID(), d.SpecificationVersion(), first, second, ok, d.Description())
	}
	short := decode(t, st.TPMDevice("IFX", 2, 0, 1, 0, "x").Cut(0x0A)).TPMDevices()[0]
	if _, _, ok := short.FirmwareVersion(); ok || short.SpecificationVersion() != "2.0" || short.Description() != "" {
		t.Errorf("short: %+v", short)
	}
	none := decode(t, st.TPMDevice("\x01\xFF  ", 0xFF, 0xFF, 0xFFFFFFFF, 0, "Not Specified")).TPMDevices()[0]
	if _, _, ok := none.FirmwareVersion(); ok || none.VendorID() != "" || none.SpecificationVersion() != "" || none.Description() != "" {
		t.Errorf("none: %q %q %q", none.VendorID(), none.SpecificationVersion(), none.Description())
	}
}

package samples

import "example.com/bee/pkg/inventory"

// serverKernel is what the kernel itself reads: sensors, trust, firmware, CXL
// memory, the module in a port.
func serverKernel(r *inventory.Report) {
	r.Sensors = []inventory.HostSensor{
		{Meta: meta("sensor:coretemp-0/temp1", "hwmon"), Name: "Package id 0", Chip: "coretemp", Channel: "temp1", Type: "temperature", Value: new(47.0), Unit: "degrees_c", Thresholds: map[string]float64{"upper_critical": 95}, Health: inventory.HealthOK, PackageID: new(0)},
		{Meta: meta("sensor:nct6775/fan1", "hwmon"), Name: "fan1", Chip: "nct6775", Channel: "fan1", Type: "fan", Value: new(5400.0), Unit: "rpm", Health: inventory.HealthOK},
	}
	r.Trust = &inventory.Trust{
		Meta: meta("trust", "sysfs"), SecureBoot: new(false), SetupMode: new(false), Lockdown: "none", KernelTaint: []string{"out_of_tree_module"}, KernelTaintMask: new(uint64(4096)),
		TPMs: []inventory.TPM{{Meta: meta("tpm:0", "sysfs"), Device: "tpm0", Version: "2.0", Revision: "1.38", ManufacturerID: "IFX", Manufacturer: "Infineon", Model: "SLB9672", Firmware: "15.20.15686.0", PCRBanks: []string{"sha256"}, LockedOut: new(false)}},
	}
	r.Firmware = []inventory.FirmwareResource{{Meta: meta("firmware:0", "esrt"), GUID: "00000000-bee0-4000-8000-000000000001", Type: "system_firmware", Version: new(uint32(0x1040b)), LowestVersion: new(uint32(0x10400)), LastAttemptVersion: new(uint32(0x1040b)), LastAttemptStatus: "success"}}
	r.CXLDevices = []inventory.CXLDevice{{Meta: meta("cxl:mem0", "sysfs"), Device: "mem0", PCIAddress: "0000:5e:00.0", SerialNumber: "00000000bee00001", Firmware: "1.0.2", VolatileBytes: gib(128), PersistentBytes: new(uint64(0)), SecurityState: "disabled", NUMANode: new(2)}}
	n := &r.Network[0]
	n.MaxSpeedMbps = new(uint32(25000))
	n.Counters = &inventory.NICCounters{RxErrors: new(uint64(3)), TxErrors: new(uint64(0)), RxCRCErrors: new(uint64(3))}
	n.Module = &inventory.NICModule{Type: "sfp", Vendor: "Example Optics", PartNumber: "EO-25G-SR", SerialNumber: "EO00042", TempCelsius: new(33.5)}
}

package smbios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/bee/pkg/collectors/internal/smbios"
)

// pairs joins views with their records: as many of both, with equal handles.
func pairs[V interface{ Handle() uint16 }](t *testing.T, m machine, typ int, views []V, check func(V, record)) {
	t.Helper()
	want := m.record[typ]
	if len(views) != len(want) {
		t.Fatalf("%s: %d structures of type %d, want %d", m.name, len(views), typ, len(want))
	}
	for i, v := range views {
		if v.Handle() != want[i].handle {
			t.Errorf("%s type %d: handle %#04x, want %#04x", m.name, typ, v.Handle(), want[i].handle)
		}
		if len(want[i].keys) > 0 { // Else too short for the other tool.
			check(v, want[i])
		}
	}
}

func TestMachinesSystem(t *testing.T) {
	t.Parallel()
	for _, m := range machines(t) {
		pairs(t, m, 0, m.table.BIOSes(), func(v smbios.BIOS, r record) {
			sameText(t, m.name, r, "Vendor", v.Vendor())
			sameText(t, m.name, r, "Version", v.FirmwareVersion())
			sameText(t, m.name, r, "Release Date", v.ReleaseDate())
			sameValue(t, m.name, r, "BIOS Revision", v.Release())
			sameValue(t, m.name, r, "Firmware Revision", v.ControllerRelease())
			n, ok := v.ROMSizeBytes()
			sameSize(t, m.name, r, "ROM Size", n, ok)
			uefi, _ := v.UEFI()
			if uefi != slices.Contains(r.lists["Characteristics"], "UEFI is supported") {
				t.Errorf("%s: UEFI %v", m.name, uefi)
			}
		})
		pairs(t, m, 1, m.table.Systems(), func(v smbios.System, r record) {
			sameText(t, m.name, r, "Manufacturer", v.Manufacturer())
			sameText(t, m.name, r, "Product Name", v.ProductName())
			sameText(t, m.name, r, "Version", v.ProductVersion())
			sameText(t, m.name, r, "Serial Number", v.SerialNumber())
			sameText(t, m.name, r, "SKU Number", v.SKUNumber())
			sameText(t, m.name, r, "Family", v.Family())
			want := r.keys["UUID"]
			if strings.HasPrefix(want, "Not ") {
				want = ""
			}
			if got := v.UUID(); got.Value != want {
				t.Errorf("%s: UUID %q, want %q", m.name, got.Value, want)
			}
			if want := strings.ReplaceAll(r.keys["Wake-up Type"], "#", ""); want != "Reserved" {
				r.keys["Wake-up Type"] = want
				sameEnum(t, m.name, r, "Wake-up Type", v.WakeUpType())
			}
		})
		pairs(t, m, 2, m.table.Baseboards(), func(v smbios.Baseboard, r record) {
			sameText(t, m.name, r, "Manufacturer", v.Manufacturer())
			sameText(t, m.name, r, "Product Name", v.ProductName())
			sameText(t, m.name, r, "Version", v.ProductVersion())
			sameText(t, m.name, r, "Serial Number", v.SerialNumber())
			sameText(t, m.name, r, "Asset Tag", v.AssetTag())
			sameText(t, m.name, r, "Location In Chassis", v.LocationInChassis())
			sameEnum(t, m.name, r, "Type", v.BoardType())
			h, ok := v.ChassisHandle()
			sameHandle(t, m.name, r, "Chassis Handle", h, ok)
		})
		pairs(t, m, 3, m.table.Chassis(), func(v smbios.Chassis, r record) {
			sameText(t, m.name, r, "Manufacturer", v.Manufacturer())
			sameText(t, m.name, r, "Version", v.ProductVersion())
			sameText(t, m.name, r, "Serial Number", v.SerialNumber())
			sameText(t, m.name, r, "Asset Tag", v.AssetTag())
			sameText(t, m.name, r, "SKU Number", v.SKUNumber())
			sameEnum(t, m.name, r, "Type", v.ChassisType())
			sameEnum(t, m.name, r, "Boot-up State", v.BootUpState())
			sameEnum(t, m.name, r, "Power Supply State", v.PowerSupplyState())
			sameEnum(t, m.name, r, "Thermal State", v.ThermalState())
			sameEnum(t, m.name, r, "Security Status", v.SecurityStatus())
			if _, ok := r.keys["Height"]; ok {
				n, ok := v.HeightU()
				sameValue(t, m.name, r, "Height", number(n, ok, "U", "Unspecified"))
				n, ok = v.PowerCords()
				sameValue(t, m.name, r, "Number Of Power Cords", number(n, ok, "", "Unspecified"))
			}
			if want, has := r.keys["Contained Elements"]; has {
				list, ok := v.Contained()
				if !ok || fmt.Sprint(len(list)) != want {
					t.Errorf("%s: %d contained elements, want %s", m.name, len(list), want)
				}
			}
		})
	}
}

// sameHandle compares a reference to another structure.
func sameHandle(t *testing.T, where string, r record, key string, h uint16, ok bool) {
	t.Helper()
	want := r.keys[key]
	switch want {
	case "Not Provided", "No Error", "No L1 Cache", "No L2 Cache", "No L3 Cache", "0xFFFF":
		want = ""
	}
	got := ""
	if ok {
		got = fmt.Sprintf("0x%04X", h)
	}
	if got != want {
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, got, want)
	}
}

func TestMachinesProcessors(t *testing.T) {
	t.Parallel()
	for _, m := range machines(t) {
		pairs(t, m, 4, m.table.Processors(), func(v smbios.Processor, r record) {
			sameText(t, m.name, r, "Socket Designation", v.Socket())
			sameText(t, m.name, r, "Manufacturer", v.Manufacturer())
			sameText(t, m.name, r, "Version", v.Model())
			sameText(t, m.name, r, "Serial Number", v.SerialNumber())
			sameText(t, m.name, r, "Asset Tag", v.AssetTag())
			sameText(t, m.name, r, "Part Number", v.PartNumber())
			sameEnum(t, m.name, r, "Type", v.ProcessorType())
			sameEnum(t, m.name, r, "Family", v.Family())
			sameEnum(t, m.name, r, "Upgrade", v.Upgrade())
			n, ok := v.ExternalClockMHz()
			sameValue(t, m.name, r, "External Clock", number(n, ok, "MHz", "Unknown"))
			n, ok = v.MaxSpeedMHz()
			sameValue(t, m.name, r, "Max Speed", number(n, ok, "MHz", "Unknown"))
			n, ok = v.CurrentSpeedMHz()
			sameValue(t, m.name, r, "Current Speed", number(n, ok, "MHz", "Unknown"))
			n, ok = v.Cores()
			sameValue(t, m.name, r, "Core Count", number(n, ok, "", ""))
			n, ok = v.CoresEnabled()
			sameValue(t, m.name, r, "Core Enabled", number(n, ok, "", ""))
			n, ok = v.Threads()
			sameValue(t, m.name, r, "Thread Count", number(n, ok, "", ""))
			if mv, ok := v.VoltageMillivolts(); ok {
				sameValue(t, m.name, r, "Voltage", fmt.Sprintf("%d.%d V", mv/1000, mv/100%10))
			}
			if id, ok := v.ID(); ok {
				sameValue(t, m.name, r, "ID", fmt.Sprintf("% X", id[:]))
			}
			status := "Unpopulated"
			if populated, _ := v.Populated(); populated {
				status, _ = strings.CutPrefix(r.keys["Status"], "Populated, ")
				r.keys["Status"] = status
				sameEnum(t, m.name, r, "Status", v.Status())
			} else {
				sameValue(t, m.name, r, "Status", status)
			}
			var want []uint16
			for _, level := range []string{"L1", "L2", "L3"} {
				var h uint16
				if _, err := fmt.Sscanf(r.keys[level+" Cache Handle"], "0x%X", &h); err == nil {
					want = append(want, h)
				}
			}
			if got := v.CacheHandles(); !slices.Equal(got, want) {
				t.Errorf("%s: caches %x, want %x", m.name, got, want)
			}
			list, _ := v.Characteristics()
			sameList(t, m.name, r, "Characteristics", list)
		})
		pairs(t, m, 7, m.table.Caches(), func(v smbios.Cache, r record) {
			sameText(t, m.name, r, "Socket Designation", v.Designation())
			level, _ := v.Level()
			enabled, _ := v.Enabled()
			socketed, _ := v.Socketed()
			configuration := map[bool]string{true: "Enabled", false: "Disabled"}[enabled] + ", " +
				map[bool]string{true: "Socketed", false: "Not Socketed"}[socketed] + fmt.Sprintf(", Level %d", level)
			sameValue(t, m.name, r, "Configuration", configuration)
			sameEnum(t, m.name, r, "Operational Mode", v.Mode())
			sameEnum(t, m.name, r, "Location", v.Location())
			sameEnum(t, m.name, r, "Error Correction Type", v.ErrorCorrection())
			sameEnum(t, m.name, r, "System Type", v.CacheType())
			sameEnum(t, m.name, r, "Associativity", v.Associativity())
			// The other tool takes the double word also where the firmware left
			// it zero and filled in the word.
			n, ok := v.InstalledSizeBytes()
			if r.keys["Installed Size"] != "0 kB" || v.Length() < 0x1B {
				sameSize(t, m.name, r, "Installed Size", n, ok)
			}
			n, ok = v.MaxSizeBytes()
			if r.keys["Maximum Size"] != "0 kB" || v.Length() < 0x17 {
				sameSize(t, m.name, r, "Maximum Size", n, ok)
			}
			list, _ := v.SupportedSRAM()
			sameList(t, m.name, r, "Supported SRAM Types", list)
			list, _ = v.InstalledSRAM()
			sameWords(t, m.name, r, "Installed SRAM Type", list)
			if _, has := r.keys["Speed"]; has {
				ns, ok := v.SpeedNanoseconds()
				sameValue(t, m.name, r, "Speed", number(ns, ok, "ns", "Unknown"))
			}
			if w, ok := v.Ways(); ok && w > 1 && !strings.HasPrefix(r.keys["Associativity"], fmt.Sprintf("%d-way", w)) {
				t.Errorf("%s: %d ways, want %s", m.name, w, r.keys["Associativity"])
			}
		})
	}
}

// sameList compares named bits with list items.
func sameList(t *testing.T, where string, r record, key string, got []string) {
	t.Helper()
	want := []string{}
	for _, s := range r.lists[key] {
		want = append(want, strings.TrimSuffix(r.snake(s), "_is_supported"))
	}
	if !slices.Equal(append([]string{}, got...), want) {
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, got, want)
	}
}

// sameWords compares named bits with words in one line.
func sameWords(t *testing.T, where string, r record, key string, got []string) {
	t.Helper()
	want := r.keys[key]
	for _, strip := range []string{" (Buffered)", " (Unregistered)"} {
		want = strings.ReplaceAll(want, strip, "")
	}
	if want == "None" {
		want = ""
	}
	if s := strings.Join(got, "_"); s != r.snake(want) {
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, s, want)
	}
}

func TestMachinesMemory(t *testing.T) {
	t.Parallel()
	for _, m := range machines(t) {
		pairs(t, m, 16, m.table.MemoryArrays(), func(v smbios.MemoryArray, r record) {
			sameEnum(t, m.name, r, "Location", v.Location())
			sameEnum(t, m.name, r, "Use", v.Use())
			sameEnum(t, m.name, r, "Error Correction Type", v.ErrorCorrection())
			n, ok := v.MaxCapacityBytes()
			sameSize(t, m.name, r, "Maximum Capacity", n, ok)
			d, ok := v.Devices()
			sameValue(t, m.name, r, "Number Of Devices", number(d, ok, "", ""))
			h, ok := v.ErrorHandle()
			sameHandle(t, m.name, r, "Error Information Handle", h, ok)
		})
		pairs(t, m, 17, m.table.MemoryDevices(), func(v smbios.MemoryDevice, r record) {
			h, ok := v.ArrayHandle()
			sameHandle(t, m.name, r, "Array Handle", h, ok)
			h, ok = v.ErrorHandle()
			sameHandle(t, m.name, r, "Error Information Handle", h, ok)
			n, ok := v.TotalWidthBits()
			sameValue(t, m.name, r, "Total Width", number(n, ok, "bits", "Unknown"))
			n, ok = v.DataWidthBits()
			sameValue(t, m.name, r, "Data Width", number(n, ok, "bits", "Unknown"))
			present, ok := v.Present()
			if !ok || present == (r.keys["Size"] == "No Module Installed") {
				t.Errorf("%s: present %v, size %s", m.name, present, r.keys["Size"])
			}
			size, ok := v.SizeBytes()
			sameSize(t, m.name, r, "Size", size, ok)
			sameEnum(t, m.name, r, "Form Factor", v.FormFactor())
			sameEnum(t, m.name, r, "Type", v.MemoryType())
			list, _ := v.Detail()
			sameWords(t, m.name, r, "Type Detail", list)
			sameText(t, m.name, r, "Locator", v.Locator())
			sameText(t, m.name, r, "Bank Locator", v.BankLocator())
			sameText(t, m.name, r, "Manufacturer", v.Manufacturer())
			sameText(t, m.name, r, "Serial Number", v.SerialNumber())
			sameText(t, m.name, r, "Asset Tag", v.AssetTag())
			sameText(t, m.name, r, "Part Number", v.PartNumber())
			speed, ok := v.SpeedMTs()
			sameKnown(t, m.name, r, "Speed", number(speed, ok, "MT/s", ""))
			speed, ok = v.ConfiguredSpeedMTs()
			sameKnown(t, m.name, r, "Configured Memory Speed", number(speed, ok, "MT/s", ""))
			ranks, ok := v.Ranks()
			sameKnown(t, m.name, r, "Rank", number(ranks, ok, "", ""))
			mv, ok := v.ConfiguredMillivolts()
			sameKnown(t, m.name, r, "Configured Voltage", volts(mv, ok))
			mv, ok = v.MinimumMillivolts()
			sameKnown(t, m.name, r, "Minimum Voltage", volts(mv, ok))
			sameEnum(t, m.name, r, "Memory Technology", v.Technology())
			sameText(t, m.name, r, "Firmware Version", v.FirmwareVersion())
			id, ok := v.ModuleManufacturer()
			sameKnown(t, m.name, r, "Module Manufacturer ID", map[bool]string{true: fmt.Sprintf("Bank %d, Hex 0x%02X", id.Bank, id.Code)}[ok])
			for key, get := range map[string]func() (uint64, bool){
				"Non-Volatile Size": v.NonVolatileSizeBytes, "Volatile Size": v.VolatileSizeBytes,
				"Cache Size": v.CacheSizeBytes, "Logical Size": v.LogicalSizeBytes,
			} {
				size, ok := get()
				sameSize(t, m.name, r, key, size, ok)
			}
		})
		pairs(t, m, 19, m.table.MappedAddresses(), func(v smbios.MappedAddress, r record) {
			first, last, ok := v.Range()
			if !ok {
				if r.keys["Range Size"] != "Invalid" {
					t.Errorf("%s: no range, want %s", m.name, r.keys["Range Size"])
				}
				return
			}
			sameSize(t, m.name, r, "Range Size", last-first+1, true)
			if !strings.HasSuffix(r.keys["Starting Address"], "k") {
				sameValue(t, m.name, r, "Starting Address", fmt.Sprintf("0x%011X", first))
				sameValue(t, m.name, r, "Ending Address", fmt.Sprintf("0x%011X", last))
			}
			h, ok := v.ArrayHandle()
			sameHandle(t, m.name, r, "Physical Array Handle", h, ok)
			n, ok := v.PartitionWidth()
			sameValue(t, m.name, r, "Partition Width", number(n, ok, "", "0"))
		})
	}
}

// sameKnown compares a value that the text calls Unknown where we have none.
func sameKnown(t *testing.T, where string, r record, key, got string) {
	t.Helper()
	want := r.keys[key]
	if want == "Unknown" {
		want = ""
	}
	if got != want {
		t.Errorf("%s %#04x %s: got %q, want %q", where, r.handle, key, got, want)
	}
}

func volts(mv uint16, ok bool) string {
	if !ok {
		return ""
	}
	if mv%100 == 0 {
		return fmt.Sprintf("%d.%d V", mv/1000, mv/100%10)
	}
	return fmt.Sprintf("%g V", float64(mv)/1000)
}

func TestMachinesBoard(t *testing.T) {
	t.Parallel()
	for _, m := range machines(t) {
		pairs(t, m, 8, m.table.Ports(), func(v smbios.Port, r record) {
			sameText(t, m.name, r, "Internal Reference Designator", v.InternalDesignator())
			sameText(t, m.name, r, "External Reference Designator", v.ExternalDesignator())
			sameEnum(t, m.name, r, "Internal Connector Type", v.InternalConnector())
			sameEnum(t, m.name, r, "External Connector Type", v.ExternalConnector())
			sameEnum(t, m.name, r, "Port Type", v.PortType())
		})
		pairs(t, m, 9, m.table.Slots(), func(v smbios.Slot, r record) {
			sameText(t, m.name, r, "Designation", v.Designation())
			// This version of the tool writes the width in front of the type.
			want := r.snake(r.keys["Type"])
			switch v.Width() {
			case "other", "unknown":
			default:
				want = r.snake(strings.TrimPrefix(want, v.Width()+"_"))
			}
			if got := v.SlotType(); got != want && r.keys["Type"] != "<OUT OF SPEC>" {
				t.Errorf("%s: slot type %q, want %q (%s)", m.name, got, want, r.keys["Type"])
			}
			sameEnum(t, m.name, r, "Current Usage", v.Usage())
			sameEnum(t, m.name, r, "Length", v.SlotLength())
			if want, has := r.keys["ID"]; has && !strings.Contains(want, "Adapter") {
				id, ok := v.ID()
				sameValue(t, m.name, r, "ID", number(uint8(id), ok, "", ""))
			}
			sameAddress(t, m.name, r, v.PCIAddress())
			list, _ := v.Characteristics()
			for _, s := range list {
				word := map[string]string{
					"5_0_v": "5.0 V", "3_3_v": "3.3 V", "shared_opening": "shared", "hot_plug": "Hot-plug",
					"smbus_signal": "SMBus", "pme_signal": "PME", "unknown": "Unknown", "bifurcation": "bifurcation",
				}[s]
				text := r.keys["Characteristics"] + strings.Join(r.lists["Characteristics"], "\n")
				if word != "" && !strings.Contains(text, word) {
					t.Errorf("%s: characteristic %s, want %s", m.name, s, text)
				}
			}
			if n := len(r.lists["Characteristics"]); n != len(list) && n > 0 {
				t.Errorf("%s: characteristics %v, want %q", m.name, list, r.lists["Characteristics"])
			}
		})
		pairs(t, m, 11, m.table.OEMStrings(), func(v smbios.OEMStrings, r record) {
			var want []string
			for i := 1; ; i++ {
				s, ok := r.keys[fmt.Sprintf("String %d", i)]
				if !ok {
					break
				}
				if s = strings.TrimSpace(s); s != "" && s != "<BAD INDEX>" {
					want = append(want, s)
				}
			}
			if got := v.Strings(); !slices.Equal(got, want) {
				t.Errorf("%s: OEM strings %q, want %q", m.name, got, want)
			}
		})
		pairs(t, m, 41, m.table.OnboardDevices(), func(v smbios.OnboardDevice, r record) {
			sameText(t, m.name, r, "Reference Designation", v.Designation())
			sameEnum(t, m.name, r, "Type", v.DeviceType())
			enabled, _ := v.Enabled()
			sameValue(t, m.name, r, "Status", map[bool]string{true: "Enabled", false: "Disabled"}[enabled])
			n, ok := v.Instance()
			sameValue(t, m.name, r, "Type Instance", number(n, ok, "", ""))
			sameAddress(t, m.name, r, v.PCIAddress())
		})
		pairs(t, m, 43, m.table.TPMDevices(), func(v smbios.TPMDevice, r record) {
			sameText(t, m.name, r, "Vendor ID", v.VendorID())
			sameValue(t, m.name, r, "Specification Version", v.SpecificationVersion())
			if first, _, ok := v.FirmwareVersion(); ok && v.SpecificationVersion() == "2.0" {
				sameValue(t, m.name, r, "Firmware Revision", fmt.Sprintf("%d.%d", first>>16, first&0xFFFF))
			}
			sameText(t, m.name, r, "Description", v.Description())
		})
	}
}

// sameAddress compares a PCI address. The other tool prints those that stand
// for none too.
func sameAddress(t *testing.T, where string, r record, got string) {
	t.Helper()
	want := r.keys["Bus Address"]
	if strings.Contains(want, ":ff:") || want == "0000:00:00.0" && r.keys["Current Usage"] != "In Use" {
		want = ""
	}
	if got != want {
		t.Errorf("%s %#04x: address %q, want %q", where, r.handle, got, want)
	}
}

func TestMachinesPower(t *testing.T) {
	t.Parallel()
	for _, m := range machines(t) {
		pairs(t, m, 38, m.table.IPMIDevices(), func(v smbios.IPMIDevice, r record) {
			sameEnum(t, m.name, r, "Interface Type", v.Interface())
			sameValue(t, m.name, r, "Specification Version", v.SpecificationVersion())
			n, ok := v.I2CAddress()
			if ok || r.keys["I2C Slave Address"] != "0x00" { // No device has address 0.
				sameValue(t, m.name, r, "I2C Slave Address", fmt.Sprintf("0x%02x", n))
			}
			a, ok := v.Address()
			got := map[string]string{"io": "I/O", "memory": "Memory-mapped"}[a.Space]
			if a.Space == "smbus" {
				got = fmt.Sprintf("0x%02X (SMBus)", a.Address)
			} else {
				got = fmt.Sprintf("0x%016X (%s)", a.Address, got)
			}
			if ok {
				sameValue(t, m.name, r, "Base Address", got)
				sameEnum(t, m.name, r, "Register Spacing", a.Spacing)
			}
			irq, ok := v.Interrupt()
			sameValue(t, m.name, r, "Interrupt Number", number(irq.Number, ok, "", ""))
			if ok {
				sameValue(t, m.name, r, "Interrupt Polarity", map[bool]string{true: "Active High", false: "Active Low"}[irq.ActiveHigh])
				sameValue(t, m.name, r, "Interrupt Trigger Mode", map[bool]string{true: "Level", false: "Edge"}[irq.LevelTriggered])
			}
		})
		pairs(t, m, 39, m.table.PowerSupplies(), func(v smbios.PowerSupply, r record) {
			sameText(t, m.name, r, "Location", v.Location())
			sameText(t, m.name, r, "Name", v.DeviceName())
			sameText(t, m.name, r, "Manufacturer", v.Manufacturer())
			sameText(t, m.name, r, "Serial Number", v.SerialNumber())
			sameText(t, m.name, r, "Asset Tag", v.AssetTag())
			sameText(t, m.name, r, "Model Part Number", v.PartNumber())
			sameText(t, m.name, r, "Revision", v.Revision())
			n, ok := v.MaxPowerWatts()
			sameKnown(t, m.name, r, "Max Power Capacity", number(n, ok, "W", ""))
			if present, _ := v.Present(); present {
				r.keys["Status"], _ = strings.CutPrefix(r.keys["Status"], "Present, ")
				sameEnum(t, m.name, r, "Status", v.Status())
			} else {
				sameValue(t, m.name, r, "Status", "Not Present")
			}
			sameEnum(t, m.name, r, "Type", v.SupplyType())
			sameEnum(t, m.name, r, "Input Voltage Range Switching", v.InputRange())
			unplugged, _ := v.Unplugged()
			sameValue(t, m.name, r, "Plugged", map[bool]string{true: "No", false: "Yes"}[unplugged])
			hot, _ := v.HotReplaceable()
			sameValue(t, m.name, r, "Hot Replaceable", map[bool]string{true: "Yes", false: "No"}[hot])
			group, ok := v.UnitGroup()
			sameValue(t, m.name, r, "Power Unit Group", number(group, ok, "", ""))
			h, ok := v.VoltageProbeHandle()
			sameHandle(t, m.name, r, "Input Voltage Probe Handle", h, ok)
			h, ok = v.CoolingDeviceHandle()
			sameHandle(t, m.name, r, "Cooling Device Handle", h, ok)
			h, ok = v.CurrentProbeHandle()
			sameHandle(t, m.name, r, "Input Current Probe Handle", h, ok)
		})
	}
}

package growth

import (
	"encoding/binary"
	"fmt"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/test/lab/ipmigen"
	"example.com/bee/test/lab/smbiosgen"
)

// Machine says how much of everything there is.
type Machine struct{ Drives, Functions, DIMMs, Sensors, Events int }

// Typical is the machine in which one dimension at a time grows.
func Typical() Machine { return Machine{Drives: 8, Functions: 64, DIMMs: 16, Sensors: 60, Events: 100} }

// Source is the machine.
func (m Machine) Source() (host.Source, error) {
	t := newTree()
	t.file("/proc/sys/kernel/hostname", "growth\n")
	t.file("/proc/sys/kernel/osrelease", "6.1.0\n")
	t.file("/proc/meminfo", "MemTotal:       65536000 kB\n")
	t.file("/proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Example CPU\nphysical id\t: 0\ncore id\t\t: 0\n")
	for n := range m.Functions {
		t.function(fmt.Sprintf("%04x:%02x:%02x.0", 1+n/4096, n/16%256, n%16+1), "020000", "8086", "1572", "i40e")
	}
	for n := range m.Drives {
		t.nvme(n)
	}
	if err := t.smbios(m.DIMMs); err != nil {
		return nil, err
	}
	t.file("/dev/ipmi0", "")
	t.devices["ipmi /dev/ipmi0"] = newBMC(m.Sensors, m.Events)
	return t, nil
}

func (t *tree) function(address, class, vendor, device, driver string) string {
	dir := "/sys/devices/pci0000:00/" + address
	t.link("/sys/bus/pci/devices/"+address, "../../../devices/pci0000:00/"+address)
	t.link(dir+"/driver", "../../../bus/pci/drivers/"+driver)
	t.link(dir+"/subsystem", "../../../bus/pci")
	for name, value := range map[string]string{
		"class": "0x" + class, "vendor": "0x" + vendor, "device": "0x" + device, "subsystem_vendor": "0x" + vendor, "subsystem_device": "0x0001",
		"revision": "0x01", "numa_node": "0", "enable": "1", "power_state": "D0",
		"current_link_speed": "8.0 GT/s PCIe", "max_link_speed": "8.0 GT/s PCIe", "current_link_width": "8", "max_link_width": "8",
		"uevent": "DRIVER=" + driver + "\nPCI_CLASS=" + strings.TrimLeft(class, "0") + "\nPCI_ID=" + strings.ToUpper(vendor+":"+device) + "\nPCI_SUBSYS_ID=" + strings.ToUpper(vendor) + ":0001\nPCI_SLOT_NAME=" + address,
	} {
		t.file(dir+"/"+name, value+"\n")
	}
	t.file(dir+"/config", configSpace(vendor, device, class))
	return dir
}

// configSpace has a header, a power management and a PCI Express capability.
func configSpace(vendor, device, class string) string {
	b := make([]byte, 256)
	var v, d, c uint32
	fmt.Sscanf(vendor+" "+device+" "+class, "%x %x %x", &v, &d, &c) //nolint:errcheck // Written a few lines above.
	binary.LittleEndian.PutUint32(b, v|d<<16)
	binary.LittleEndian.PutUint32(b[4:], 0x00100006)
	binary.LittleEndian.PutUint32(b[8:], c<<8|1)
	b[0x34] = 0x40
	copy(b[0x40:], []byte{0x01, 0x50})
	copy(b[0x50:], []byte{0x10, 0x00, 0x02, 0x00})
	binary.LittleEndian.PutUint32(b[0x5C:], 0x83)   // x8, 8 GT/s.
	binary.LittleEndian.PutUint16(b[0x62:], 0x1083) // The same now.
	return string(b)
}

func (t *tree) nvme(n int) {
	address := fmt.Sprintf("%04x:%02x:00.0", 0x1000+n/200, n%200+1)
	dir := t.function(address, "010802", "144d", "a80a", "nvme")
	name := fmt.Sprintf("nvme%d", n)
	serial := fmt.Sprintf("GROWTH%06d", n)
	at := dir + "/nvme/" + name
	t.link("/sys/class/nvme/"+name, "../.."+strings.TrimPrefix(at, "/sys"))
	t.link(at+"/device", "../../../"+address)
	ns := at + "/" + name + "n1"
	t.link("/sys/class/block/"+name+"n1", "../.."+strings.TrimPrefix(ns, "/sys"))
	t.link("/sys/block/"+name+"n1", ".."+strings.TrimPrefix(ns, "/sys"))
	for file, value := range map[string]string{
		at + "/model": "GROWTH NVME DRIVE", at + "/serial": serial, at + "/firmware_rev": "FW01", at + "/transport": "pcie", at + "/address": address,
		at + "/subsysnqn": "nqn.2014.08.org.nvmexpress:" + serial, at + "/cntlid": "1", at + "/state": "live",
		ns + "/size": "2048000", ns + "/nsid": "1", ns + "/queue/logical_block_size": "512", ns + "/queue/physical_block_size": "4096", ns + "/queue/rotational": "0",
	} {
		t.file(file, value+"\n")
	}
	t.file("/dev/"+name, "")
	t.devices["nvme-admin /dev/"+name] = nvmeDrive(serial)
}

func (t *tree) smbios(dimms int) error {
	m := smbiosgen.Machine{
		BIOS:   smbiosgen.BIOS{Vendor: "Example", Version: "1.0", ReleaseDate: "01/02/2024"},
		System: smbiosgen.System{Manufacturer: "Example", ProductName: "Growing server", SerialNumber: "G1", UUID: "11111111-2222-3333-4444-555555555555"},
	}
	a := smbiosgen.MemoryArray{MaxCapacityBytes: 4 << 40, ECC: 6}
	for n := range dimms {
		a.Devices = append(a.Devices, smbiosgen.MemoryDevice{
			Locator: fmt.Sprintf("DIMM_%03d", n), Manufacturer: "Example", SerialNumber: fmt.Sprintf("%08X", 0x1000+n), PartNumber: "EX-32G",
			SizeBytes: 32 << 30, SpeedMTs: 3200, ConfiguredMTs: 3200, TotalBits: 72, DataBits: 64, Ranks: 2, FormFactor: 9, Type: 0x1A,
		})
	}
	m.Arrays = []smbiosgen.MemoryArray{a}
	tables, err := smbiosgen.Encode(m, smbiosgen.Whole)
	if err != nil {
		return err
	}
	t.file("/sys/firmware/dmi/tables/smbios_entry_point", string(tables.Anchor))
	t.file("/sys/firmware/dmi/tables/DMI", string(tables.Table))
	return nil
}

// sensors are analog ones, 250 on each logical unit of the controller: a
// sensor's number is one byte.
func sensors(n int) (records [][]byte) {
	for i := range n {
		one := ipmigen.BMC{Sensors: []ipmigen.Sensor{{
			Name: fmt.Sprintf("Temp %d", i), Number: uint8(i%250 + 1), Type: 1, Entity: 7, Instance: uint8(i%250 + 1), Unit: 1, Factor: 1, Raw: 30,
		}}}.SDRs()
		r := one[len(one)-1]
		binary.LittleEndian.PutUint16(r, uint16(i+1))
		r[6] = uint8(i / 250) // Of five bytes of header, owner, LUN.
		records = append(records, r)
	}
	return records
}

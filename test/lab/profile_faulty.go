package lab

import (
	"fmt"
	"strconv"
	"strings"

	"example.com/bee/test/lab/smbiosgen"
)

// faultySMBIOSProfile has the server's tables and processors, and few devices,
// so that many variants can be booted.
func faultySMBIOSProfile(setting string) (Profile, error) {
	if setting == "" {
		setting = string(smbiosgen.CutShort)
	}
	p, err := serverProfile(setting)
	if err != nil {
		return Profile{}, err
	}
	small, err := smallProfile("")
	if err != nil {
		return Profile{}, err
	}
	small.CPU, small.SMP, small.SMBIOS, small.Facts.SMBIOS = p.CPU, p.SMP, p.SMBIOS, p.Facts.SMBIOS
	return small, nil
}

// noDMIProfile hides the tables in the guest, as on a machine without them.
func noDMIProfile(string) (Profile, error) {
	p, err := serverProfile("")
	if err != nil {
		return Profile{}, err
	}
	p.SMBIOS = nil
	p.Facts.SMBIOS = smbiosgen.Machine{}
	p.Append = append(p.Append, "lab.nodmi=1")
	return p, nil
}

func faultyBMCProfile(setting string) (Profile, error) {
	p, err := serverProfile("")
	if err != nil {
		return Profile{}, err
	}
	bmc := &p.BMC.Config
	switch setting {
	case "", "badfru":
		// PSU 1: the board area's checksum is wrong; PSU 2: the area lies beyond the device.
		one := bmc.FRUs[1].Encode()
		one[8+20] ^= 0xFF
		two := bmc.FRUs[2].Encode()
		two[7] -= 0x3F - two[3]
		two[3] = 0x3F
		bmc.Damaged = map[uint8][]byte{1: one, 2: two}
	case "psufail":
		for i := range bmc.Sensors {
			switch bmc.Sensors[i].Number {
			case 0x31:
				bmc.Sensors[i].Raw = 0
			case 0x41:
				bmc.Sensors[i].States = []uint8{0, 1, 3} // Present, failed, input lost.
			}
		}
	case "nofru":
		bmc.FRUs = nil
	default:
		return Profile{}, fmt.Errorf("unknown setting, want badfru, psufail or nofru")
	}
	p.Facts.BMC = *bmc
	return p, nil
}

// faultyIOProfile has drives whose reads fail at sector 2048 (nv0, sa0, ss1)
// and drives that `labsync hang NODE` stops (nv1, sa1, ss0).
func faultyIOProfile(string) (Profile, error) {
	p := Profile{SMP: "1", Memory: "768"}
	for _, d := range []struct {
		id     string
		errors bool
	}{{"nv0", true}, {"nv1", false}, {"sa0", true}, {"sa1", false}, {"ss0", false}, {"ss1", true}} {
		p.Disks = append(p.Disks, Disk{d.id, 64 * mib})
		node := fmt.Sprintf("node-name=%s,driver=raw,file.driver=blkdebug,file.image.driver=file,file.image.filename=%s/%s.img", d.id, RunDir, d.id)
		if d.errors {
			node += ",file.inject-error.0.event=read_aio,file.inject-error.0.errno=5,file.inject-error.0.sector=2048"
		}
		p.arg("-blockdev", node)
	}
	p.device("nvme,id=nvme0,addr=0x2,serial=BADREAD0,drive=nv0")
	p.device("nvme,id=nvme1,addr=0x3,serial=HANG0001,drive=nv1")
	p.device("ide-hd,id=sata0,drive=sa0,bus=ide.0,serial=SATABADREAD,rotation_rate=1")
	p.device("ide-hd,id=sata1,drive=sa1,bus=ide.1,serial=SATAHANG,rotation_rate=7200")
	p.device("virtio-scsi-pci,id=vs,addr=0x4")
	p.device("scsi-hd,id=scsi0,bus=vs.0,scsi-id=0,drive=ss0,serial=SASHANG,rotation_rate=10000")
	p.device("scsi-hd,id=scsi1,bus=vs.0,scsi-id=1,drive=ss1,serial=SASBADREAD,rotation_rate=10000")
	const model = "QEMU HARDDISK"
	p.Facts.Drives = []Drive{
		{Protocol: "nvme", Model: nvmeModel, Serial: "BADREAD0", SizeBytes: 64 * mib, RotationRPM: new(0), PCIAddress: "0000:00:02.0", NodeName: "nv0", Namespaces: []Namespace{{1, 64 * mib, 512, ""}}},
		{Protocol: "nvme", Model: nvmeModel, Serial: "HANG0001", SizeBytes: 64 * mib, RotationRPM: new(0), PCIAddress: "0000:00:03.0", NodeName: "nv1", Namespaces: []Namespace{{1, 64 * mib, 512, ""}}},
		{Protocol: "sata", Model: model, Serial: "SATABADREAD", SizeBytes: 64 * mib, RotationRPM: new(0), PCIAddress: "0000:00:1f.2", NodeName: "sa0"},
		{Protocol: "sata", Model: model, Serial: "SATAHANG", SizeBytes: 64 * mib, RotationRPM: new(7200), PCIAddress: "0000:00:1f.2", NodeName: "sa1"},
		{Protocol: "scsi", Vendor: "QEMU", Model: model, Serial: "SASHANG", SizeBytes: 64 * mib, RotationRPM: new(10000), PCIAddress: "0000:00:04.0", NodeName: "ss0"},
		{Protocol: "scsi", Vendor: "QEMU", Model: model, Serial: "SASBADREAD", SizeBytes: 64 * mib, RotationRPM: new(10000), PCIAddress: "0000:00:04.0", NodeName: "ss1"},
	}
	return p, nil
}

func faultySmartProfile(setting string) (Profile, error) {
	bits := uint64(12)
	if setting != "" {
		var err error
		if bits, err = strconv.ParseUint(setting, 10, 8); err != nil {
			return Profile{}, fmt.Errorf("critical warning %q: want a number below 256", setting)
		}
	}
	p, err := faultyIOProfile("")
	if err != nil {
		return Profile{}, err
	}
	for i, a := range p.Arguments {
		if a == "nvme,id=nvme1,addr=0x3,serial=HANG0001,drive=nv1" {
			p.Arguments[i] += fmt.Sprintf(",smart_critical_warning=%d", bits)
		}
	}
	p.Facts.Drives[1].CriticalWarning = uint8(bits)
	p.Modules = append(p.Modules, "scsi_debug:dev_size_mb=8+opts=0")
	return p, nil
}

// edacProfile names each EDAC module after its slot.
func edacProfile(string) (Profile, error) {
	p, err := serverProfile("")
	if err != nil {
		return Profile{}, err
	}
	var labels []string
	populated := uint64(0)
	for _, a := range p.Facts.SMBIOS.Arrays {
		for _, d := range a.Devices {
			if d.SizeBytes > 0 {
				populated |= 1 << len(labels)
			}
			labels = append(labels, d.Locator)
		}
	}
	p.Modules = append(p.Modules, fmt.Sprintf("labedac:mcs=2+dimms=4+populated=%d+labels=%s", populated, strings.Join(labels, ",")))
	return p, nil
}

package lab

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"example.com/bee/test/lab/pciblob"
	"example.com/bee/test/lab/smbiosgen"
)

func desktopProfile(string) (Profile, error) {
	p := Profile{SMP: "2", Memory: "1024"}
	p.sata(0, Drive{Model: "Samsung SSD 860", Serial: "S3Z8NB0K123456", Firmware: "RVT04B6Q", RotationRPM: new(0), WWN: "5002538e40a1b2c3"})
	p.nic("e1000e", "pcie.0,addr=0x2", "52:54:00:00:00:01", "0000:00:02.0")
	p.Facts.SMBIOS = smbiosgen.Machine{
		BIOS:    smbiosgen.BIOS{Vendor: "LENOVO", Version: "N2HET70W", ReleaseDate: "05/01/2023"},
		System:  smbiosgen.System{Manufacturer: "LENOVO", ProductName: "20N2", SerialNumber: "PF1ABCDE", UUID: "11111111-2222-3333-4444-555555555555"},
		Chassis: smbiosgen.Chassis{Manufacturer: "LENOVO", SerialNumber: "PF1ABCDE"},
	}
	p.arg("-smbios", "type=0,vendor=LENOVO,version=N2HET70W,date=05/01/2023",
		"-smbios", "type=1,manufacturer=LENOVO,product=20N2,serial=PF1ABCDE,uuid=11111111-2222-3333-4444-555555555555",
		"-smbios", "type=3,manufacturer=LENOVO,serial=PF1ABCDE")
	p.Facts.Controllers = []Controller{{"0000:00:1f.2", "ahci", "", "", false}}
	return p, nil
}

// bigProfile has as many drives as wanted; all share one empty file.
func bigProfile(setting string) (Profile, error) {
	counts := []int{64, 0, 0}
	flat := false
	if setting != "" {
		words := strings.Split(setting, ",")
		if words[len(words)-1] == "flat" {
			flat, words = true, words[:len(words)-1]
		}
		if len(words) > 3 {
			return Profile{}, fmt.Errorf("want NVMe,SATA,SAS[,flat]")
		}
		for i, w := range words {
			n, err := strconv.Atoi(w)
			if err != nil || n < 0 || n > 1000 {
				return Profile{}, fmt.Errorf("count %q: want a number below 1000", w)
			}
			counts[i] = n
		}
	}
	p := Profile{SMP: "2", Memory: "2048", Disks: []Disk{{"shared", 16 * mib}}}
	for i := range counts[0] {
		p.bigNVMe(i, flat)
	}
	for i := range counts[1] {
		if i%6 == 0 {
			p.device("ich9-ahci,id=ah%d", i/6)
		}
		serial := fmt.Sprintf("SATA%05d", i)
		p.device("ide-hd,drive=%s,bus=ah%d.%d,serial=%s,rotation_rate=7200", p.shared("sa", i), i/6, i%6, serial)
		p.Facts.Drives = append(p.Facts.Drives, Drive{Protocol: "sata", Model: "QEMU HARDDISK", Serial: serial, SizeBytes: 16 * mib, RotationRPM: new(7200)})
	}
	if counts[2] > 0 {
		p.device("virtio-scsi-pci,id=vs")
	}
	for i := range counts[2] {
		serial := fmt.Sprintf("SAS%05d", i)
		p.device("scsi-hd,bus=vs.0,scsi-id=%d,lun=%d,drive=%s,serial=%s,rotation_rate=10000", i%256, i/256, p.shared("ss", i), serial)
		p.Facts.Drives = append(p.Facts.Drives, Drive{Protocol: "scsi", Vendor: "QEMU", Model: "QEMU HARDDISK", Serial: serial, SizeBytes: 16 * mib, RotationRPM: new(10000)})
	}
	p.nic("e1000e", "pcie.0", "52:54:00:00:00:01", "")
	return p, nil
}

func (p *Profile) bigNVMe(i int, flat bool) {
	serial := fmt.Sprintf("BIG%05d", i)
	addr := fmt.Sprintf("addr=0x%x.%d", i/8+3, i%8)
	if i%8 == 0 {
		addr += ",multifunction=on"
	}
	bus := addr
	if !flat {
		bus = fmt.Sprintf("bus=rp%d", i)
		p.device("pcie-root-port,id=rp%d,bus=pcie.0,%s,chassis=%d,slot=%d,x-speed=2_5,x-width=1,io-reserve=0,hotplug=off", i, addr, i%255+1, i+1)
	}
	p.device("nvme,id=nvme%d,serial=%s,drive=%s,%s,max_ioqpairs=2", i, serial, p.shared("nv", i), bus)
	p.Facts.Drives = append(p.Facts.Drives, Drive{
		Protocol: "nvme", Model: nvmeModel, Serial: serial, SizeBytes: 16 * mib, RotationRPM: new(0),
		Namespaces: []Namespace{{1, 16 * mib, 512, ""}},
	})
}

// shared adds a backend on the one file.
func (p *Profile) shared(prefix string, i int) string {
	id := fmt.Sprintf("%s%d", prefix, i)
	p.arg("-drive", fmt.Sprintf("if=none,id=%s,format=raw,file=%s/shared.img,cache=unsafe,file.locking=off", id, RunDir))
	return id
}

func uefiProfile(string) (Profile, error) {
	p := Profile{SMP: "1", Memory: "768", Machine: "q35,smbios-entry-point-type=64", UEFI: true}
	p.disk("nv", 64*mib)
	p.device("nvme,serial=UEFI0,drive=nv,addr=0x2")
	m := serverSMBIOS()
	m.Slots, m.Onboard, m.HasBMC = nil, nil, false
	all, err := m.Structures()
	if err != nil {
		return Profile{}, err
	}
	p.SMBIOS = &Firmware{}
	for _, s := range all {
		switch s.Type {
		case 0, 1, 2, 3, 9, 11, 39, 41: // QEMU counts the others itself.
			p.SMBIOS.Structures = append(p.SMBIOS.Structures, s)
		}
	}
	m.Processors, m.Arrays = nil, nil
	p.Facts.SMBIOS = m
	p.Facts.Drives = []Drive{{Protocol: "nvme", Model: nvmeModel, Serial: "UEFI0", SizeBytes: 64 * mib, RotationRPM: new(0), PCIAddress: "0000:00:02.0", Namespaces: []Namespace{{1, 64 * mib, 512, ""}}}}
	return p, nil
}

// pcieProfile has what the server lacks: SR-IOV (nvme0), zones (nvme1), a
// controller without namespaces (nvme2), one namespace behind two controllers
// (nvme3, nvme4), and an empty hot-plug slot (rp4).
func pcieProfile(string) (Profile, error) {
	p := Profile{SMP: "1", Memory: "1024"}
	p.arg("-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off")
	for i := range 6 {
		wide := ""
		if i == 0 {
			wide = ",x-speed=16,x-width=16"
		}
		p.device("pcie-root-port,id=rp%d,chassis=%d,slot=%d%s", i+1, i+1, i+11, wide)
	}
	p.disk("nv0", 64*mib)
	p.disk("nv1", 128*mib)
	p.disk("shared", 32*mib)
	p.device("nvme-subsys,id=ss0,nqn=sriov")
	p.device("nvme,id=nvme0,bus=rp1,serial=SRIOV0,subsys=ss0,sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=4,max_ioqpairs=16,msix_qsize=16")
	p.device("nvme-ns,drive=nv0,bus=nvme0,nsid=1")
	p.device("nvme,id=nvme1,bus=rp2,serial=ZNS0,cmb_size_mb=16")
	p.device("nvme-ns,drive=nv1,bus=nvme1,nsid=1,zoned=on,zoned.zone_size=16M,zoned.max_open=4,zoned.max_active=8")
	p.device("nvme,id=nvme2,bus=rp3,serial=NONS0")
	p.device("nvme-subsys,id=ss9,nqn=shared")
	p.device("nvme,id=nvme3,bus=rp5,serial=MP0,subsys=ss9")
	p.device("nvme,id=nvme4,bus=rp6,serial=MP0,subsys=ss9")
	p.device("nvme-ns,drive=shared,nsid=3,shared=on")
	p.Facts.Drives = []Drive{
		{Protocol: "nvme", Model: nvmeModel, Serial: "SRIOV0", SizeBytes: 64 * mib, RotationRPM: new(0), Namespaces: []Namespace{{1, 64 * mib, 512, ""}}},
		{Protocol: "nvme", Model: nvmeModel, Serial: "ZNS0", SizeBytes: 128 * mib, RotationRPM: new(0), Namespaces: []Namespace{{1, 128 * mib, 512, ""}}},
		{Protocol: "nvme", Model: nvmeModel, Serial: "NONS0"}, // Without a namespace nothing says whether it rotates.
		{Protocol: "nvme", Model: nvmeModel, Serial: "MP0", SizeBytes: 32 * mib, RotationRPM: new(0), Namespaces: []Namespace{{3, 32 * mib, 512, ""}}},
	}
	for i, model := range []string{"e1000e", "vmxnet3", "virtio-net-pci", "e1000"} {
		p.nic(model, "", fmt.Sprintf("52:54:00:00:01:%02x", i+1), "")
	}
	return p, nil
}

func smallProfile(string) (Profile, error) {
	p := Profile{SMP: "2", Memory: "768", BMC: &BMC{Internal: true}}
	p.disk("nv", 64*mib)
	p.device("nvme,serial=SMALL0,drive=nv,addr=0x2")
	p.disk("nw", 64*mib)
	p.device("nvme,serial=SMALL1,drive=nw,addr=0x3")
	for i, serial := range []string{"SMALL0", "SMALL1"} {
		p.Facts.Drives = append(p.Facts.Drives, Drive{
			Protocol: "nvme", Model: nvmeModel, Serial: serial, SizeBytes: 64 * mib, RotationRPM: new(0),
			PCIAddress: fmt.Sprintf("0000:00:%02x.0", i+2), Namespaces: []Namespace{{1, 64 * mib, 512, ""}},
		})
	}
	return p, nil
}

func removableProfile(string) (Profile, error) {
	p := Profile{SMP: "1", Memory: "768", Modules: []string{"mmc_block"}}
	p.device("sdhci-pci,addr=0x2")
	p.disk("sd", 64*mib)
	p.device("sd-card,drive=sd")
	p.device("qemu-xhci,id=usb,addr=0x3")
	p.disk("stick", 64*mib)
	p.device("usb-storage,bus=usb.0,drive=stick,serial=STICK0001,removable=on")
	p.device("usb-uas,id=uas,bus=usb.0")
	p.disk("uas0", 64*mib)
	p.device("scsi-hd,bus=uas.0,drive=uas0,serial=UAS0001,vendor=LABUAS,product=DISK")
	p.disk("vb", 64*mib)
	p.device("virtio-blk-pci,drive=vb,serial=VIRTIO0001,addr=0x4")
	p.Facts.Drives = []Drive{
		{Protocol: "mmc", Model: "QEMU!", Serial: "deadbeef", SizeBytes: 64 * mib, PCIAddress: "0000:00:02.0"},
		{Protocol: "usb", Serial: "STICK0001", SizeBytes: 64 * mib, PCIAddress: "0000:00:03.0"},
		{Protocol: "usb", Vendor: "LABUAS", Model: "DISK", Serial: "UAS0001", SizeBytes: 64 * mib, PCIAddress: "0000:00:03.0"},
		{Protocol: "virtio", Serial: "VIRTIO0001", SizeBytes: 64 * mib, PCIAddress: "0000:00:04.0"},
	}
	return p, nil
}

// pciTreeProfile takes the functions of pciblob.Example, or of a file.
func pciTreeProfile(file string) (Profile, error) {
	functions := pciblob.Example()
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return Profile{}, err
		}
		if functions, err = pciblob.FromLspci(string(text)); err != nil {
			return Profile{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	p, err := serverProfile("")
	p.PCITree = pciblob.Encode(functions)
	return p, err
}

package export

import (
	"strings"

	"example.com/bee/pkg/inventory"
)

func (x redfish) system() object {
	const path = "/redfish/v1/Systems/1"
	r := x.r
	o := object{"Id": "1", "Name": "System", "SystemType": "Physical", "Status": x.rollup()}
	if b := r.Board; b != nil {
		if s := b.System; s != nil {
			o.put("Manufacturer", s.Manufacturer)
			o.put("Model", s.ProductName)
			o.put("SerialNumber", s.SerialNumber)
			o.put("SKU", s.SKUNumber)
			o.put("UUID", s.UUID)
		}
		if b.BIOS != nil {
			o.put("BiosVersion", b.BIOS.Version)
		}
		if b.Chassis != nil {
			o.put("AssetTag", b.Chassis.AssetTag)
		}
	}
	if h := r.Host; h != nil {
		o.put("HostName", h.Hostname)
		if h.SecureBoot != nil {
			o["SecureBoot"] = object{"@odata.id": path + "/SecureBoot", "@odata.type": "#SecureBoot.SecureBoot", "Id": "SecureBoot", "Name": "Secure Boot", "SecureBootCurrentBoot": map[bool]string{true: "Enabled", false: "Disabled"}[*h.SecureBoot]}
		}
	}
	if m := r.Memory; m != nil && m.SizeBytes != nil {
		o["MemorySummary"] = object{"TotalSystemMemoryGiB": float64(*m.SizeBytes) / (1 << 30)}
	}
	processors := x.processors()
	if processors != nil {
		o["Processors"] = collection(path+"/Processors", "Processor", processors...)
	}
	if r.Memory != nil {
		putCollection(o, "Memory", path+"/Memory", "Memory", r.Memory.Modules, x.module)
	}
	if r.Storage != nil {
		o["Storage"] = collection(path+"/Storage", "Storage", x.storage(path+"/Storage/1"))
	}
	putCollection(o, "EthernetInterfaces", path+"/EthernetInterfaces", "EthernetInterface", r.Network, x.nic)
	return o
}

// rollup is the verdict on the whole machine.
func (x redfish) rollup() object {
	s := object{"State": "Enabled"}
	s.put("HealthRollup", enum(string(x.r.Verdict()), "ok=OK", "warning=Warning", "critical=Critical"))
	return s
}

func (x redfish) processors() []object {
	var list []object
	for i := range x.r.CPUs {
		c := &x.r.CPUs[i]
		o := id(object{"ProcessorType": "CPU", "Status": x.status(c.ID, c.Present, "")}, c.Meta, c.Socket)
		o.put("Socket", c.Socket)
		o.put("Manufacturer", c.Manufacturer)
		o.put("Model", c.Model)
		o.put("PartNumber", c.PartNumber)
		o.put("SerialNumber", c.SerialNumber)
		o.put("TotalCores", c.Cores)
		o.put("TotalEnabledCores", c.CoresEnabled)
		o.put("TotalThreads", c.Threads)
		o.put("MaxSpeedMHz", c.MaxSpeedMHz)
		o.put("OperatingSpeedMHz", c.CurrentSpeedMHz)
		ids := object{}
		ids.put("EffectiveFamily", number(c.CPUFamily, ""))
		ids.put("EffectiveModel", number(c.CPUModel, ""))
		ids.put("Step", number(c.Stepping, ""))
		ids.put("MicrocodeInfo", c.Microcode)
		o.put("ProcessorId", ids)
		list = append(list, o)
	}
	for i := range x.r.GPUs {
		g := &x.r.GPUs[i]
		o := id(object{"ProcessorType": "GPU", "Status": x.status(g.ID, nil, g.Health)}, g.Meta, g.Name)
		o.put("Model", g.Name)
		o.put("Manufacturer", g.Vendor)
		o.put("PartNumber", g.PartNumber)
		o.put("SerialNumber", g.SerialNumber)
		o.put("UUID", strings.TrimPrefix(g.UUID, "GPU-"))
		o.put("FirmwareVersion", g.VBIOS)
		if g.MemoryBytes != nil {
			o["ProcessorMemory"] = []object{{"CapacityMiB": *g.MemoryBytes >> 20, "IntegratedMemory": true}}
		}
		list = append(list, o)
	}
	return list
}

func (x redfish) module(m *inventory.MemoryModule) object {
	o := id(object{"Status": x.status(m.ID, m.Present, "")}, m.Meta, m.Slot)
	o.put("DeviceLocator", m.Slot)
	if m.SizeBytes != nil {
		o["CapacityMiB"] = *m.SizeBytes >> 20
	}
	o.put("MemoryType", enum(m.Technology, "dram=DRAM", "nvdimm_n=NVDIMM_N", "nvdimm_f=NVDIMM_F", "nvdimm_p=NVDIMM_P", "intel_optane_persistent_memory=IntelOptane"))
	o.put("MemoryDeviceType", enum(m.Type, "ddr=DDR", "ddr2=DDR2", "ddr3=DDR3", "ddr4=DDR4", "ddr5=DDR5", "lpddr3=LPDDR3_SDRAM", "lpddr4=LPDDR4_SDRAM", "lpddr5=LPDDR5_SDRAM", "hbm=HBM", "hbm2=HBM2", "hbm3=HBM3"))
	if m.SpeedMTs != nil {
		o["AllowedSpeedsMHz"] = []uint32{*m.SpeedMTs}
	}
	o.put("OperatingSpeedMhz", m.ConfiguredSpeedMTs)
	o.put("Manufacturer", m.Manufacturer)
	o.put("PartNumber", m.PartNumber)
	o.put("SerialNumber", m.SerialNumber)
	o.put("FirmwareRevision", m.FirmwareVersion)
	o.put("RankCount", m.Ranks)
	o.put("BusWidthBits", m.TotalWidthBits)
	o.put("DataWidthBits", m.DataWidthBits)
	if x.r.Memory.ECC != "" && m.SizeBytes != nil {
		o.put("ErrorCorrection", enum(x.r.Memory.ECC, "none=NoECC", "parity=AddressParity", "single_bit_ecc=SingleBitECC", "multi_bit_ecc=MultiBitECC"))
	}
	return o
}

func (x redfish) nic(n *inventory.NIC) object {
	o := id(object{"Status": x.status(n.ID, nil, "")}, n.Meta, n.Name)
	o.put("MACAddress", n.MAC)
	o.put("PermanentMACAddress", n.PermanentMAC)
	o.put("MTUSize", n.MTU)
	o.put("SpeedMbps", n.SpeedMbps)
	if n.Duplex != "" {
		o["FullDuplex"] = n.Duplex == "full"
	}
	if n.LinkUp != nil {
		o["LinkStatus"] = map[bool]string{true: "LinkUp", false: "LinkDown"}[*n.LinkUp]
	}
	return o
}

func (x redfish) manager() object {
	b := x.r.BMC
	o := id(object{"Id": "1", "ManagerType": "BMC", "Status": x.status(b.ID, nil, "")}, b.Meta, b.Product)
	o.put("FirmwareVersion", b.Firmware)
	o.put("Manufacturer", b.Manufacturer)
	o.put("Model", b.Product)
	o.put("UUID", b.GUID)
	return o
}

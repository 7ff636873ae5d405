package memory

import (
	"cmp"
	"fmt"

	"example.com/bee/pkg/collectors/internal/dmi"
	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// translate fills in arrays, modules and their sums. Large machines have
// several arrays; an array, or a module, may also be flash or video memory,
// which is listed but is not RAM.
func translate(m *inventory.Memory, t *smbios.Table) {
	arrays, devices := t.MemoryArrays(), t.MemoryDevices()
	if len(arrays) == 0 && len(devices) == 0 {
		return
	}
	m.Sources = append(m.Sources, dmi.TablePath)
	byHandle := map[uint16]int{}
	for i, a := range arrays {
		v := array(a, i)
		byHandle[a.Handle()] = i
		m.Arrays = append(m.Arrays, v)
		if !isRAM(v.Use) {
			continue
		}
		m.MaxCapacityBytes = add(m.MaxCapacityBytes, v.MaxCapacityBytes)
		switch {
		case m.ECC == "" || v.ECC == m.ECC:
			m.ECC = v.ECC
		case v.ECC != "":
			m.ECC = "mixed"
		}
	}

	var ids inventory.IDs
	slots, populated := 0, 0
	for _, d := range devices {
		v := module(d)
		v.ID = ids.Unique(inventory.IDOf("dimm", v.Bank, cmp.Or(v.Slot, "slot")))
		ram := isRAMType(v.Type)
		v.ParentID = m.ID
		if h, ok := d.ArrayHandle(); ok {
			if i, ok := byHandle[h]; ok {
				v.ParentID = m.Arrays[i].ID
				ram = ram && isRAM(m.Arrays[i].Use)
			}
		}
		if ram {
			slots++
			if v.Present != nil && *v.Present {
				populated++
				m.SizeBytes = add(m.SizeBytes, volatilePart(d))
			}
		}
		m.Modules = append(m.Modules, v)
	}
	if len(devices) > 0 {
		m.Slots, m.Populated = &slots, &populated
		if m.Modules == nil {
			m.Modules = []inventory.MemoryModule{}
		}
	}
}

func add(sum, n *uint64) *uint64 {
	switch {
	case n == nil:
		return sum
	case sum == nil:
		return new(*n)
	default:
		return new(*sum + *n)
	}
}

// volatilePart is how much of a module is RAM: all of it but what is set up as
// persistent memory (DSP0134 sections 7.18.12 and 7.18.13), as of NVDIMMs.
func volatilePart(d smbios.MemoryDevice) *uint64 {
	size, ok := d.SizeBytes()
	if !ok {
		return nil
	}
	persistent, ok := d.NonVolatileSizeBytes()
	if !ok || persistent == 0 {
		return &size
	}
	if ram, ok := d.VolatileSizeBytes(); ok {
		return new(min(ram, size))
	}
	return new(size - min(persistent, size))
}

// isRAM tells system memory from the other uses of an array (DSP0134 section
// 7.17.2). Firmware that does not say means system memory.
func isRAM(use string) bool {
	switch use {
	case "video_memory", "flash_memory", "non_volatile_ram", "cache_memory":
		return false
	}
	return true
}

// isRAMType tells memory from the firmware chips that some tables list among
// the modules (DSP0134 section 7.18.2).
func isRAMType(t string) bool {
	switch t {
	case "flash", "rom", "eeprom", "feprom", "eprom":
		return false
	}
	return true
}

func array(a smbios.MemoryArray, i int) inventory.MemoryArray {
	v := inventory.MemoryArray{
		Meta:             inventory.Meta{ID: fmt.Sprintf("memory_array:%d", i), ParentID: "memory"},
		Use:              a.Use(),
		Location:         a.Location(),
		ECC:              a.ErrorCorrection(),
		MaxCapacityBytes: dmi.Ptr(a.MaxCapacityBytes()),
	}
	if n, ok := a.Devices(); ok {
		v.Slots = new(int(n))
	}
	return v
}

func module(d smbios.MemoryDevice) inventory.MemoryModule {
	v := inventory.MemoryModule{
		Meta:                 inventory.Meta{Sources: []string{dmi.TablePath}},
		Slot:                 d.Locator(),
		Bank:                 d.BankLocator(),
		Present:              dmi.Ptr(d.Present()),
		SizeBytes:            dmi.Ptr(d.SizeBytes()),
		Type:                 known(d.MemoryType()),
		FormFactor:           known(d.FormFactor()),
		SpeedMTs:             dmi.Ptr(d.SpeedMTs()),
		ConfiguredSpeedMTs:   dmi.Ptr(d.ConfiguredSpeedMTs()),
		Manufacturer:         d.Manufacturer(),
		SerialNumber:         d.SerialNumber(),
		PartNumber:           d.PartNumber(),
		AssetTag:             d.AssetTag(),
		Ranks:                dmi.Ptr(d.Ranks()),
		TotalWidthBits:       dmi.Ptr(d.TotalWidthBits()),
		DataWidthBits:        dmi.Ptr(d.DataWidthBits()),
		ConfiguredMillivolts: dmi.Ptr(d.ConfiguredMillivolts()),
		Technology:           known(d.Technology()),
		FirmwareVersion:      d.FirmwareVersion(),
	}
	if detail, ok := d.Detail(); ok {
		v.Detail = detail
	}
	if v.Present != nil && !*v.Present {
		// What the table says of an empty slot is about the slot.
		v.SizeBytes, v.Type, v.Detail, v.Technology = nil, "", nil, ""
	}
	return v
}

// known drops the firmware's way of saying nothing.
func known(s string) string {
	if s == "unknown" || s == "other" {
		return ""
	}
	return s
}

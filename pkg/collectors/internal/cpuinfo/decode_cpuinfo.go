// Package cpuinfo decodes /proc/cpuinfo, whose form differs from architecture
// to architecture (kernel: arch/*/kernel/cpu/proc.c, arch/*/kernel/cpuinfo.c).
package cpuinfo

import (
	"bytes"
	"strconv"
	"strings"
)

// CPU is what /proc/cpuinfo says of one logical processor. Absent values are
// nil or empty.
type CPU struct {
	Number int
	// PackageID is "physical id"; topology in sysfs is to be preferred.
	PackageID *int
	VendorID  string
	ModelName string
	Family    *uint32
	Model     *uint32
	Stepping  *uint32
	Microcode string
	// Implementer and Part are the fields of MIDR_EL1 (ARM).
	Implementer *uint32
	Part        *uint32
	// MachineType is that of IBM Z.
	MachineType string
}

// maxCPUs bounds what is kept; the kernel's own limit is 8192.
const maxCPUs = 1 << 16

// Decode lists the logical processors in the order of the file.
func Decode(b []byte) []CPU {
	var all []CPU
	var z string // IBM Z names the vendor once, ahead of all processors
	current := func() *CPU {
		if len(all) == 0 {
			return nil
		}
		return &all[len(all)-1]
	}
	for line := range bytes.Lines(b) {
		key, value, ok := strings.Cut(string(line), ":")
		if !ok {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case key == "cpu number": // IBM Z: details behind the list, which sysfs has too
			return all
		case key == "processor":
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 || len(all) >= maxCPUs {
				continue
			}
			all = append(all, CPU{Number: n, VendorID: z})
		case strings.HasPrefix(key, "processor "): // IBM Z: "processor 0: version = ..."
			n, err := strconv.Atoi(key[len("processor "):])
			if err != nil || n < 0 || len(all) >= maxCPUs {
				continue
			}
			c := CPU{Number: n, VendorID: z}
			if _, machine, ok := strings.Cut(value, "machine = "); ok {
				c.MachineType = machine
			}
			all = append(all, c)
		case current() == nil:
			if key == "vendor_id" {
				z = value
			}
		default:
			current().set(key, value)
		}
	}
	return all
}

func (c *CPU) set(key, value string) {
	switch key {
	case "physical id":
		if n, err := strconv.Atoi(value); err == nil && n >= 0 {
			c.PackageID = &n
		}
	case "vendor_id":
		c.VendorID = value
	case "model name", "cpu": // "cpu": POWER
		c.ModelName = strings.Join(strings.Fields(value), " ")
	case "cpu family":
		c.Family = number(value)
	case "model":
		c.Model = number(value)
	case "stepping":
		c.Stepping = number(value)
	case "microcode":
		c.Microcode = value
	case "CPU implementer":
		c.Implementer = number(value)
	case "CPU part":
		c.Part = number(value)
	}
}

func number(s string) *uint32 {
	n, err := strconv.ParseUint(s, 0, 32)
	if err != nil {
		return nil
	}
	return new(uint32(n))
}

// ARMName names an implementer and part of MIDR_EL1 (Arm's and the makers'
// technical reference manuals; kernel: arch/arm64/include/asm/cputype.h). Only
// parts found in servers are known; "" otherwise.
func ARMName(implementer, part uint32) (maker, model string) {
	switch implementer {
	case 0x41:
		maker = "ARM"
		switch part {
		case 0xd03:
			model = "Cortex-A53"
		case 0xd07:
			model = "Cortex-A57"
		case 0xd08:
			model = "Cortex-A72"
		case 0xd0c:
			model = "Neoverse-N1"
		case 0xd40:
			model = "Neoverse-V1"
		case 0xd49:
			model = "Neoverse-N2"
		case 0xd4f:
			model = "Neoverse-V2"
		case 0xd83:
			model = "Neoverse-V3AE"
		case 0xd84:
			model = "Neoverse-V3"
		case 0xd8e:
			model = "Neoverse-N3"
		}
	case 0x43:
		maker = "Cavium"
		switch part {
		case 0x0a1:
			model = "ThunderX"
		case 0x0af:
			model = "ThunderX2"
		case 0x0b8:
			model = "ThunderX3"
		}
	case 0x46:
		maker = "Fujitsu"
		if part == 0x001 {
			model = "A64FX"
		}
	case 0x48:
		maker = "HiSilicon"
		switch part {
		case 0xd01:
			model = "Kunpeng-920"
		case 0xd02:
			model = "Kunpeng-920B"
		}
	case 0x4e:
		maker = "NVIDIA"
		if part == 0x010 {
			model = "Olympus"
		}
	case 0x50:
		maker = "APM"
		if part == 0x000 {
			model = "X-Gene"
		}
	case 0x51:
		maker = "Qualcomm"
		if part == 0xc00 {
			model = "Falkor"
		}
	case 0x70:
		maker = "Phytium"
	case 0xc0:
		maker = "Ampere"
		switch part {
		case 0xac3:
			model = "Ampere-1"
		case 0xac4:
			model = "Ampere-1A"
		case 0xac5:
			model = "Ampere-1B"
		}
	}
	return maker, model
}

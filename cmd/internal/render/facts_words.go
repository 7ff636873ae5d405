package render

import "strings"

// Label makes a title of a key of the report, and tells the unit its name
// states: "temp_warning_celsius" is "Temp warning" in "°C".
func Label(key string) (name, unit string) {
	words := strings.Split(key, "_")
	switch unit = unitWord(words[len(words)-1]); {
	case len(words) == 1: // "hours" alone is a name
		unit = ""
	case unit != "":
		words = words[:len(words)-1]
	case words[0] == "bytes": // bytes_read
		unit = "bytes"
	}
	for i, w := range words {
		words[i] = spelled(w)
	}
	if w := words[0]; w != "" && w[0] >= 'a' && w[0] <= 'z' {
		words[0] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " "), unit
}

// unitWord is the unit a word stands for.
func unitWord(word string) string {
	switch word {
	case "bytes", "ms", "rpm":
		return word
	case "percent":
		return "%"
	case "celsius":
		return "°C"
	case "watts":
		return "W"
	case "volts":
		return "V"
	case "millivolts":
		return "mV"
	case "milliwatts":
		return "mW"
	case "milliamperes":
		return "mA"
	case "mhz":
		return "MHz"
	case "mts":
		return "MT/s"
	case "gts":
		return "GT/s"
	case "mbps":
		return "Mb/s"
	case "gbps":
		return "Gb/s"
	case "hours":
		return "h"
	case "minutes":
		return "min"
	case "seconds":
		return "s"
	case "bits":
		return "bit"
	case "nanometers":
		return "nm"
	case "meters":
		return "m"
	case "u":
		return "U"
	}
	return ""
}

// spelled is a word as people write it.
func spelled(word string) string {
	switch word {
	case "pcie":
		return "PCIe"
	case "nvlinks":
		return "NVLinks"
	case "nics", "gpus", "cpus", "tpms", "frus", "vlans":
		return strings.ToUpper(word[:len(word)-1]) + "s"
	case "id", "ids":
		return "ID" + word[2:]
	case "aer", "bios", "bmc", "cpu", "crc", "cuda", "cxl", "ecc", "eui64", "fec", "fifo", "fru", "gpu", "guid", "i2c",
		"iommu", "ip", "ipmi", "lan", "lba", "lid", "lldp", "los", "mac", "mig", "mii", "mtu", "nguid", "nic", "nqn", "nsid", "numa", "oem", "os",
		"oui", "pci", "pcr", "rdma", "rom", "rx", "sas", "sel", "sku", "sm", "smbios", "tpm", "ttl", "tx", "usb", "uuid", "vbios", "vlan", "vpd", "wwn":
		return strings.ToUpper(word)
	}
	return word
}

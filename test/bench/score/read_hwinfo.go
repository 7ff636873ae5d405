package score

import (
	"regexp"
	"strings"
)

// Hwinfo reads `hwinfo --all`: blocks of "Key: value" lines, one for each
// device, and in that of the BIOS one section for each SMBIOS structure.
func Hwinfo(text []byte) ([]Part, error) {
	var out []Part
	for block := range strings.SplitSeq(string(text), "\n\n") {
		head := hwinfoFields(block, "  ")
		switch head.one("Hardware Class") {
		case "bios":
			out = append(out, hwinfoBIOS(block)...)
		case "disk":
			out = append(out, hwinfoDisk(head)...)
		case "storage":
			out = append(out, part("controller", "pci_address", head.one("SysFS BusID"), "driver", head.one("Driver")))
		case "network":
			if mac := head.one("HW Address"); mac != "" {
				p := part("nic", "mac", mac, "driver", head.one("Driver"), "pci_address", head.one("SysFS BusID"))
				p.add("mac", head.one("Permanent HW Address"))
				out = append(out, p)
			}
		}
	}
	return out, nil
}

type hwinfoBlock map[string]string

// one is a field without quotes.
func (b hwinfoBlock) one(key string) string { return strings.Trim(b[key], `"`) }

// hwinfoFields reads the lines of exactly that indentation; the first of a
// key counts.
func hwinfoFields(text, indent string) hwinfoBlock {
	out := hwinfoBlock{}
	for line := range strings.Lines(text) {
		rest, ok := strings.CutPrefix(line, indent)
		if !ok || strings.HasPrefix(rest, " ") {
			continue
		}
		key, value, ok := strings.Cut(rest, ":")
		if _, there := out[key]; ok && !there {
			out[key] = strings.TrimSpace(value)
		}
	}
	return out
}

func hwinfoBIOS(text string) []Part {
	board := part("board")
	out := []Part{board}
	section := regexp.MustCompile(`(?m)^  ([A-Z][A-Za-z ]*): #\d+$`)
	at := section.FindAllStringSubmatchIndex(text, -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		f := hwinfoFields(text[m[1]:end], "    ")
		switch name := text[m[2]:m[3]]; name {
		case "BIOS Info":
			board.add("bios_vendor", f.one("Vendor"))
			board.add("bios_version", f.one("Version"))
			board.add("bios_date", f.one("Date"))
		case "System Info", "Board Info", "Chassis Info":
			kind := strings.ToLower(strings.TrimSuffix(name, " Info"))
			board.add(kind+"_manufacturer", f.one("Manufacturer"))
			board.add(kind+"_product", f.one("Product"))
			board.add(kind+"_version", f.one("Version"))
			board.add(kind+"_serial", f.one("Serial"))
			board.add(kind+"_uuid", f.one("UUID"))
		case "Processor Info":
			out = append(out, part("cpu", "socket", f.one("Socket"), "model", f.one("Version"), "max_mhz", strings.TrimSuffix(f["Max. Speed"], " MHz")))
		case "Memory Device":
			p := part("dimm", "slot", f.one("Location"), "serial", f.one("Serial"), "part", f.one("Part Number"), "manufacturer", f.one("Manufacturer"),
				"mts", strings.TrimSuffix(f["Speed"], " MHz"))
			p.add("bytes", bytesOf(f["Size"]))
			out = append(out, p)
		case "System Slot":
			out = append(out, part("slot", "designation", f.one("Designation")))
		}
	}
	return out
}

func hwinfoDisk(f hwinfoBlock) []Part {
	p := part("drive", "serial", f.one("Serial ID"), "firmware", f.one("Revision"))
	// hwinfo splits the maker's name off; both spellings count.
	p.add("model", f.one("Model"))
	p.add("model", f.one("Device"))
	if m := regexp.MustCompile(`^pci 0x\S+ "(.*)"$`).FindStringSubmatch(f["Device"]); m != nil {
		p.add("model", m[1])
	}
	for _, step := range strings.Split(f["SysFS Device Link"], "/") {
		if regexp.MustCompile(`^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$`).MatchString(step) {
			p.Fields["pci_address"] = []string{step} // The last one is the nearest.
		}
	}
	size := regexp.MustCompile(`\((\d+) bytes\)`).FindStringSubmatch(f["Capacity"])
	if size != nil {
		p.add("bytes", size[1])
	}
	out := []Part{p}
	if m := regexp.MustCompile(`^/dev/nvme\d+n(\d+)`).FindStringSubmatch(f["Device File"]); m != nil && size != nil {
		n := part("namespace", "serial_nsid", f.one("Serial ID")+"/"+m[1], "bytes", size[1])
		if b := regexp.MustCompile(` a (\d+) bytes`).FindStringSubmatch(f["Size"]); b != nil {
			n.add("block_bytes", b[1])
		}
		out = append(out, n)
	}
	return out
}

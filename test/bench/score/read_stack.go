package score

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"example.com/bee/test/lab/witness"
)

// Stack reads what the programs of peers/stack.sh left in a folder, each under
// its own name. What is missing there is not counted as said.
func Stack(dir string) ([]Part, error) {
	var out []Part
	var errs []error
	for _, f := range []struct {
		name string
		read func([]byte) ([]Part, error)
	}{
		{"dmidecode", Dmidecode},
		{"lspci", Lspci},
		{"ipmitool-fru", func(b []byte) ([]Part, error) { return ipmitoolFRU(string(b)), nil }},
		{"ipmitool-sdr", func(b []byte) ([]Part, error) { return ipmitoolSDR(string(b)), nil }},
	} {
		text, err := os.ReadFile(filepath.Join(dir, f.name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		parts, readErr := f.read(text)
		errs = append(errs, err, readErr)
		out = append(out, parts...)
	}
	drives, err := stackDrives(dir)
	return append(mergeSupplies(out), drives...), errors.Join(append(errs, err)...)
}

// Dmidecode reads `dmidecode`.
func Dmidecode(text []byte) ([]Part, error) {
	board := part("board")
	out := []Part{board}
	for _, d := range witness.DMIDecode(string(text)) {
		f := func(key string) string { v, _ := d.Value(key); return v }
		switch d.Type {
		case 0:
			board.add("bios_vendor", f("Vendor"))
			board.add("bios_version", f("Version"))
			board.add("bios_date", f("Release Date"))
		case 1, 2, 3:
			kind := []string{"system", "board", "chassis"}[d.Type-1]
			board.add(kind+"_manufacturer", f("Manufacturer"))
			board.add(kind+"_product", f("Product Name"))
			board.add(kind+"_version", f("Version"))
			board.add(kind+"_serial", f("Serial Number"))
			board.add(kind+"_uuid", f("UUID"))
		case 4:
			out = append(out, part("cpu", "socket", f("Socket Designation"), "model", f("Version"), "max_mhz", strings.TrimSuffix(f("Max Speed"), " MHz")))
		case 9:
			out = append(out, part("slot", "designation", f("Designation"), "pci_address", f("Bus Address")))
		case 17:
			out = append(out, part("dimm", "slot", f("Locator"), "serial", f("Serial Number"), "part", f("Part Number"), "manufacturer", f("Manufacturer"),
				"mts", strings.TrimSuffix(f("Speed"), " MT/s"), "bytes", bytesOf(f("Size"))))
		case 39:
			out = append(out, part("psu", "serial", f("Serial Number"), "part", f("Model Part Number"), "manufacturer", f("Manufacturer"), "revision", f("Revision"),
				"watts", strings.TrimSuffix(f("Max Power Capacity"), " W")))
		}
	}
	return out, nil
}

// Lspci reads `lspci -Dvmmnnk`.
func Lspci(text []byte) ([]Part, error) {
	var out []Part
	for _, p := range witness.Lspci(string(text), "") {
		switch {
		case strings.HasPrefix(p.ClassID, "01"):
			out = append(out, part("controller", "pci_address", address(p.Address), "driver", p.Driver))
		case strings.HasPrefix(p.ClassID, "02"):
			out = append(out, part("nic", "pci_address", address(p.Address), "driver", p.Driver))
		}
	}
	return out, nil
}

func ipmitoolFRU(text string) []Part {
	var out []Part
	for _, f := range witness.IpmitoolFRU(text) {
		if f.ID == 0 {
			out = append(out, part("fru", "board_serial", f.Fields["Board Serial"], "board_part", f.Fields["Board Part Number"],
				"product_serial", f.Fields["Product Serial"], "asset_tag", f.Fields["Product Asset Tag"]))
			continue
		}
		p := part("psu", "part", f.Fields["Product Part Number"], "manufacturer", f.Fields["Product Manufacturer"], "revision", f.Fields["Product Version"])
		p.add("serial", f.Fields["Product Serial"])
		p.add("serial", f.Fields["Board Serial"])
		out = append(out, p)
	}
	return out
}

func ipmitoolSDR(text string) []Part {
	var out []Part
	for _, s := range witness.IpmitoolSDR(text) {
		p := part("sensor", "name", s.Name)
		if m := regexp.MustCompile(`^(-?[0-9.]+) [A-Za-z]`).FindStringSubmatch(s.Reading); m != nil {
			p.add("value", m[1])
		}
		out = append(out, p)
	}
	return out
}

// mergeSupplies makes one of two parts with the same serial number: the reader
// of a stack has all its outputs before him.
func mergeSupplies(in []Part) []Part {
	var out []Part
	for _, p := range in {
		joined := false
		for _, o := range out {
			if p.Kind == "psu" && o.Kind == "psu" && common(p.Fields["serial"], o.Fields["serial"]) {
				joinInto(o, p)
				joined = true
				break
			}
		}
		if !joined {
			out = append(out, p)
		}
	}
	return out
}

func joinInto(to, from Part) {
	for f, v := range from.Fields {
		to.Fields[f] = append(to.Fields[f], v...)
	}
}

// stackDrives puts together smartctl, nvme list and lsblk by the drive's node.
func stackDrives(dir string) ([]Part, error) {
	drives := map[string]Part{}
	var order []string
	var errs []error
	if text, err := os.ReadFile(filepath.Join(dir, "smartctl")); err == nil {
		dec := json.NewDecoder(bytes.NewReader(text))
		for {
			var s witness.Smartctl
			if err := dec.Decode(&s); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				errs = append(errs, fmt.Errorf("smartctl: %w", err))
				break
			}
			node := strings.TrimPrefix(s.Device.Name, "/dev/")
			p := part("drive", "serial", s.Serial, "model", s.Model(), "firmware", s.FirmwareRevision(), "wwn", s.WWN())
			if s.WWNParts == nil && s.Device.Protocol == "NVMe" {
				delete(p.Fields, "wwn")
			}
			if s.UserCapacity != nil {
				p.add("bytes", strconv.FormatUint(s.UserCapacity.Bytes, 10))
			}
			addNumber(p, "rpm", s.RotationRate)
			drives[node] = p
			order = append(order, node)
		}
	}
	var namespaces []Part
	if text, err := os.ReadFile(filepath.Join(dir, "nvme-list")); err == nil {
		listed, err := witness.ParseNVMeList(text)
		errs = append(errs, err)
		for _, n := range listed {
			namespaces = append(namespaces, part("namespace", "serial_nsid", fmt.Sprintf("%s/%d", n.Serial, n.NSID),
				"bytes", strconv.FormatUint(n.SizeBytes, 10), "block_bytes", strconv.Itoa(n.BlockBytes)))
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "lsblk")); err == nil {
		blocks, err := witness.ParseLsblk(text)
		errs = append(errs, err)
		for _, b := range blocks {
			if b.Type != "disk" {
				continue
			}
			node := b.Name
			if m := regexp.MustCompile(`^(nvme\d+)n\d+$`).FindStringSubmatch(node); m != nil {
				node = m[1]
			}
			p, ok := drives[node]
			if !ok {
				p = part("drive", "serial", b.Serial, "model", b.Model, "firmware", b.Revision, "wwn", strings.TrimPrefix(b.WWN, "0x"))
				drives[node] = p
				order = append(order, node)
			}
			if len(p.Fields["bytes"]) == 0 {
				p.add("bytes", strconv.FormatUint(b.SizeBytes, 10))
			}
		}
	}
	out := make([]Part, 0, len(order)+len(namespaces))
	for _, n := range order {
		out = append(out, drives[n])
	}
	return append(out, namespaces...), errors.Join(errs...)
}

// bytesOf reads "32 GB" with binary units; empty when it is no size.
func bytesOf(s string) string {
	var n, unit uint64
	var name string
	if _, err := fmt.Sscanf(s, "%d %s", &n, &name); err != nil {
		return ""
	}
	switch name {
	case "kB":
		unit = 1 << 10
	case "MB":
		unit = 1 << 20
	case "GB":
		unit = 1 << 30
	case "TB":
		unit = 1 << 40
	}
	if n*unit == 0 {
		return ""
	}
	return strconv.FormatUint(n*unit, 10)
}

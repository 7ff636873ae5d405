package score

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

type lshwNode struct {
	ID            string         `json:"id"`
	Class         string         `json:"class"`
	Product       string         `json:"product"`
	Vendor        string         `json:"vendor"`
	BusInfo       string         `json:"businfo"`
	LogicalName   any            `json:"logicalname"` // A text or a list.
	Version       string         `json:"version"`
	Date          string         `json:"date"`
	Serial        string         `json:"serial"`
	Slot          string         `json:"slot"`
	Units         string         `json:"units"`
	Size          json.Number    `json:"size"`
	Capacity      json.Number    `json:"capacity"`
	Clock         json.Number    `json:"clock"`
	Configuration map[string]any `json:"configuration"`
	Capabilities  map[string]any `json:"capabilities"`
	Children      []lshwNode     `json:"children"`
}

// Lshw reads `lshw -json`.
func Lshw(text []byte) ([]Part, error) {
	var roots []lshwNode
	if err := json.Unmarshal(text, &roots); err != nil { // Old versions print one object.
		var one lshwNode
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, fmt.Errorf("lshw: %w", err)
		}
		roots = []lshwNode{one}
	}
	l := lshwReader{board: part("board")}
	for _, r := range roots {
		l.node(r, "", "")
	}
	return append(l.parts, l.board), nil
}

type lshwReader struct {
	board Part
	parts []Part
}

func (n lshwNode) config(key string) string {
	s, _ := n.Configuration[key].(string)
	return s
}

// node visits a node; pci is the address of the function it hangs on, serial
// that of the NVMe controller.
func (l *lshwReader) node(n lshwNode, pci, serial string) {
	if a, ok := strings.CutPrefix(n.BusInfo, "pci@"); ok {
		pci = a
	}
	switch {
	case n.Class == "system" && l.board.Fields["system_product"] == nil && n.ID != "pnp00":
		product, _, _ := strings.Cut(n.Product, " (")
		l.board.add("system_product", product)
		l.board.add("system_manufacturer", n.Vendor)
		l.board.add("system_serial", n.Serial)
		l.board.add("system_uuid", n.config("uuid"))
		l.board.add("chassis_serial", n.config("chassis_serial"))
	case n.ID == "core":
		l.board.add("board_product", n.Product)
		l.board.add("board_manufacturer", n.Vendor)
		l.board.add("board_version", n.Version)
		l.board.add("board_serial", n.Serial)
	case n.ID == "firmware":
		l.board.add("bios_vendor", n.Vendor)
		l.board.add("bios_version", n.Version)
		l.board.add("bios_date", n.Date)
	case n.Class == "processor":
		p := part("cpu", "socket", n.Slot, "model", n.Product)
		if hz, err := n.Capacity.Int64(); err == nil {
			p.add("max_mhz", strconv.FormatInt(hz/1e6, 10))
		}
		l.parts = append(l.parts, p)
	case strings.HasPrefix(n.ID, "bank"):
		p := part("dimm", "slot", n.Slot, "serial", n.Serial, "part", n.Product, "manufacturer", n.Vendor, "bytes", n.Size.String())
		// The description has the speed: "DIMM DDR4 Synchronous 2933 MHz (0.3 ns)".
		if hz, err := n.Clock.Int64(); err == nil {
			p.add("mts", strconv.FormatInt(hz/1e6, 10))
		}
		l.parts = append(l.parts, p)
	case n.Class == "power":
		l.parts = append(l.parts, part("psu", "serial", n.Serial, "part", n.Product, "manufacturer", n.Vendor, "revision", n.Version, "watts", n.Capacity.String()))
	case n.Class == "network":
		l.parts = append(l.parts, part("nic", "mac", n.Serial, "pci_address", pci, "driver", n.config("driver")))
	case n.Class == "storage" && strings.HasPrefix(n.BusInfo, "pci@"):
		l.storage(n, pci)
		serial = n.Serial
	case n.Class == "disk":
		l.disk(n, pci, serial)
	}
	for _, c := range n.Children {
		l.node(c, pci, serial)
	}
}

func (l *lshwReader) storage(n lshwNode, pci string) {
	name, _ := n.LogicalName.(string) // A list is no NVMe controller.
	if !strings.HasPrefix(name, "/dev/nvme") {
		l.parts = append(l.parts, part("controller", "pci_address", pci, "driver", n.config("driver")))
		return
	}
	p := part("drive", "serial", n.Serial, "model", n.Product, "firmware", n.Version, "pci_address", pci)
	for _, c := range n.Children { // The namespace has the size.
		p.add("bytes", c.Size.String())
	}
	l.parts = append(l.parts, p)
}

func (l *lshwReader) disk(n lshwNode, pci, serial string) {
	if strings.HasPrefix(n.ID, "namespace") {
		m := regexp.MustCompile(`^nvme@\d+:(\d+)$`).FindStringSubmatch(n.BusInfo)
		if m != nil {
			eui := ""
			if v, ok := strings.CutPrefix(n.config("wwid"), "eui."); ok {
				eui = v
			}
			l.parts = append(l.parts, part("namespace", "serial_nsid", serial+"/"+m[1], "bytes", n.Size.String(),
				"block_bytes", n.config("logicalsectorsize"), "eui64", eui))
		}
		return
	}
	p := part("drive", "serial", n.Serial, "model", n.Product, "firmware", n.Version, "bytes", n.Size.String(), "pci_address", pci)
	for c := range n.Capabilities {
		if rpm, ok := strings.CutSuffix(c, "rpm"); ok {
			p.add("rpm", rpm)
		}
	}
	l.parts = append(l.parts, p)
}

package score

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
)

type ghwReport struct {
	Block *struct {
		Disks []struct {
			Name       string `json:"name"`
			Size       uint64 `json:"size_bytes"`
			BlockBytes int    `json:"logical_block_size_bytes"`
			Type       string `json:"drive_type"`
			Vendor     string `json:"vendor"`
			Model      string `json:"model"`
			Serial     string `json:"serial_number"`
			WWN        string `json:"wwn"`
			BusPath    string `json:"bus_path"`
		} `json:"disks"`
	} `json:"block"`
	CPU *struct {
		Processors []struct {
			Model string `json:"model"`
		} `json:"processors"`
	} `json:"cpu"`
	Memory *struct {
		Modules []struct {
			Location string `json:"location"`
			Serial   string `json:"serial_number"`
			Size     int64  `json:"size_bytes"`
			Vendor   string `json:"vendor"`
		} `json:"modules"`
	} `json:"memory"`
	Network *struct {
		NICs []struct {
			MAC     string `json:"mac_address"`
			Address string `json:"pci_address"`
			Virtual bool   `json:"is_virtual"`
		} `json:"nics"`
	} `json:"network"`
	PCI *struct {
		Devices []struct {
			Address string `json:"address"`
			Driver  string `json:"driver"`
			Class   struct {
				ID string `json:"id"`
			} `json:"class"`
		} `json:"devices"`
	} `json:"pci"`
	BIOS      struct{ Vendor, Version, Date string } `json:"bios"`
	Baseboard struct {
		Vendor  string `json:"vendor"`
		Product string `json:"product"`
		Version string `json:"version"`
		Serial  string `json:"serial_number"`
	} `json:"baseboard"`
	Chassis struct {
		Vendor string `json:"vendor"`
		Serial string `json:"serial_number"`
	} `json:"chassis"`
	Product struct {
		Vendor string `json:"vendor"`
		Name   string `json:"name"`
		Serial string `json:"serial_number"`
		UUID   string `json:"uuid"`
	} `json:"product"`
}

// GHW reads the JSON of test/bench/peers/ghw.
func GHW(text []byte) ([]Part, error) {
	var r ghwReport
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("ghw: %w", err)
	}
	out := []Part{part("board",
		"bios_vendor", r.BIOS.Vendor, "bios_version", r.BIOS.Version, "bios_date", r.BIOS.Date,
		"system_manufacturer", r.Product.Vendor, "system_product", r.Product.Name, "system_serial", r.Product.Serial, "system_uuid", r.Product.UUID,
		"board_manufacturer", r.Baseboard.Vendor, "board_product", r.Baseboard.Product, "board_version", r.Baseboard.Version, "board_serial", r.Baseboard.Serial,
		"chassis_manufacturer", r.Chassis.Vendor, "chassis_serial", r.Chassis.Serial)}
	if r.Block != nil {
		namespace := regexp.MustCompile(`^nvme\d+n(\d+)$`)
		for _, d := range r.Block.Disks {
			p := part("drive", "serial", d.Serial, "model", d.Model, "wwn", d.WWN, "bytes", strconv.FormatUint(d.Size, 10))
			if d.Type == "ssd" {
				p.add("rpm", "0")
			}
			out = append(out, p)
			if m := namespace.FindStringSubmatch(d.Name); m != nil {
				out = append(out, part("namespace", "serial_nsid", d.Serial+"/"+m[1], "bytes", strconv.FormatUint(d.Size, 10), "block_bytes", strconv.Itoa(d.BlockBytes)))
			}
		}
	}
	if r.CPU != nil {
		for _, c := range r.CPU.Processors {
			out = append(out, part("cpu", "model", c.Model))
		}
	}
	if r.Memory != nil {
		for _, m := range r.Memory.Modules {
			out = append(out, part("dimm", "slot", m.Location, "serial", m.Serial, "manufacturer", m.Vendor, "bytes", positive(int(m.Size))))
		}
	}
	drivers := map[string]string{}
	if r.PCI != nil {
		for _, d := range r.PCI.Devices {
			drivers[d.Address] = d.Driver
			if d.Class.ID == "01" {
				out = append(out, part("controller", "pci_address", d.Address, "driver", d.Driver))
			}
		}
	}
	if r.Network != nil {
		for _, n := range r.Network.NICs {
			if !n.Virtual {
				out = append(out, part("nic", "mac", n.MAC, "pci_address", n.Address, "driver", drivers[n.Address]))
			}
		}
	}
	return out, nil
}

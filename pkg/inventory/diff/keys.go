package diff

import "strings"

// Key is one row of the table by which the parts of a list are known.
//
// A field list is complete when its last field has a value. Fields may begin
// with a word before a colon:
//
//	path:F  the way from the root to the PCI function at address F
//	slot:F  the slot of the PCI function at address F
//	fn:F    the function number of address F
type Key struct {
	// Path is the list, or the object.
	Path string
	// Noun is what a technician calls the part.
	Noun string
	// Identity are the field lists that tell the part itself, the best first.
	Identity [][]string
	// Weak ones find the part again, but another value is no other part.
	Weak [][]string
	// Place are the field lists that tell where it is, the best first.
	Place [][]string
	// Model tells parts of another kind apart when they have no identity.
	Model []string
	// Label names the part, the first field that has a value.
	Label []string
	// Describe are the fields of its description; of those joined by "|" the
	// first that has a value.
	Describe []string

	// single is an object, not a list.
	single bool
	// byPlace says that Label is a place.
	byPlace bool
	// sub is a property of the part above and named after it.
	sub bool
}

// Keys is the table. Lists it does not name are matched by the usual names of
// such fields: see the row of "*".
func Keys() []Key {
	one := func(path, noun string) Key { return Key{Path: path, Noun: noun, single: true} }
	return []Key{
		one("host", "host"),
		one("board", "board"),
		one("board.bios", "BIOS"),
		one("board.system", "system"),
		{
			Path: "board.baseboards", Noun: "baseboard", byPlace: true,
			Identity: [][]string{{"product_name", "serial_number"}}, Place: [][]string{{"id"}},
			Model: []string{"manufacturer", "product_name"}, Label: []string{"location", "id"},
			Describe: []string{"manufacturer", "product_name", "version", "serial_number"},
		},
		{
			Path: "board.chassis_all", Noun: "chassis", byPlace: true,
			Identity: [][]string{{"serial_number"}}, Place: [][]string{{"id"}},
			Model: []string{"manufacturer", "type"}, Label: []string{"id"},
			Describe: []string{"manufacturer", "type", "version", "serial_number"},
		},
		{Path: "board.onboard_devices", Noun: "onboard device", Place: [][]string{{"type", "designation"}, {"type", "instance"}}, Label: []string{"designation"}, byPlace: true},
		{Path: "board.slots", Noun: "slot", Place: [][]string{{"slot_id", "designation"}, {"designation"}}, Label: []string{"designation", "slot_id"}, Describe: []string{"type", "width"}, byPlace: true},
		{Path: "board.connectors", Noun: "connector", Place: [][]string{{"internal", "external"}, {"internal"}}, Label: []string{"external", "internal"}, byPlace: true},
		{
			Path: "cpus", Noun: "CPU", byPlace: true,
			Identity: [][]string{{"serial_number"}}, Place: [][]string{{"id"}},
			Model: []string{"model"}, Label: []string{"socket", "id"},
			Describe: []string{"model", "serial_number"},
		},
		{Path: "cpus[].caches", Noun: "cache", Place: [][]string{{"type", "level"}}, Label: []string{"level"}, byPlace: true, sub: true},
		one("memory", "memory"),
		{Path: "memory.nodes", Noun: "memory node", Place: [][]string{{"node"}}, Label: []string{"node"}, byPlace: true},
		{Path: "memory.arrays", Noun: "memory array", Place: [][]string{{"id"}}, Label: []string{"id"}, byPlace: true},
		{Path: "memory.controllers", Noun: "memory controller", Place: [][]string{{"id"}}, Label: []string{"name", "id"}, byPlace: true},
		{Path: "memory.controllers[].modules", Noun: "module", Place: [][]string{{"name"}}, Label: []string{"label", "name"}, byPlace: true, sub: true},
		{
			Path: "memory.modules", Noun: "DIMM", byPlace: true,
			Identity: [][]string{{"part_number", "serial_number"}}, Place: [][]string{{"id"}},
			Model: []string{"manufacturer", "part_number", "size_bytes"}, Label: []string{"slot", "id"},
			Describe: []string{"size_bytes", "manufacturer", "part_number", "serial_number"},
		},
		{
			Path: "storage", Noun: "drive",
			Identity: [][]string{{"wwn"}, {"model", "serial_number"}},
			Place:    [][]string{{"enclosure.id", "enclosure.slot"}, {"slot:pci_address"}, {"path:pci_address"}},
			Model:    []string{"vendor", "model"}, Label: []string{"serial_number", "device", "wwn", "id"},
			Describe: []string{"size_bytes", "vendor", "model", "serial_number"},
		},
		{Path: "storage[].namespaces", Noun: "namespace", Weak: [][]string{{"nguid"}, {"eui64"}}, Place: [][]string{{"nsid"}}, Label: []string{"nsid"}, byPlace: true, sub: true},
		{Path: "storage[].health.attributes", Noun: "attribute", Place: [][]string{{"id"}}, Label: []string{"name", "id"}, byPlace: true, sub: true},
		{
			Path: "storage_controllers", Noun: "storage controller", byPlace: true,
			Identity: [][]string{{"sas_address"}, {"model", "serial_number"}},
			Place:    [][]string{{"slot:pci_address"}, {"path:pci_address"}, {"id"}},
			Model:    []string{"vendor", "model"}, Label: []string{"pci_address", "id"},
			Describe: []string{"vendor", "model", "serial_number"},
		},
		{
			Path: "logical_drives", Noun: "logical drive", byPlace: true,
			Place: [][]string{{"id"}}, Label: []string{"name", "id"}, Describe: []string{"level", "size_bytes"},
		},
		{
			Path: "pcie_devices", Noun: "PCI device", byPlace: true,
			Identity: [][]string{{"fn:address", "vendor_id", "device_id", "serial_number"}},
			Place:    [][]string{{"path:address"}},
			Model:    []string{"vendor_id", "device_id", "subsystem_vendor_id", "subsystem_device_id"},
			Label:    []string{"address", "id"},
			Describe: []string{"vendor", "device", "serial_number"},
		},
		{
			Path: "power_supplies", Noun: "power supply", byPlace: true,
			Identity: [][]string{{"model", "serial_number"}}, Place: [][]string{{"slot"}, {"id"}},
			Model: []string{"manufacturer", "model", "part_number"}, Label: []string{"slot", "id"},
			Describe: []string{"manufacturer", "model", "capacity_watts", "serial_number"},
		},
		{
			Path: "gpus", Noun: "GPU", byPlace: true,
			Identity: [][]string{{"uuid"}, {"name", "serial_number"}},
			Place:    [][]string{{"slot:pci_address"}, {"path:pci_address"}, {"id"}},
			Model:    []string{"name"}, Label: []string{"pci_address", "uuid", "id"},
			Describe: []string{"name", "serial_number|uuid"},
		},
		{Path: "gpus[].nvlinks", Noun: "NVLink", Place: [][]string{{"link"}}, Label: []string{"link"}, byPlace: true, sub: true},
		{Path: "gpus[].mig.instances", Noun: "MIG instance", Weak: [][]string{{"uuid"}}, Place: [][]string{{"index"}}, Label: []string{"index"}, Describe: []string{"name", "uuid"}, byPlace: true, sub: true},
		{
			Path: "network", Noun: "network interface",
			Identity: [][]string{{"permanent_mac"}}, Weak: [][]string{{"mac"}},
			Place: [][]string{{"slot:pci_address"}, {"port_index", "path:pci_address"}, {"path:pci_address"}, {"name"}},
			Model: []string{"driver"}, Label: []string{"name", "mac", "id"},
			Describe: []string{"driver", "permanent_mac|mac"},
		},
		{Path: "network[].rdma", Noun: "RDMA port", Weak: [][]string{{"port_guid"}}, Place: [][]string{{"device", "port"}}, Label: []string{"device"}, byPlace: true, sub: true},
		{Path: "network[].lldp", Noun: "neighbour", Place: [][]string{{"chassis_id", "port_id"}}, Label: []string{"system_name", "chassis_id"}, Describe: []string{"port_id"}, byPlace: true, sub: true},
		{
			Path: "cxl_devices", Noun: "CXL device", byPlace: true,
			Identity: [][]string{{"serial_number"}}, Place: [][]string{{"slot:pci_address"}, {"path:pci_address"}, {"id"}},
			Label: []string{"pci_address", "id"}, Describe: []string{"serial_number"},
		},
		{Path: "sensors", Noun: "sensor", Place: [][]string{{"id"}}, Label: []string{"name", "id"}, byPlace: true},
		one("trust", "trust"),
		{Path: "trust.tpms", Noun: "TPM", Place: [][]string{{"id"}}, Model: []string{"manufacturer", "model"}, Label: []string{"id"}, Describe: []string{"manufacturer", "model", "version"}, byPlace: true},
		{Path: "firmware", Noun: "firmware", Place: [][]string{{"guid"}, {"id"}}, Label: []string{"guid", "id"}, byPlace: true},
		one("bmc", "BMC"),
		{Path: "bmc.sensors", Noun: "sensor", Place: [][]string{{"id"}}, Label: []string{"name", "id"}, byPlace: true},
		{
			Path: "bmc.frus", Noun: "FRU", byPlace: true,
			Identity: [][]string{{"board_product", "board_serial_number"}, {"product_name", "product_serial_number"}},
			Place:    [][]string{{"id"}}, Model: []string{"board_product", "board_part_number", "product_part_number"}, Label: []string{"name", "id"},
			Describe: []string{"board_manufacturer", "board_product", "board_serial_number|product_serial_number"},
		},
		{Path: "findings", Noun: "finding", Place: [][]string{{"component_id", "code"}, {"code"}}, Label: []string{"code"}, byPlace: true},
		usualKey(),
	}
}

// usualKey is for lists nobody has told about.
func usualKey() Key {
	return Key{
		Path:     "*",
		Identity: [][]string{{"serial_number"}, {"uuid"}, {"guid"}, {"wwn"}, {"permanent_mac"}},
		Weak:     [][]string{{"mac"}},
		Place:    [][]string{{"slot"}, {"path:pci_address"}, {"address"}, {"id"}, {"name"}, {"index"}, {"number"}, {"port"}, {"key"}},
		Model:    []string{"model", "part_number"},
		Label:    []string{"slot", "name", "id", "address", "index", "number", "port", "key", "serial_number"},
		Describe: []string{"manufacturer", "vendor", "model", "serial_number"},
		byPlace:  true,
	}
}

// table finds rows by path.
type table map[string]*Key

func newTable() table {
	t := table{}
	for _, k := range Keys() {
		t[k.Path] = &k
	}
	return t
}

// list is the row for a list at p.
func (t table) list(p path) *Key {
	if k := t[p.String()]; k != nil && !k.single {
		return k
	}
	k := usualKey()
	k.Path = p.String()
	k.Noun = "entry"
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] != anyEntry {
			k.Noun = strings.ReplaceAll(strings.TrimSuffix(p[i], "s"), "_", " ")
			break
		}
	}
	k.sub = len(p) > 1
	return &k
}

// single is the row for an object at p, nil when it is no part.
func (t table) single(p path) *Key {
	if k := t[p.String()]; k != nil && k.single {
		return k
	}
	return nil
}

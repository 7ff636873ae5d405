package export

import "example.com/bee/pkg/inventory"

// component is one part of the machine and where the report keeps it.
type component struct {
	Kind    string `json:"kind"`
	Section string `json:"section"`
	Data    any    `json:"data"`

	cells cells
}

// components lists every part in the report's order. Parts that hold lists of
// parts are without them; these follow on their own.
func components(r *inventory.Report) []component {
	var list []component
	add := func(kind, section string, data any, c cells) {
		list = append(list, component{kind, section, data, c})
	}
	if r.Host != nil {
		add("host", "host", r.Host, hostCells(r.Host))
	}
	boardComponents(r.Board, add)
	for i := range r.CPUs {
		add("cpu", "cpus", &r.CPUs[i], cpuCells(&r.CPUs[i]))
	}
	memoryComponents(r.Memory, add)
	for i := range r.Storage {
		add("drive", "storage", &r.Storage[i], driveCells(&r.Storage[i]))
	}
	for i := range r.StorageControllers {
		add("storage_controller", "storage_controllers", &r.StorageControllers[i], controllerCells(&r.StorageControllers[i]))
	}
	for i := range r.LogicalDrives {
		add("logical_drive", "logical_drives", &r.LogicalDrives[i], volumeCells(&r.LogicalDrives[i]))
	}
	for i := range r.PCIeDevices {
		add("pcie_device", "pcie_devices", &r.PCIeDevices[i], pcieCells(&r.PCIeDevices[i]))
	}
	for i := range r.PowerSupplies {
		add("power_supply", "power_supplies", &r.PowerSupplies[i], psuCells(&r.PowerSupplies[i]))
	}
	for i := range r.GPUs {
		add("gpu", "gpus", &r.GPUs[i], gpuCells(&r.GPUs[i]))
	}
	for i := range r.CXLDevices {
		add("cxl_device", "cxl_devices", &r.CXLDevices[i], cxlCells(&r.CXLDevices[i]))
	}
	for i := range r.Network {
		add("nic", "network", &r.Network[i], nicCells(&r.Network[i]))
	}
	for i := range r.Sensors {
		add("sensor", "sensors", &r.Sensors[i], hostSensorCells(&r.Sensors[i]))
	}
	trustComponents(r.Trust, add)
	for i := range r.Firmware {
		add("firmware_resource", "firmware", &r.Firmware[i], firmwareCells(&r.Firmware[i]))
	}
	bmcComponents(r.BMC, add)
	return list
}

type adder func(kind, section string, data any, c cells)

func boardComponents(b *inventory.Board, add adder) {
	if b == nil {
		return
	}
	boards, enclosures := b.Baseboards, b.ChassisAll
	if boards == nil && b.Baseboard != nil {
		boards = []inventory.Baseboard{*b.Baseboard}
	}
	if enclosures == nil && b.Chassis != nil {
		enclosures = []inventory.Chassis{*b.Chassis}
	}
	only := *b
	only.Baseboard, only.Baseboards, only.Chassis, only.ChassisAll = nil, nil, nil, nil
	add("board", "board", &only, boardCells(b))
	for i := range boards {
		add("baseboard", "board.baseboards", &boards[i], baseboardCells(&boards[i]))
	}
	for i := range enclosures {
		add("chassis", "board.chassis_all", &enclosures[i], chassisCells(&enclosures[i]))
	}
}

func memoryComponents(m *inventory.Memory, add adder) {
	if m == nil {
		return
	}
	only := *m
	only.Arrays, only.Controllers, only.Modules = nil, nil, nil
	add("memory", "memory", &only, cells{meta: m.Meta, size: m.SizeBytes, detail: m.ECC})
	for i := range m.Arrays {
		a := &m.Arrays[i]
		add("memory_array", "memory.arrays", a, cells{meta: a.Meta, location: a.Location, size: a.MaxCapacityBytes, detail: a.Use})
	}
	for i := range m.Controllers {
		c := &m.Controllers[i]
		add("memory_controller", "memory.controllers", c, cells{meta: c.Meta, location: c.Name, size: c.SizeBytes})
	}
	for i := range m.Modules {
		add("memory_module", "memory.modules", &m.Modules[i], moduleCells(&m.Modules[i]))
	}
}

func bmcComponents(b *inventory.BMC, add adder) {
	if b == nil {
		return
	}
	only := *b
	only.Sensors, only.FRUs = nil, nil
	add("bmc", "bmc", &only, bmcCells(b))
	for i := range b.Sensors {
		add("sensor", "bmc.sensors", &b.Sensors[i], sensorCells(&b.Sensors[i]))
	}
	for i := range b.FRUs {
		add("fru", "bmc.frus", &b.FRUs[i], fruCells(&b.FRUs[i]))
	}
}

func trustComponents(t *inventory.Trust, add adder) {
	if t == nil {
		return
	}
	only := *t
	only.TPMs = nil
	add("trust", "trust", &only, cells{meta: t.Meta, detail: words("lockdown", t.Lockdown)})
	for i := range t.TPMs {
		x := &t.TPMs[i]
		add("tpm", "trust.tpms", x, cells{meta: x.Meta, location: x.Device, manufacturer: either(x.Manufacturer, x.ManufacturerID), model: x.Model, version: x.Firmware, detail: words("TPM", x.Version)})
	}
}

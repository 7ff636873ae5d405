package render

import "example.com/bee/pkg/inventory"

// Table is the report for a person: the verdict first, then what is wrong,
// then what the machine is made of, at last what could not be read.
func Table(r *inventory.Report, o Options) []byte {
	p := newPage(o)
	p.verdict(r)
	p.findings(r.Findings, len(r.Findings))
	p.identity(r)
	p.topology(r)
	p.board(r.Board)
	p.cpus(r.CPUs)
	p.memory(r.Memory)
	p.drives(r.Storage)
	p.controllers(r.StorageControllers)
	p.volumes(r.LogicalDrives)
	p.pcie(r.PCIeDevices)
	p.powerSupplies(r.PowerSupplies)
	p.gpus(r.GPUs)
	p.cxl(r.CXLDevices)
	p.network(r.Network)
	p.hostSensors(r.Sensors)
	p.trust(r.Trust)
	p.firmware(r.Firmware)
	p.bmc(r.BMC)
	p.everything(r)
	p.extensions(r.Extensions)
	p.collectors(r.Collectors)
	p.issues(r.Issues)
	return p.b.Bytes()
}

// Summary is what a person needs to hear when the report itself went into a
// file.
func Summary(r *inventory.Report, o Options) []byte {
	const most = 10
	p := newPage(o)
	p.verdict(r)
	p.findings(r.Findings, most)
	p.identity(r)
	p.parts(r)
	p.collectors(r.Collectors)
	return p.b.Bytes()
}

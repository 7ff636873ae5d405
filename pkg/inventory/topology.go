package inventory

// Topology says what is near to what. It is put together by [Report.Join] from
// the parts, which carry the same facts one by one.
type Topology struct {
	// Nodes are the memory nodes in the order of their numbers; the last entry
	// has no number and holds parts of which the kernel does not say where
	// they are.
	Nodes []TopologyNode `json:"nodes"`
}

// TopologyNode is a memory node and what is attached to it.
type TopologyNode struct {
	// Node is the kernel's number.
	Node *int `json:"node,omitzero"`
	// MemoryBytes is the memory the kernel manages there.
	MemoryBytes *uint64 `json:"memory_bytes,omitzero"`
	// CPUs, PCIeDevices, Drives, NICs, GPUs and CXLDevices are component ids.
	CPUs []string `json:"cpus,omitzero"`
	// PCIeDevices leaves out bridges and virtual functions.
	PCIeDevices []string `json:"pcie_devices,omitzero"`
	Drives      []string `json:"drives,omitzero"`
	NICs        []string `json:"nics,omitzero"`
	GPUs        []string `json:"gpus,omitzero"`
	CXLDevices  []string `json:"cxl_devices,omitzero"`
	// Distances are relative costs of memory of each node, by node number, as
	// the firmware gives them; 10 is the node itself.
	Distances map[string]int `json:"distances,omitzero"`
}

package inventory

import (
	"maps"
	"slices"
	"strconv"
)

// joinTopology tells drives, network interfaces, GPUs and CXL devices their
// memory node and nearest processor, and gathers everything by node. Where the
// kernel knows no node there is no topology.
func (r *Report) joinTopology() {
	t := &placement{nodes: map[int]*TopologyNode{}, functions: map[string]*int{}, cpus: map[int][]string{}}
	r.placeNodes(t)
	r.placeDevices(t)
	r.Topology = nil
	if len(t.nodes) == 0 {
		return
	}
	r.Topology = &Topology{}
	for _, n := range slices.Sorted(maps.Keys(t.nodes)) {
		r.Topology.Nodes = append(r.Topology.Nodes, *t.nodes[n])
	}
	if t.nowhere.holds() {
		r.Topology.Nodes = append(r.Topology.Nodes, t.nowhere)
	}
}

// placement is a topology in the making.
type placement struct {
	nodes     map[int]*TopologyNode
	nowhere   TopologyNode
	functions map[string]*int  // nodes of PCI functions, by address
	cpus      map[int][]string // component ids of processors, by node
}

// at is the node's entry, made where it is new.
func (t *placement) at(node *int) *TopologyNode {
	if node == nil {
		return &t.nowhere
	}
	n := t.nodes[*node]
	if n == nil {
		n = &TopologyNode{Node: new(*node)}
		t.nodes[*node] = n
	}
	return n
}

// cpu is the one processor of a node.
func (t *placement) cpu(node *int) string {
	if node == nil || len(t.cpus[*node]) != 1 {
		return ""
	}
	return t.cpus[*node][0]
}

// function is the node of a PCI function; known says whether it was collected
// and has one.
func (t *placement) function(address string) (node *int, known bool) {
	n := t.functions[address]
	if n == nil {
		return nil, false
	}
	return new(*n), true
}

// placeNodes takes memory, processors and PCI functions.
func (r *Report) placeNodes(t *placement) {
	if r.Memory != nil {
		for i := range r.Memory.Nodes {
			m := &r.Memory.Nodes[i]
			n := t.at(&m.Node)
			if m.SizeBytes != nil {
				n.MemoryBytes = new(*m.SizeBytes)
			}
			if len(m.Distances) != len(r.Memory.Nodes) {
				continue // some nodes could not be listed: whose is which is not known
			}
			n.Distances = map[string]int{}
			for j, d := range m.Distances {
				n.Distances[strconv.Itoa(r.Memory.Nodes[j].Node)] = d
			}
		}
	}
	for i := range r.CPUs {
		c := &r.CPUs[i]
		for _, node := range c.NUMANodes {
			n := t.at(&node)
			n.CPUs = append(n.CPUs, c.ID)
			t.cpus[node] = append(t.cpus[node], c.ID)
		}
	}
	for i := range r.PCIeDevices {
		d := &r.PCIeDevices[i]
		t.functions[d.Address] = d.NUMANode
		if d.VirtualFunctionOf != "" || len(d.ClassID) == 6 && d.ClassID[:2] == "06" {
			continue
		}
		n := t.at(d.NUMANode)
		n.PCIeDevices = append(n.PCIeDevices, d.ID)
	}
}

// placeDevices takes what sits on PCI functions.
func (r *Report) placeDevices(t *placement) {
	for i := range r.Storage {
		d := &r.Storage[i]
		if n, known := t.function(d.PCIAddress); known {
			d.NUMANode = n
		}
		d.CPUID = t.cpu(d.NUMANode)
		n := t.at(d.NUMANode)
		n.Drives = append(n.Drives, d.ID)
	}
	for i := range r.GPUs {
		g := &r.GPUs[i]
		if n, known := t.function(g.PCIAddress); known {
			g.NUMANode = n
		}
		g.CPUID = t.cpu(g.NUMANode)
		n := t.at(g.NUMANode)
		n.GPUs = append(n.GPUs, g.ID)
	}
	for i := range r.Network {
		c := &r.Network[i]
		if n, known := t.function(c.PCIAddress); known && c.NUMANode == nil {
			c.NUMANode = n
		}
		c.CPUID = t.cpu(c.NUMANode)
		n := t.at(c.NUMANode)
		n.NICs = append(n.NICs, c.ID)
	}
	for i := range r.CXLDevices {
		d := &r.CXLDevices[i]
		if n, known := t.function(d.PCIAddress); known && d.NUMANode == nil {
			d.NUMANode = n
		}
		d.CPUID = t.cpu(d.NUMANode)
		n := t.at(d.NUMANode)
		n.CXLDevices = append(n.CXLDevices, d.ID)
	}
}

func (n *TopologyNode) holds() bool {
	return len(n.CPUs)+len(n.PCIeDevices)+len(n.Drives)+len(n.NICs)+len(n.GPUs)+len(n.CXLDevices) > 0
}

package inventory

// NIC is one physical network interface.
type NIC struct {
	Meta
	Name         string `json:"name"`
	MAC          string `json:"mac,omitzero"`
	PermanentMAC string `json:"permanent_mac,omitzero"`
	Driver       string `json:"driver,omitzero"`
	Firmware     string `json:"firmware,omitzero"`
	PCIAddress   string `json:"pci_address,omitzero"`
	// LinkUp is the carrier; nil when the interface is down and cannot tell.
	LinkUp *bool `json:"link_up,omitzero"`
	// SpeedMbps is the negotiated speed.
	SpeedMbps *uint32 `json:"speed_mbps,omitzero"`
	Duplex    string  `json:"duplex,omitzero"`
	MTU       *uint32 `json:"mtu,omitzero"`
	// NUMANode is the nearest memory node.
	NUMANode *int `json:"numa_node,omitzero"`
}

// Kind implements [Component].
func (*NIC) Kind() string { return "nic" }

func (n *NIC) addTo(r *Report) { r.Network = append(r.Network, *n) }

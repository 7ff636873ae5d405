package inventory

// NIC is one physical network interface: one that has a device below it.
// Bonds, bridges, VLANs and their like are not listed, nor are virtual
// functions, which their physical function counts. An InfiniBand port without
// an interface of its own is listed under the name of its RDMA device, with its
// number where the device has several: "mlx4_0/2".
type NIC struct {
	Meta
	// Name is the kernel's name of the interface.
	Name string `json:"name"`
	// Type is the kind of hardware (ARPHRD_*): ethernet, infiniband, can, ...
	Type string `json:"type,omitzero"`
	// MAC is the address in use: below a bond, the bond's.
	MAC string `json:"mac,omitzero"`
	// PermanentMAC is the address the hardware came with.
	PermanentMAC string `json:"permanent_mac,omitzero"`
	// MACAssignment says where the address in use is from: permanent, random,
	// stolen (from another interface), set (by a user).
	MACAssignment string `json:"mac_assignment,omitzero"`
	Driver        string `json:"driver,omitzero"`
	Firmware      string `json:"firmware,omitzero"`
	// ExpansionROM is the version of the card's boot ROM.
	ExpansionROM string `json:"expansion_rom,omitzero"`
	PCIAddress   string `json:"pci_address,omitzero"`
	// BusAddress is where the device sits when that is not PCI: a USB
	// interface, a platform device.
	BusAddress string `json:"bus_address,omitzero"`
	// USBID is vendor and product of a USB device, "046b:ffb0".
	USBID string `json:"usb_id,omitzero"`
	// BMCLink is true for the network the BMC offers its host over USB.
	BMCLink *bool `json:"bmc_link,omitzero"`
	// PortName is the driver's name of the port (phys_port_name).
	PortName string `json:"port_name,omitzero"`
	// PortID tells ports of one adapter apart (phys_port_id), hex digits.
	PortID string `json:"port_id,omitzero"`
	// PortIndex counts the ports behind one PCI function (dev_port).
	PortIndex *uint32 `json:"port_index,omitzero"`
	// PortType is the connector in use: tp, aui, mii, fibre, bnc, da, none,
	// other.
	PortType string `json:"port_type,omitzero"`
	// AdminUp says that the interface is switched on.
	AdminUp *bool `json:"admin_up,omitzero"`
	// OperState is the kernel's RFC 2863 state: up, down, dormant, ...
	OperState string `json:"oper_state,omitzero"`
	// LinkUp is the carrier; nil when the interface is down and cannot tell.
	LinkUp *bool `json:"link_up,omitzero"`
	// LinkDownReason is what the driver says of a missing carrier: no_cable,
	// autoneg, link_training_failure, module, ...
	LinkDownReason string `json:"link_down_reason,omitzero"`
	// SpeedMbps is the negotiated speed.
	SpeedMbps *uint32 `json:"speed_mbps,omitzero"`
	// MaxSpeedMbps is the highest speed the interface supports, with the
	// module it has.
	MaxSpeedMbps *uint32 `json:"max_speed_mbps,omitzero"`
	// AdvertisedMaxSpeedMbps is the highest speed offered to the far end.
	AdvertisedMaxSpeedMbps *uint32 `json:"advertised_max_speed_mbps,omitzero"`
	// PartnerMaxSpeedMbps is the highest speed the far end offers.
	PartnerMaxSpeedMbps *uint32 `json:"partner_max_speed_mbps,omitzero"`
	// SupportedModes are the link modes, in the kernel's spelling:
	// "10000baseT/Full".
	SupportedModes []string `json:"supported_modes,omitzero"`
	Duplex         string   `json:"duplex,omitzero"`
	// Autoneg says that speed and duplex are negotiated.
	Autoneg *bool `json:"autoneg,omitzero"`
	// FEC is forward error correction.
	FEC *NICFEC `json:"fec,omitzero"`
	MTU *uint32 `json:"mtu,omitzero"`
	// CarrierChanges counts losses and returns of the carrier since the
	// interface was made.
	CarrierChanges *uint64 `json:"carrier_changes,omitzero"`
	// NUMANode is the nearest memory node.
	NUMANode *int `json:"numa_node,omitzero"`
	// CPUID is the processor of that node, where there is exactly one.
	CPUID string `json:"cpu_id,omitzero"`
	// VirtualFunctions are those of a function with SR-IOV.
	VirtualFunctions *NICVirtualFunctions `json:"virtual_functions,omitzero"`
	// Master is the bond, bridge or team the interface belongs to.
	Master *NICMaster `json:"master,omitzero"`
	// Counters are the traffic and its errors since the interface was made.
	Counters *NICCounters `json:"counters,omitzero"`
	// Module is the transceiver or cable in the port's cage.
	Module *NICModule `json:"module,omitzero"`
	// RDMA are the InfiniBand, RoCE or iWARP ports of the interface.
	RDMA []RDMAPort `json:"rdma,omitzero"`
	// LLDP is what the switch said; empty: listened, nothing heard; nil: not
	// listened.
	LLDP []LLDPNeighbor `json:"lldp,omitzero"`
}

// NICFEC is the forward error correction of a link. Modes are none, rs, baser,
// llrs.
type NICFEC struct {
	Active string `json:"active,omitzero"`
	// Configured are the modes allowed.
	Configured []string `json:"configured,omitzero"`
	// Auto says that the driver chooses.
	Auto *bool `json:"auto,omitzero"`
}

// NICVirtualFunctions counts SR-IOV virtual functions.
type NICVirtualFunctions struct {
	Enabled *uint32 `json:"enabled,omitzero"`
	Total   *uint32 `json:"total,omitzero"`
}

// NICMaster is the interface that another is a part of.
type NICMaster struct {
	Name string `json:"name"`
	// Type is bond, bridge, or empty for another kind.
	Type string `json:"type,omitzero"`
	// Mode is the bond's: 802.3ad, active-backup, ...
	Mode string `json:"mode,omitzero"`
	// State of this interface in the bond: active, backup.
	State string `json:"state,omitzero"`
	// MIIStatus is the bond's view of the carrier: up, going down, down.
	MIIStatus string `json:"mii_status,omitzero"`
	// LinkFailures counts how often the bond lost this interface.
	LinkFailures *uint64 `json:"link_failures,omitzero"`
	// AggregatorID is the LACP group; members of one bond with several ids are
	// not aggregated.
	AggregatorID *uint32 `json:"aggregator_id,omitzero"`
}

// NICCounters are the kernel's standard counters of an interface.
type NICCounters struct {
	RxPackets Decimal `json:"rx_packets,omitzero"`
	TxPackets Decimal `json:"tx_packets,omitzero"`
	RxBytes   Decimal `json:"rx_bytes,omitzero"`
	TxBytes   Decimal `json:"tx_bytes,omitzero"`

	RxErrors        *uint64 `json:"rx_errors,omitzero"`
	TxErrors        *uint64 `json:"tx_errors,omitzero"`
	RxDropped       *uint64 `json:"rx_dropped,omitzero"`
	TxDropped       *uint64 `json:"tx_dropped,omitzero"`
	RxCRCErrors     *uint64 `json:"rx_crc_errors,omitzero"`
	RxFrameErrors   *uint64 `json:"rx_frame_errors,omitzero"`
	RxLengthErrors  *uint64 `json:"rx_length_errors,omitzero"`
	RxOverErrors    *uint64 `json:"rx_over_errors,omitzero"`
	RxFIFOErrors    *uint64 `json:"rx_fifo_errors,omitzero"`
	RxMissedErrors  *uint64 `json:"rx_missed_errors,omitzero"`
	TxCarrierErrors *uint64 `json:"tx_carrier_errors,omitzero"`
	TxAbortedErrors *uint64 `json:"tx_aborted_errors,omitzero"`
	TxFIFOErrors    *uint64 `json:"tx_fifo_errors,omitzero"`
	Collisions      *uint64 `json:"collisions,omitzero"`
}

// RDMAPort is one port of an RDMA device.
type RDMAPort struct {
	// Device is the kernel's name, "mlx5_0".
	Device string `json:"device"`
	// Port counts from 1.
	Port uint32 `json:"port"`
	// LinkLayer is infiniband or ethernet (RoCE, iWARP).
	LinkLayer string `json:"link_layer,omitzero"`
	// NodeGUID, SystemGUID and PortGUID are written in four groups,
	// "0002:c903:0011:2233".
	NodeGUID   string `json:"node_guid,omitzero"`
	SystemGUID string `json:"system_guid,omitzero"`
	PortGUID   string `json:"port_guid,omitzero"`
	// State is down, init, armed, active, active_defer.
	State string `json:"state,omitzero"`
	// PhysState is sleep, polling, disabled, linkup, ...
	PhysState string `json:"phys_state,omitzero"`
	// RateGbps is the rate in use, Width its lanes and generation ("4X EDR").
	RateGbps *float64 `json:"rate_gbps,omitzero"`
	Width    string   `json:"width,omitzero"`
	LID      *uint32  `json:"lid,omitzero"`
	SMLID    *uint32  `json:"sm_lid,omitzero"`
	Firmware string   `json:"firmware,omitzero"`
	// BoardID is the vendor's name of the board and its configuration (PSID).
	BoardID string `json:"board_id,omitzero"`
	// AdapterType is the chip, "MT4115".
	AdapterType      string `json:"adapter_type,omitzero"`
	HardwareRevision string `json:"hardware_revision,omitzero"`
	// Counters are the port's error counters, by the kernel's names.
	Counters map[string]uint64 `json:"counters,omitzero"`
}

// NICModule is a pluggable transceiver or cable, as its memory describes it
// (SFF-8472, SFF-8636, CMIS).
type NICModule struct {
	// Type is the form, "SFP", "QSFP28"; codes SFF-8024 lacks are
	// unknown_0xNN.
	Type string `json:"type"`
	// Standard is how the memory was read: sff-8472, sff-8636, cmis.
	Standard string `json:"standard,omitzero"`
	Vendor   string `json:"vendor,omitzero"`
	// VendorOUI is the maker's IEEE number, six hex digits.
	VendorOUI    string `json:"vendor_oui,omitzero"`
	PartNumber   string `json:"part_number,omitzero"`
	Revision     string `json:"revision,omitzero"`
	SerialNumber string `json:"serial_number,omitzero"`
	// Date of manufacture, RFC 3339, without time.
	Date string `json:"date,omitzero"`
	// Lot is the vendor's lot code.
	Lot       string `json:"lot,omitzero"`
	Connector string `json:"connector,omitzero"`
	// Media are the specifications it says to follow, "10GBASE-SR".
	Media []string `json:"media,omitzero"`
	// WavelengthNanometers is of the laser; absent on copper.
	WavelengthNanometers *float64 `json:"wavelength_nanometers,omitzero"`
	// LengthMeters is how long a cable is.
	LengthMeters *float64 `json:"length_meters,omitzero"`
	// MaxSpeedMbps is the nominal rate of all lanes.
	MaxSpeedMbps *uint32   `json:"max_speed_mbps,omitzero"`
	TempCelsius  *float64  `json:"temp_celsius,omitzero"`
	VoltageVolts *float64  `json:"voltage_volts,omitzero"`
	Lanes        []NICLane `json:"lanes,omitzero"`
	// Thresholds are the module's own limits by reading: temp_celsius,
	// voltage_volts, tx_bias_milliamperes, tx_power_milliwatts,
	// rx_power_milliwatts.
	Thresholds map[string]NICThresholds `json:"thresholds,omitzero"`
	// TxFault and RxLOS are the module's state now: laser off after a fault,
	// no light received.
	TxFault *bool `json:"tx_fault,omitzero"`
	RxLOS   *bool `json:"rx_los,omitzero"`
	// State is CMIS's: low_power, power_up, ready, power_down, fault.
	State string `json:"state,omitzero"`
	// ChecksumsOK is false when the identity's own checksums do not hold.
	ChecksumsOK *bool `json:"checksums_ok,omitzero"`
}

// NICLane is one lane of an optical module. No light is 0 mW.
type NICLane struct {
	Lane               int      `json:"lane"`
	RxPowerMilliwatts  *float64 `json:"rx_power_milliwatts,omitzero"`
	TxPowerMilliwatts  *float64 `json:"tx_power_milliwatts,omitzero"`
	TxBiasMilliamperes *float64 `json:"tx_bias_milliamperes,omitzero"`
}

// NICThresholds are the limits of one reading.
type NICThresholds struct {
	LowAlarm    float64 `json:"low_alarm"`
	LowWarning  float64 `json:"low_warning"`
	HighWarning float64 `json:"high_warning"`
	HighAlarm   float64 `json:"high_alarm"`
}

// LLDPNeighbor is what a switch said of itself and its port (IEEE 802.1AB).
type LLDPNeighbor struct {
	// ChassisID and PortID name switch and port; their types say how: mac,
	// interface_name, interface_alias, network_address, local, ...
	ChassisID         string `json:"chassis_id"`
	ChassisIDType     string `json:"chassis_id_type"`
	PortID            string `json:"port_id"`
	PortIDType        string `json:"port_id_type"`
	PortDescription   string `json:"port_description,omitzero"`
	SystemName        string `json:"system_name,omitzero"`
	SystemDescription string `json:"system_description,omitzero"`
	// ManagementAddresses are IP or other addresses of the switch.
	ManagementAddresses []string `json:"management_addresses,omitzero"`
	// Capabilities enabled: bridge, router, wlan_access_point, ...
	Capabilities []string `json:"capabilities,omitzero"`
	// VLANID is the port's untagged VLAN; VLANs maps tagged ids to names.
	VLANID *uint32           `json:"vlan_id,omitzero"`
	VLANs  map[string]string `json:"vlans,omitzero"`
	// MaxFrameBytes is the largest frame the port takes.
	MaxFrameBytes *uint32 `json:"max_frame_bytes,omitzero"`
	// Aggregated says that the port is part of a link aggregation there.
	Aggregated *bool `json:"aggregated,omitzero"`
	// TTLSeconds is how long the switch wants to be believed.
	TTLSeconds *uint32 `json:"ttl_seconds,omitzero"`
}

// Kind implements [Component].
func (*NIC) Kind() string { return "nic" }

func (n *NIC) addTo(r *Report) { r.Network = append(r.Network, *n) }

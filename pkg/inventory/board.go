package inventory

// Board is firmware, system, boards and enclosures as SMBIOS describes them.
type Board struct {
	Meta
	// SMBIOSVersion is the version the entry point announces: "3.2.0".
	SMBIOSVersion string `json:"smbios_version,omitzero"`
	// BIOS is the system firmware (SMBIOS type 0).
	BIOS *BIOS `json:"bios,omitzero"`
	// System is the product as a whole (SMBIOS type 1).
	System *System `json:"system,omitzero"`
	// Baseboard is the primary board of Baseboards.
	Baseboard *Baseboard `json:"baseboard,omitzero"`
	// Chassis is the primary enclosure of ChassisAll.
	Chassis *Chassis `json:"chassis,omitzero"`
	// Baseboards are all boards in table order (SMBIOS type 2).
	Baseboards []Baseboard `json:"baseboards,omitzero"`
	// ChassisAll are all enclosures in table order (SMBIOS type 3).
	ChassisAll []Chassis `json:"chassis_all,omitzero"`
	// OEMStrings are the vendor's free strings (SMBIOS type 11); systemd
	// credentials passed this way are left out.
	OEMStrings []string `json:"oem_strings,omitzero"`
	// OnboardDevices are the devices soldered on (SMBIOS type 41).
	OnboardDevices []OnboardDevice `json:"onboard_devices,omitzero"`
	// Slots are the board's expansion slots (SMBIOS type 9).
	Slots []Slot `json:"slots,omitzero"`
	// Connectors are the board's ports (SMBIOS type 8).
	Connectors []Connector `json:"connectors,omitzero"`
	// ManagementController is how the firmware says the BMC is reached
	// (SMBIOS type 38).
	ManagementController *ManagementController `json:"management_controller,omitzero"`
}

// BIOS is the system firmware.
type BIOS struct {
	Vendor  string `json:"vendor,omitzero"`  // firmware's maker
	Version string `json:"version,omitzero"` // firmware's version, in the maker's form
	// ReleaseDate is ISO 8601 (2023-11-30) when the firmware's own form could
	// be read, else as the firmware gives it.
	ReleaseDate string `json:"release_date,omitzero"`
	// Revision is the system BIOS major.minor release.
	Revision string `json:"revision,omitzero"`
	// FirmwareRevision is the embedded controller's major.minor release.
	FirmwareRevision string `json:"firmware_revision,omitzero"`
	// ROMSizeBytes is the size of the boot ROM.
	ROMSizeBytes *uint64 `json:"rom_size_bytes,omitzero"`
}

// System is the product.
type System struct {
	Manufacturer string `json:"manufacturer,omitzero"`  // maker, as the source spells it
	ProductName  string `json:"product_name,omitzero"`  // name of the model
	Version      string `json:"version,omitzero"`       // version of the part
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	// UUID is lower case, in the byte order the SMBIOS version demands.
	UUID       string `json:"uuid,omitzero"`
	SKUNumber  string `json:"sku_number,omitzero"`   // number under which it is sold
	Family     string `json:"family,omitzero"`       // product family
	WakeUpType string `json:"wake_up_type,omitzero"` // what started the system
}

// Baseboard is one board.
type Baseboard struct {
	Meta
	Manufacturer string `json:"manufacturer,omitzero"`  // maker, as the source spells it
	ProductName  string `json:"product_name,omitzero"`  // name of the model
	Version      string `json:"version,omitzero"`       // version of the part
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	AssetTag     string `json:"asset_tag,omitzero"`     // the owner's tag
	// Type is the board type: motherboard, server_blade, ...
	Type string `json:"type,omitzero"`
	// Location is where in the chassis it sits.
	Location string `json:"location,omitzero"`
}

// Chassis is one enclosure.
type Chassis struct {
	Meta
	Manufacturer string `json:"manufacturer,omitzero"` // maker, as the source spells it
	// Type is the enclosure type: rack_mount_chassis, blade, ...
	Type         string `json:"type,omitzero"`
	Version      string `json:"version,omitzero"`       // version of the part
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	AssetTag     string `json:"asset_tag,omitzero"`     // the owner's tag
	SKUNumber    string `json:"sku_number,omitzero"`    // number under which it is sold
	// HeightU is the height in rack units of 1.75 inch.
	HeightU *uint8 `json:"height_u,omitzero"`
	// PowerCords is the number of power cords.
	PowerCords *uint8 `json:"power_cords,omitzero"`
	// BootUpState, PowerSupplyState and ThermalState are what the firmware
	// saw at the last boot.
	BootUpState      string `json:"boot_up_state,omitzero"`
	PowerSupplyState string `json:"power_supply_state,omitzero"` // state of the power supplies at the last boot
	ThermalState     string `json:"thermal_state,omitzero"`      // thermal state at the last boot
}

// OnboardDevice is a device on the board itself.
type OnboardDevice struct {
	// Designation is the label on the board.
	Designation string `json:"designation,omitzero"`
	Type        string `json:"type,omitzero"`        // kind of device: ethernet, video, ...
	Instance    *uint8 `json:"instance,omitzero"`    // which of its kind
	Enabled     *bool  `json:"enabled,omitzero"`     // whether it is switched on
	PCIAddress  string `json:"pci_address,omitzero"` // address of its PCI function
}

// Slot is an expansion slot.
type Slot struct {
	Designation string `json:"designation,omitzero"` // label on the board
	Type        string `json:"type,omitzero"`        // kind of slot: pci_express_3_x16, ...
	// Width is the data bus width: x8, 32_bit.
	Width string `json:"width,omitzero"`
	// Usage is in_use, available, unavailable.
	Usage      string  `json:"usage,omitzero"`
	Length     string  `json:"length,omitzero"`      // length of the slot
	SlotID     *uint16 `json:"slot_id,omitzero"`     // firmware's number of the slot
	PCIAddress string  `json:"pci_address,omitzero"` // address of what sits in it
}

// Connector is a port of the board.
type Connector struct {
	Internal     string `json:"internal,omitzero"`      // label inside
	InternalType string `json:"internal_type,omitzero"` // kind of connector inside
	External     string `json:"external,omitzero"`      // label outside
	ExternalType string `json:"external_type,omitzero"` // kind of connector outside
	PortType     string `json:"port_type,omitzero"`     // what the port is for
}

// ManagementController is the IPMI interface the firmware describes.
type ManagementController struct {
	Interface    string `json:"interface,omitzero"`     // kcs, smic, bt or ssif
	IPMIVersion  string `json:"ipmi_version,omitzero"`  // version of IPMI it speaks
	I2CAddress   *uint8 `json:"i2c_address,omitzero"`   // slave address on the I2C bus
	BaseAddress  string `json:"base_address,omitzero"`  // base address in hex
	AddressSpace string `json:"address_space,omitzero"` // io, memory or smbus
}

// Kind implements [Component].
func (*Board) Kind() string { return "board" }

func (b *Board) addTo(r *Report) { r.Board = b }

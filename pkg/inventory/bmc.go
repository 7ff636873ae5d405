package inventory

import "time"

// BMC is the baseboard management controller.
type BMC struct {
	Meta
	// Firmware is major.minor as the device id gives it.
	Firmware     string `json:"firmware,omitzero"`
	Manufacturer string `json:"manufacturer,omitzero"` // maker, as the source spells it
	// ManufacturerID is the IANA enterprise number.
	ManufacturerID *uint32 `json:"manufacturer_id,omitzero"`
	Product        string  `json:"product,omitzero"`      // name of the product in the controller's own FRU
	ProductID      *uint16 `json:"product_id,omitzero"`   // the maker's number for the product
	IPMIVersion    string  `json:"ipmi_version,omitzero"` // version of IPMI it speaks
	DeviceID       *uint8  `json:"device_id,omitzero"`    // device id of Get Device ID
	GUID           string  `json:"guid,omitzero"`         // globally unique identifier
	MAC            string  `json:"mac,omitzero"`          // MAC address, lower case with colons
	// SelfTest is passed, or what failed.
	SelfTest string `json:"self_test,omitzero"`
	// LAN is the first LAN channel's configuration.
	LAN *BMCLAN `json:"lan,omitzero"`
	// Chassis is the power state.
	Chassis *ChassisStatus `json:"chassis,omitzero"`
	// PowerWatts is the system's draw as DCMI gives it.
	PowerWatts *uint32 `json:"power_watts,omitzero"`
	SEL        *SEL    `json:"sel,omitzero"` // system event log
	// Sensors are all sensors the repository names.
	Sensors []Sensor `json:"sensors,omitzero"`
	// FRUs are the field replaceable units that are not power supplies.
	FRUs []FRU `json:"frus,omitzero"`
}

// BMCLAN is the configuration of a BMC's network channel.
type BMCLAN struct {
	Channel   *uint8 `json:"channel,omitzero"`     // IPMI channel number
	IP        string `json:"ip,omitzero"`          // IPv4 address
	IPSource  string `json:"ip_source,omitzero"`   // static, dhcp, bios or other
	Netmask   string `json:"netmask,omitzero"`     // IPv4 subnet mask
	Gateway   string `json:"gateway,omitzero"`     // IPv4 default gateway
	MAC       string `json:"mac,omitzero"`         // MAC address, lower case with colons
	VLANID    *int   `json:"vlan_id,omitzero"`     // VLAN number
	VLANInUse *bool  `json:"vlan_in_use,omitzero"` // whether frames are tagged
}

// ChassisStatus is the answer to Get Chassis Status.
type ChassisStatus struct {
	PowerOn       *bool    `json:"power_on,omitzero"`       // whether system power is on
	RestorePolicy string   `json:"restore_policy,omitzero"` // what happens when input power returns: always_off, previous, always_on
	Faults        []string `json:"faults,omitzero"`         // faults that are asserted
	LastEvents    []string `json:"last_events,omitzero"`    // why power last changed
}

// SEL is the system event log.
type SEL struct {
	Entries     *int       `json:"entries,omitzero"`       // number of entries
	FreeBytes   *int       `json:"free_bytes,omitzero"`    // space left; nil when it is more than the field can say
	Overflow    *bool      `json:"overflow,omitzero"`      // whether entries were dropped for want of space
	LastAddAt   *time.Time `json:"last_add_at,omitzero"`   // when the last entry was added
	LastEraseAt *time.Time `json:"last_erase_at,omitzero"` // when the log was last cleared
	// Last are the latest entries, newest last.
	Last []SELEntry `json:"last,omitzero"`
}

// SELEntry is one event.
type SELEntry struct {
	RecordID uint16 `json:"record_id"` // number of the record
	// At is the BMC's clock; nil when it had no time yet.
	At *time.Time `json:"at,omitzero"`
	// TimestampRaw is the clock's 32 bits as recorded.
	TimestampRaw *uint32 `json:"timestamp_raw,omitzero"`
	SensorType   string  `json:"sensor_type,omitzero"`   // kind of sensor
	Sensor       string  `json:"sensor,omitzero"`        // sensor's name in the repository
	SensorNumber *uint8  `json:"sensor_number,omitzero"` // sensor's number
	// Event is the name of what happened; Asserted is false when it ended.
	Event    string `json:"event,omitzero"`
	Asserted *bool  `json:"asserted,omitzero"` // whether the event began
	// Detail explains the event data, for example the DIMM.
	Detail string `json:"detail,omitzero"`
	// ComponentID is the part the event names, where it could be told.
	ComponentID string `json:"component_id,omitzero"`
	// Raw are the 16 bytes of the record in hex.
	Raw string `json:"raw,omitzero"`
}

// Sensor is one sensor of the repository.
type Sensor struct {
	ID     string `json:"id"`              // stable identifier of the sensor
	Name   string `json:"name,omitzero"`   // sensor's name in the repository
	Number *uint8 `json:"number,omitzero"` // sensor's number
	// Type is the sensor type: temperature, fan, power_supply, ...
	Type string `json:"type,omitzero"`
	// Entity is the part it watches: "power_supply.1".
	Entity string   `json:"entity,omitzero"`
	Value  *float64 `json:"value,omitzero"` // reading in its unit
	Unit   string   `json:"unit,omitzero"`  // unit of the value
	// States are the discrete states that are asserted.
	States []string `json:"states,omitzero"`
	// Thresholds are those the sensor has, by name: upper_critical, ...
	Thresholds map[string]float64 `json:"thresholds,omitzero"`
	// Health is the verdict of threshold or state.
	Health Health `json:"health"`
	// Unavailable says why there is no reading.
	Unavailable string `json:"unavailable,omitzero"`
}

// FRU is one field replaceable unit's inventory.
type FRU struct {
	ID                  string            `json:"id"`                             // stable identifier
	DeviceID            uint8             `json:"device_id"`                      // FRU device number
	Name                string            `json:"name,omitzero"`                  // locator's name
	Entity              string            `json:"entity,omitzero"`                // the part it belongs to
	ChassisType         string            `json:"chassis_type,omitzero"`          // kind of chassis
	ChassisPartNumber   string            `json:"chassis_part_number,omitzero"`   // part number of the chassis area
	ChassisSerialNumber string            `json:"chassis_serial_number,omitzero"` // serial number of the chassis area
	BoardManufacturer   string            `json:"board_manufacturer,omitzero"`    // maker of the board area
	BoardProduct        string            `json:"board_product,omitzero"`         // product name of the board area
	BoardSerialNumber   string            `json:"board_serial_number,omitzero"`   // serial number of the board area
	BoardPartNumber     string            `json:"board_part_number,omitzero"`     // part number of the board area
	BoardMfgAt          *time.Time        `json:"board_mfg_at,omitzero"`          // when the board was made
	ProductManufacturer string            `json:"product_manufacturer,omitzero"`  // maker of the product area
	ProductName         string            `json:"product_name,omitzero"`          // name of the product area
	ProductPartNumber   string            `json:"product_part_number,omitzero"`   // part or model number of the product area
	ProductVersion      string            `json:"product_version,omitzero"`       // version of the product area
	ProductSerialNumber string            `json:"product_serial_number,omitzero"` // serial number of the product area
	ProductAssetTag     string            `json:"product_asset_tag,omitzero"`     // asset tag of the product area
	Custom              map[string]string `json:"custom,omitzero"`                // maker's further fields, by area and number
	// Damaged names areas whose checksum or form is wrong; their text is left
	// out.
	Damaged []string `json:"damaged,omitzero"`
}

// Kind implements [Component].
func (*BMC) Kind() string { return "bmc" }

func (b *BMC) addTo(r *Report) { r.BMC = b }

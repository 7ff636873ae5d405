package inventory

import "time"

// BMC is the baseboard management controller.
type BMC struct {
	Meta
	// Firmware is major.minor as the device id gives it.
	Firmware     string `json:"firmware,omitzero"`
	Manufacturer string `json:"manufacturer,omitzero"`
	// ManufacturerID is the IANA enterprise number.
	ManufacturerID *uint32 `json:"manufacturer_id,omitzero"`
	Product        string  `json:"product,omitzero"`
	ProductID      *uint16 `json:"product_id,omitzero"`
	IPMIVersion    string  `json:"ipmi_version,omitzero"`
	DeviceID       *uint8  `json:"device_id,omitzero"`
	GUID           string  `json:"guid,omitzero"`
	MAC            string  `json:"mac,omitzero"`
	// SelfTest is passed, or what failed.
	SelfTest string `json:"self_test,omitzero"`
	// LAN is the first LAN channel's configuration.
	LAN *BMCLAN `json:"lan,omitzero"`
	// Chassis is the power state.
	Chassis *ChassisStatus `json:"chassis,omitzero"`
	// PowerWatts is the system's draw as DCMI gives it.
	PowerWatts *uint32 `json:"power_watts,omitzero"`
	SEL        *SEL    `json:"sel,omitzero"`
	// Sensors are all sensors the repository names.
	Sensors []Sensor `json:"sensors,omitzero"`
	// FRUs are the field replaceable units that are not power supplies.
	FRUs []FRU `json:"frus,omitzero"`
}

// BMCLAN is the configuration of a BMC's network channel.
type BMCLAN struct {
	Channel   *uint8 `json:"channel,omitzero"`
	IP        string `json:"ip,omitzero"`
	IPSource  string `json:"ip_source,omitzero"`
	Netmask   string `json:"netmask,omitzero"`
	Gateway   string `json:"gateway,omitzero"`
	MAC       string `json:"mac,omitzero"`
	VLANID    *int   `json:"vlan_id,omitzero"`
	VLANInUse *bool  `json:"vlan_in_use,omitzero"`
}

// ChassisStatus is the answer to Get Chassis Status.
type ChassisStatus struct {
	PowerOn       *bool    `json:"power_on,omitzero"`
	RestorePolicy string   `json:"restore_policy,omitzero"`
	Faults        []string `json:"faults,omitzero"`
	LastEvents    []string `json:"last_events,omitzero"`
}

// SEL is the system event log.
type SEL struct {
	Entries     *int       `json:"entries,omitzero"`
	FreeBytes   *int       `json:"free_bytes,omitzero"`
	Overflow    *bool      `json:"overflow,omitzero"`
	LastAddAt   *time.Time `json:"last_add_at,omitzero"`
	LastEraseAt *time.Time `json:"last_erase_at,omitzero"`
	// Last are the latest entries, newest last.
	Last []SELEntry `json:"last,omitzero"`
}

// SELEntry is one event.
type SELEntry struct {
	RecordID uint16 `json:"record_id"`
	// At is the BMC's clock; nil when it had no time yet.
	At *time.Time `json:"at,omitzero"`
	// TimestampRaw is the clock's 32 bits as recorded.
	TimestampRaw *uint32 `json:"timestamp_raw,omitzero"`
	SensorType   string  `json:"sensor_type,omitzero"`
	Sensor       string  `json:"sensor,omitzero"`
	SensorNumber *uint8  `json:"sensor_number,omitzero"`
	// Event is the name of what happened; Asserted is false when it ended.
	Event    string `json:"event,omitzero"`
	Asserted *bool  `json:"asserted,omitzero"`
	// Detail explains the event data, for example the DIMM.
	Detail string `json:"detail,omitzero"`
	// ComponentID is the part the event names, where it could be told.
	ComponentID string `json:"component_id,omitzero"`
	// Raw are the 16 bytes of the record in hex.
	Raw string `json:"raw,omitzero"`
}

// Sensor is one sensor of the repository.
type Sensor struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitzero"`
	Number *uint8 `json:"number,omitzero"`
	// Type is the sensor type: temperature, fan, power_supply, ...
	Type string `json:"type,omitzero"`
	// Entity is the part it watches: "power_supply.1".
	Entity string   `json:"entity,omitzero"`
	Value  *float64 `json:"value,omitzero"`
	Unit   string   `json:"unit,omitzero"`
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
	ID                  string            `json:"id"`
	DeviceID            uint8             `json:"device_id"`
	Name                string            `json:"name,omitzero"`
	Entity              string            `json:"entity,omitzero"`
	ChassisType         string            `json:"chassis_type,omitzero"`
	ChassisPartNumber   string            `json:"chassis_part_number,omitzero"`
	ChassisSerialNumber string            `json:"chassis_serial_number,omitzero"`
	BoardManufacturer   string            `json:"board_manufacturer,omitzero"`
	BoardProduct        string            `json:"board_product,omitzero"`
	BoardSerialNumber   string            `json:"board_serial_number,omitzero"`
	BoardPartNumber     string            `json:"board_part_number,omitzero"`
	BoardMfgAt          *time.Time        `json:"board_mfg_at,omitzero"`
	ProductManufacturer string            `json:"product_manufacturer,omitzero"`
	ProductName         string            `json:"product_name,omitzero"`
	ProductPartNumber   string            `json:"product_part_number,omitzero"`
	ProductVersion      string            `json:"product_version,omitzero"`
	ProductSerialNumber string            `json:"product_serial_number,omitzero"`
	ProductAssetTag     string            `json:"product_asset_tag,omitzero"`
	Custom              map[string]string `json:"custom,omitzero"`
	// Damaged names areas whose checksum or form is wrong; their text is left
	// out.
	Damaged []string `json:"damaged,omitzero"`
}

// Kind implements [Component].
func (*BMC) Kind() string { return "bmc" }

func (b *BMC) addTo(r *Report) { r.BMC = b }

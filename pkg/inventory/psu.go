package inventory

// PowerSupply is one power supply bay.
type PowerSupply struct {
	Meta
	Slot         string `json:"slot,omitzero"`          // bay
	Present      *bool  `json:"present,omitzero"`       // whether it is there; nil: not said
	Manufacturer string `json:"manufacturer,omitzero"`  // maker, as the source spells it
	Model        string `json:"model,omitzero"`         // name of the model
	PartNumber   string `json:"part_number,omitzero"`   // part number
	SerialNumber string `json:"serial_number,omitzero"` // serial number; empty when none was filled in
	AssetTag     string `json:"asset_tag,omitzero"`     // the owner's tag
	Revision     string `json:"revision,omitzero"`      // hardware revision
	// CapacityWatts is the rated output.
	CapacityWatts *uint32 `json:"capacity_watts,omitzero"`
	// Status is ok, failed, predictive_failure, input_lost,
	// configuration_error or unknown.
	Status PSUStatus `json:"status,omitzero"`
	// States are what the BMC's sensors of this supply say: presence_detected,
	// input_lost, ...
	States []string `json:"states,omitzero"`
	// InputWatts and OutputWatts are readings.
	InputWatts  *float64 `json:"input_watts,omitzero"`
	OutputWatts *float64 `json:"output_watts,omitzero"` // power it gives
	// HotPluggable is what the firmware says.
	HotPluggable *bool `json:"hot_pluggable,omitzero"`
	// FRUID is the BMC's FRU device number.
	FRUID *uint8 `json:"fru_id,omitzero"`
	// Damaged names FRU areas whose checksum failed; their text is not used.
	Damaged []string `json:"damaged,omitzero"`
	// Health is the verdict.
	Health Health `json:"health,omitzero"`
}

// PSUStatus is the state of a power supply.
type PSUStatus string

// The values of PSUStatus.
const (
	PSUStatusOK                 PSUStatus = "ok"
	PSUStatusFailed             PSUStatus = "failed"
	PSUStatusPredictiveFailure  PSUStatus = "predictive_failure"
	PSUStatusInputLost          PSUStatus = "input_lost"
	PSUStatusConfigurationError PSUStatus = "configuration_error"
	PSUStatusUnknown            PSUStatus = "unknown"
)

// Kind implements [Component].
func (*PowerSupply) Kind() string { return "power_supply" }

func (p *PowerSupply) addTo(r *Report) { r.PowerSupplies = append(r.PowerSupplies, *p) }

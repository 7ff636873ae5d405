package inventory

// HostSensor is one sensor that the kernel of the machine reads, as opposed to
// those its BMC reads ([Sensor]).
type HostSensor struct {
	Meta
	// Name is the driver's or the board's label, else the channel: temp1.
	Name string `json:"name,omitzero"`
	// Chip is the driver's name of the chip: coretemp, nct6775.
	Chip string `json:"chip,omitzero"`
	// Channel is the kernel's name of the input: temp1.
	Channel string `json:"channel,omitzero"`
	// Type is temperature, fan, voltage, current, power, energy, humidity or
	// intrusion.
	Type string `json:"type"`
	// Value is the reading in Unit: degrees_c, rpm, volts, amps, watts,
	// joules, percent.
	Value *float64 `json:"value,omitzero"`
	Unit  string   `json:"unit,omitzero"` // unit of the value
	// Thresholds are the limits that make sense, by name: upper_non_critical,
	// upper_critical, upper_non_recoverable, lower_non_critical,
	// lower_critical.
	Thresholds map[string]float64 `json:"thresholds,omitzero"`
	// Alarms are the flags the chip has raised: alarm, crit_alarm, fault. Chips
	// raise them for inputs that lead nowhere, too.
	Alarms []string `json:"alarms,omitzero"`
	// Health is the verdict of reading against thresholds.
	Health Health `json:"health"`
	// Unavailable says why there is no reading.
	Unavailable string `json:"unavailable,omitzero"`
	// Device is the kernel's block device the sensor is in, where there is one.
	Device string `json:"device,omitzero"`
	// PackageID is the kernel's number of the processor it is in.
	PackageID *int `json:"package_id,omitzero"`
	// PCIAddress is the function it is in.
	PCIAddress string `json:"pci_address,omitzero"`
}

// Kind implements [Component].
func (*HostSensor) Kind() string { return "sensor" }

func (s *HostSensor) addTo(r *Report) { r.Sensors = append(r.Sensors, *s) }

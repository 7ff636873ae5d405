package witness

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Smartctl is the part of `smartctl -j -x` that reports are compared with.
type Smartctl struct {
	Smartctl struct {
		ExitStatus int `json:"exit_status"`
	} `json:"smartctl"`
	Device struct {
		Name     string `json:"name"`
		Protocol string `json:"protocol"`
	} `json:"device"`
	ModelName    string `json:"model_name"`
	SCSIVendor   string `json:"scsi_vendor"`
	SCSIProduct  string `json:"scsi_product"`
	SCSIRevision string `json:"scsi_revision"`
	Serial       string `json:"serial_number"`
	Firmware     string `json:"firmware_version"`
	WWNParts     *struct {
		NAA uint64 `json:"naa"`
		OUI uint64 `json:"oui"`
		ID  uint64 `json:"id"`
	} `json:"wwn"`
	LogicalUnitID string `json:"logical_unit_id"`
	UserCapacity  *struct {
		Bytes uint64 `json:"bytes"`
	} `json:"user_capacity"`
	LogicalBlockBytes  *int `json:"logical_block_size"`
	PhysicalBlockBytes *int `json:"physical_block_size"`
	RotationRate       *int `json:"rotation_rate"`
	Temperature        *struct {
		Current int `json:"current"`
	} `json:"temperature"`
	PowerOnTime *struct {
		Hours uint64 `json:"hours"`
	} `json:"power_on_time"`
	PowerCycles *uint64 `json:"power_cycle_count"`
	SmartStatus *struct {
		Passed bool `json:"passed"`
	} `json:"smart_status"`
	Attributes *struct {
		Table []SmartAttribute `json:"table"`
	} `json:"ata_smart_attributes"`
	NVMe *NVMeSmart `json:"nvme_smart_health_information_log"`
}

// SmartAttribute is one ATA SMART attribute.
type SmartAttribute struct {
	ID        int    `json:"id"`
	Name      string `json:"name"`
	Value     int    `json:"value"`
	Worst     int    `json:"worst"`
	Threshold int    `json:"thresh"`
	Raw       struct {
		Value uint64 `json:"value"`
	} `json:"raw"`
}

// NVMeSmart is smartctl's reading of the SMART / Health log.
type NVMeSmart struct {
	CriticalWarning uint8  `json:"critical_warning"`
	Temperature     int    `json:"temperature"`
	AvailableSpare  int    `json:"available_spare"`
	PercentageUsed  int    `json:"percentage_used"`
	DataUnitsRead   uint64 `json:"data_units_read"`
	DataUnitsWrite  uint64 `json:"data_units_written"`
	PowerCycles     uint64 `json:"power_cycles"`
	PowerOnHours    uint64 `json:"power_on_hours"`
	UnsafeShutdowns uint64 `json:"unsafe_shutdowns"`
	MediaErrors     uint64 `json:"media_errors"`
	ErrorLogEntries uint64 `json:"num_err_log_entries"`
}

// ParseSmartctl reads `smartctl -j` of one drive.
func ParseSmartctl(text []byte) (Smartctl, error) {
	var s Smartctl
	if err := json.Unmarshal(text, &s); err != nil {
		return Smartctl{}, fmt.Errorf("smartctl: %w", err)
	}
	return s, nil
}

// WWN is the world wide name in lower-case hexadecimal, empty if none.
func (s Smartctl) WWN() string {
	if s.WWNParts != nil {
		return fmt.Sprintf("%x%06x%09x", s.WWNParts.NAA, s.WWNParts.OUI, s.WWNParts.ID)
	}
	return strings.TrimPrefix(s.LogicalUnitID, "0x")
}

// Model is what the drive calls itself, without a SCSI vendor.
func (s Smartctl) Model() string {
	if s.SCSIProduct != "" {
		return s.SCSIProduct
	}
	return s.ModelName
}

// FirmwareRevision is the firmware of any kind of drive.
func (s Smartctl) FirmwareRevision() string {
	if s.SCSIRevision != "" {
		return s.SCSIRevision
	}
	return s.Firmware
}

// NVMeController is `nvme id-ctrl -o json`. Strings are padded with blanks.
type NVMeController struct {
	VendorID     int    `json:"vid"`
	Serial       string `json:"sn"`
	Model        string `json:"mn"`
	Firmware     string `json:"fr"`
	ControllerID int    `json:"cntlid"`
	Version      int    `json:"ver"`
	OACS         int    `json:"oacs"`
	LPA          int    `json:"lpa"`
	Namespaces   int    `json:"nn"`
	WarningTemp  int    `json:"wctemp"`
	CriticalTemp int    `json:"cctemp"`
	SubsystemNQN string `json:"subnqn"`
}

// NVMeNamespace is `nvme id-ns -o json`.
type NVMeNamespace struct {
	Size        uint64 `json:"nsze"`
	Capacity    uint64 `json:"ncap"`
	Used        uint64 `json:"nuse"`
	FormatIndex int    `json:"flbas"`
	EUI64       string `json:"eui64"`
	NGUID       string `json:"nguid"`
	Formats     []struct {
		Metadata int  `json:"ms"`
		Shift    uint `json:"ds"`
	} `json:"lbafs"`
}

// BlockBytes is the size of a block in the current format, 0 if out of range.
func (n NVMeNamespace) BlockBytes() uint64 {
	i := n.FormatIndex & 0xF
	if i >= len(n.Formats) {
		return 0
	}
	return 1 << n.Formats[i].Shift
}

// NVMeSmartLog is `nvme smart-log -o json`; counters come as strings.
type NVMeSmartLog struct {
	CriticalWarning uint8  `json:"critical_warning"`
	Kelvin          int    `json:"temperature"`
	AvailableSpare  int    `json:"avail_spare"`
	SpareThreshold  int    `json:"spare_thresh"`
	PercentUsed     int    `json:"percent_used"`
	DataUnitsRead   Number `json:"data_units_read"`
	DataUnitsWrite  Number `json:"data_units_written"`
	PowerCycles     Number `json:"power_cycles"`
	PowerOnHours    Number `json:"power_on_hours"`
	UnsafeShutdowns Number `json:"unsafe_shutdowns"`
	MediaErrors     Number `json:"media_errors"`
	ErrorLogEntries Number `json:"num_err_log_entries"`
}

// Number is a decimal number that JSON carries as a number or as a string.
type Number string

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Number) UnmarshalJSON(b []byte) error {
	*n = Number(strings.Trim(string(b), `"`))
	return nil
}

// NVMeListed is one namespace of `nvme list -o json`.
type NVMeListed struct {
	NSID       int    `json:"NameSpace"`
	Path       string `json:"DevicePath"`
	Firmware   string `json:"Firmware"`
	Model      string `json:"ModelNumber"`
	Serial     string `json:"SerialNumber"`
	UsedBytes  uint64 `json:"UsedBytes"`
	SizeBytes  uint64 `json:"PhysicalSize"`
	BlockBytes int    `json:"SectorSize"`
}

// ParseNVMeList reads `nvme list -o json`.
func ParseNVMeList(text []byte) ([]NVMeListed, error) {
	var l struct{ Devices []NVMeListed }
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, fmt.Errorf("nvme list: %w", err)
	}
	return l.Devices, nil
}

// ParseJSON reads one of the JSON shapes of this package.
func ParseJSON[T any](text []byte) (T, error) {
	var v T
	err := json.Unmarshal(text, &v)
	return v, err
}

// Block is one device of `lsblk -J -b -O`.
type Block struct {
	Name       string  `json:"name"`
	Path       string  `json:"path"`
	MajorMinor string  `json:"maj:min"`
	Model      string  `json:"model"`
	Vendor     string  `json:"vendor"`
	Serial     string  `json:"serial"`
	Revision   string  `json:"rev"`
	WWN        string  `json:"wwn"`
	Transport  string  `json:"tran"`
	Type       string  `json:"type"`
	HCTL       string  `json:"hctl"`
	SizeBytes  uint64  `json:"size"`
	Logical    int     `json:"log-sec"`
	Physical   int     `json:"phy-sec"`
	Rotational bool    `json:"rota"`
	Removable  bool    `json:"rm"`
	Children   []Block `json:"children"`
}

// ParseLsblk reads `lsblk -J -b -O`.
func ParseLsblk(text []byte) ([]Block, error) {
	var l struct {
		Devices []Block `json:"blockdevices"`
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, fmt.Errorf("lsblk: %w", err)
	}
	return l.Devices, nil
}

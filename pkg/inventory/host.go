package inventory

// Host is the running system the report was made on.
type Host struct {
	Meta
	// Hostname is the kernel's node name.
	Hostname string `json:"hostname,omitzero"`
	// Kernel is the kernel release, as `uname -r` prints it.
	Kernel string `json:"kernel,omitzero"`
	// KernelVersion is the kernel's build line, as `uname -v` prints it.
	KernelVersion string `json:"kernel_version,omitzero"`
	// Architecture is the machine word of the kernel: x86_64, aarch64.
	Architecture string `json:"architecture,omitzero"`
	// OS is the distribution's PRETTY_NAME of os-release.
	OS string `json:"os,omitzero"`
	// BootMode tells how the firmware started the system.
	BootMode BootMode `json:"boot_mode,omitzero"`
	// SecureBoot is the state the firmware reports; nil when it has none or
	// does not say.
	SecureBoot *bool `json:"secure_boot,omitzero"`
	// UptimeSeconds is the time since boot.
	UptimeSeconds *uint64 `json:"uptime_seconds,omitzero"`
	// BeeRelease is the content of /etc/bee-release on the live ISO.
	BeeRelease string `json:"bee_release,omitzero"`
	// Identity lists every key this machine could be known by.
	Identity Identity `json:"identity"`
}

// BootMode is uefi or bios.
type BootMode string

// The values of BootMode.
const (
	BootUEFI BootMode = "uefi"
	BootBIOS BootMode = "bios"
)

// Identity holds the candidates for a machine's key. There is no single "host
// id": vendors ship duplicates of each of these, so a consumer chooses, and
// Usable says which are worth choosing.
type Identity struct {
	// SystemUUID is the UUID of SMBIOS type 1.
	SystemUUID IdentityKey `json:"system_uuid"`
	// SystemSerial is the serial number of SMBIOS type 1.
	SystemSerial IdentityKey `json:"system_serial"`
	// BaseboardSerial is the serial number of the primary SMBIOS type 2.
	BaseboardSerial IdentityKey `json:"baseboard_serial"`
	// BMCMAC is the MAC address of the BMC's LAN channel.
	BMCMAC IdentityKey `json:"bmc_mac"`
	// MachineID is /etc/machine-id: the installation, not the machine.
	MachineID IdentityKey `json:"machine_id"`
	// BootID is the kernel's random id of this boot.
	BootID IdentityKey `json:"boot_id"`
}

// IdentityKey is one candidate.
type IdentityKey struct {
	// Value is what was read, also when it is not usable.
	Value string `json:"value,omitzero"`
	// Usable is true when the value can tell this machine from others.
	Usable bool `json:"usable"`
	// Reason says why a value is missing or not usable.
	Reason string `json:"reason,omitzero"`
}

// Kind implements [Component].
func (*Host) Kind() string { return "host" }

func (h *Host) addTo(r *Report) { r.Host = h }

// Clock is the state of the system's clock, which stands at the head of the
// report.
type Clock struct {
	Synchronized bool `json:"synchronized"` // whether the kernel disciplines its clock
}

// Kind implements [Component].
func (*Clock) Kind() string { return "clock" }

func (c *Clock) addTo(r *Report) { r.ClockSynchronized = &c.Synchronized }

package inventory

// Trust is what the running system can be trusted with: how it was started,
// what its kernel allows and what has happened to it, and its TPMs.
type Trust struct {
	Meta
	// SecureBoot is true when the firmware checked what it started.
	SecureBoot *bool `json:"secure_boot,omitzero"`
	// SetupMode is true when no platform key is enrolled: anybody may enrol
	// one.
	SetupMode *bool `json:"setup_mode,omitzero"`
	// Lockdown is the kernel's mode: none, integrity, confidentiality.
	Lockdown string `json:"lockdown,omitzero"`
	// KernelTaint are the names of the taint flags, in bit order; empty: the
	// kernel is not tainted.
	KernelTaint []string `json:"kernel_taint,omitzero"`
	// KernelTaintMask is the same as the kernel's number.
	KernelTaintMask *uint64 `json:"kernel_taint_mask,omitzero"`
	// TPMs are the trusted platform modules; empty: looked, found none.
	TPMs []TPM `json:"tpms,omitzero"`
}

// TPM is one trusted platform module.
type TPM struct {
	Meta
	// Device is the kernel name: tpm0; empty for one that only the firmware
	// tells of.
	Device string `json:"device,omitzero"`
	// Version is that of the specification family: 1.2 or 2.0.
	Version string `json:"version,omitzero"`
	// Revision is that of the TPM 2.0 library specification: 1.38.
	Revision string `json:"revision,omitzero"`
	// ManufacturerID are the four characters of the TCG vendor registry.
	ManufacturerID string `json:"manufacturer_id,omitzero"`
	// Manufacturer is its name.
	Manufacturer string `json:"manufacturer,omitzero"`
	// Model is the vendor's string.
	Model string `json:"model,omitzero"`
	// Firmware are the four 16-bit words of a TPM 2.0's firmware version, or
	// the two bytes of a TPM 1.2's.
	Firmware string `json:"firmware,omitzero"`
	// Description is the firmware's text on it.
	Description string `json:"description,omitzero"`
	// Driver is the kernel's.
	Driver string `json:"driver,omitzero"`
	// PCRBanks are the hash algorithms of the active banks: sha1, sha256.
	PCRBanks []string `json:"pcr_banks,omitzero"`
	// LockedOut is true while the TPM refuses authorization after too many
	// wrong attempts.
	LockedOut *bool `json:"locked_out,omitzero"`
	// LockoutCount counts wrong authorizations, LockoutLimit is where the TPM
	// locks itself.
	LockoutCount *uint32 `json:"lockout_count,omitzero"`
	LockoutLimit *uint32 `json:"lockout_limit,omitzero"`
	// OwnerSet is true when the owner's authorization has been set.
	OwnerSet *bool `json:"owner_set,omitzero"`
	// Enabled, Active and Owned are the states of a TPM 1.2.
	Enabled *bool `json:"enabled,omitzero"`
	Active  *bool `json:"active,omitzero"` // whether it is up
	Owned   *bool `json:"owned,omitzero"`
}

// Kind implements [Component].
func (*Trust) Kind() string { return "trust" }

func (t *Trust) addTo(r *Report) { r.Trust = t }

// FirmwareResource is one piece of firmware that the system can update: an
// entry of the EFI System Resource Table (UEFI 2.10 section 23.4).
type FirmwareResource struct {
	Meta
	// GUID is the firmware's class.
	GUID string `json:"guid,omitzero"`
	// Type is system_firmware, device_firmware, uefi_driver or unknown.
	Type string `json:"type,omitzero"`
	// Version, LowestVersion and LastAttemptVersion are as the vendor counts.
	Version *uint32 `json:"version,omitzero"`
	// LowestVersion is the oldest the firmware takes back.
	LowestVersion *uint32 `json:"lowest_version,omitzero"`
	// LastAttemptVersion is what was last tried to install.
	LastAttemptVersion *uint32 `json:"last_attempt_version,omitzero"`
	// LastAttemptStatus is how that ended: success, unsuccessful,
	// insufficient_resources, incorrect_version, invalid_format,
	// authentication_error, power_ac, power_battery, unsatisfied_dependencies.
	LastAttemptStatus string `json:"last_attempt_status,omitzero"`
	// CapsuleFlags are those of the update capsule.
	CapsuleFlags *uint32 `json:"capsule_flags,omitzero"`
}

// Kind implements [Component].
func (*FirmwareResource) Kind() string { return "firmware_resource" }

func (f *FirmwareResource) addTo(r *Report) { r.Firmware = append(r.Firmware, *f) }

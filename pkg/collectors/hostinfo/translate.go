package hostinfo

import (
	"strings"

	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/inventory"
)

// plain is a key that is usable when it is there.
func plain(v string) inventory.IdentityKey {
	if v == "" {
		return inventory.IdentityKey{Reason: "not_available"}
	}
	return inventory.IdentityKey{Value: v, Usable: true}
}

// machineID checks the form of machine-id(5): 32 hex digits, not all zero.
func machineID(v string) inventory.IdentityKey {
	k := plain(v)
	switch {
	case v == "":
	case v == "uninitialized":
		k.Usable, k.Reason = false, "uninitialized"
	case len(v) != 32 || strings.Trim(v, "0123456789abcdef") != "":
		k.Usable, k.Reason = false, "malformed"
	case strings.Trim(v, "0") == "":
		k.Usable, k.Reason = false, "all_zero"
	}
	return k
}

// firmwareKeys are the keys the firmware's tables hold.
func firmwareKeys(t *smbios.Table, err error) (uuid, system, baseboard inventory.IdentityKey) {
	reason := "not_available"
	if t == nil {
		if err != nil {
			reason = "not_readable"
		}
		none := inventory.IdentityKey{Reason: reason}
		return none, none, none
	}
	uuid, system, baseboard = plain(""), plain(""), plain("")
	if s := t.Systems(); len(s) > 0 {
		u := s[0].UUID()
		uuid = inventory.IdentityKey{Value: u.Value, Usable: u.Usable, Reason: u.Reason}
		system = serial(s[0].SerialNumber())
	}
	if b := t.Baseboards(); len(b) > 0 {
		baseboard = serial(b[0].SerialNumber())
	}
	return uuid, system, baseboard
}

func serial(s string) inventory.IdentityKey {
	k := plain(s)
	if fault := smbios.SerialFault(s); s != "" && fault != "" {
		k.Usable, k.Reason = false, fault
	}
	return k
}

package schemagen

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"example.com/bee/pkg/inventory"
)

// refine adds what the reflector does not know: ranges, units, forms of ids
// and of words taken from a specification's tables.
func (g *generator) refine(root *jsonschema.Schema) {
	for _, t := range g.types {
		def := root
		if t != reflect.TypeFor[inventory.Report]() {
			def = root.Definitions[t.Name()]
		}
		if def == nil { // embedded only
			continue
		}
		for f := range fields(t) {
			if p, ok := def.Properties.Get(jsonName(f)); ok {
				refineField(t, f, p)
			}
		}
	}
}

func refineField(t reflect.Type, f reflect.StructField, p *jsonschema.Schema) {
	ft := f.Type
	for ft.Kind() == reflect.Pointer {
		ft = ft.Elem()
	}
	name := jsonName(f)
	leaf := p
	for leaf.Items != nil || leaf.AdditionalProperties != nil {
		if leaf.Items != nil {
			leaf, ft = leaf.Items, ft.Elem()
		} else {
			leaf, ft = leaf.AdditionalProperties, ft.Elem()
		}
	}
	bounds(ft, leaf)
	if u := unit(name); u != "" && p.Ref == "" && leaf.Type != "boolean" {
		setExtra(p, "x-unit", u)
	}
	switch {
	case leaf.Type != "string" || leaf.Enum != nil || leaf.Format != "":
	case isID(name) && t.Name() != "Enclosure": // an enclosure is no component
		leaf.Pattern = idForm
	case isToken(t.Name(), f.Name):
		leaf.Pattern = snakeForm
		p.Description = strings.TrimSpace(p.Description + " A lower_snake word of the specification's table; codes the table lacks are unknown_0xNN.")
	default:
		if form := forms(t.Name() + "." + name); form != "" {
			leaf.Pattern = form
		} else if form := forms(name); form != "" {
			leaf.Pattern = form
		}
	}
}

// bounds gives integers the range their type has, as far as JSON readers keep
// it.
func bounds(t reflect.Type, p *jsonschema.Schema) {
	if p.Type != "integer" {
		return
	}
	switch t.Kind() {
	case reflect.Uint8:
		p.Minimum, p.Maximum = "0", "255"
	case reflect.Uint16:
		p.Minimum, p.Maximum = "0", "65535"
	case reflect.Uint32:
		p.Minimum, p.Maximum = "0", "4294967295"
	case reflect.Uint, reflect.Uint64:
		p.Minimum = json.Number("0")
	default:
	}
}

func setExtra(p *jsonschema.Schema, key string, value any) {
	if p.Extras == nil {
		p.Extras = map[string]any{}
	}
	p.Extras[key] = value
}

// unit tells the unit a name ends in.
func unit(name string) string {
	for _, u := range []struct{ suffix, unit string }{
		{"_bytes", "byte"},
		{"_celsius", "degree Celsius"},
		{"_millivolts", "mV"},
		{"_watts", "W"},
		{"_mhz", "MHz"},
		{"_mts", "10^6 transfers/s"},
		{"_gts", "10^9 transfers/s"},
		{"_gbps", "Gbit/s"},
		{"_mbps", "Mbit/s"},
		{"_percent", "%"},
		{"_ms", "ms"},
		{"_seconds", "s"},
		{"_minutes", "min"},
		{"_hours", "h"},
		{"_rpm", "1/min"},
		{"_bits", "bit"},
		{"_u", "rack unit of 1.75 in"},
		{"_width", "lane"},
		{"_sectors", "sector"},
		{"bytes_read", "byte"},
		{"bytes_written", "byte"},
		{"bytes_processed", "byte"},
	} {
		if strings.HasSuffix(name, u.suffix) {
			return u.unit
		}
	}
	return ""
}

const (
	idForm    = `^[a-z][a-z0-9_]*(:.+)?$`
	snakeForm = `^[a-z0-9][a-z0-9_.]*$`
)

// isID is true for the ids of components, which begin with their kind.
func isID(name string) bool {
	switch name {
	case "id", "parent_id", "component_id", "controller_id", "module_id", "member_ids", "cpu_id":
		return true
	}
	return false
}

// isToken is true for words taken from a specification's table. They are not
// listed one by one: the tables grow with each edition.
func isToken(typ, field string) bool {
	switch typ + "." + field {
	case "CPU.Status", "CPU.Upgrade", "Cache.Type", "Cache.ErrorCorrection",
		"Memory.ECC", "MemoryArray.Use", "MemoryArray.Location", "MemoryArray.ECC",
		"MemoryModule.Type", "MemoryModule.Detail", "MemoryModule.FormFactor", "MemoryModule.Technology",
		"System.WakeUpType", "Baseboard.Type",
		"Chassis.Type", "Chassis.BootUpState", "Chassis.PowerSupplyState", "Chassis.ThermalState",
		"OnboardDevice.Type", "Slot.Usage", "ManagementController.Interface",
		"HostSensor.Type", "TPM.PCRBanks", "Trust.KernelTaint", "Trust.Lockdown", "FirmwareResource.Type", "FirmwareResource.LastAttemptStatus",
		"LogicalDrive.Level", "LogicalDrive.State", "StorageController.ControllerKind":
		return true
	}
	return false
}

// forms are the fixed spellings of single fields.
func forms(name string) string {
	switch name {
	case "vendor_id", "device_id", "subsystem_vendor_id", "subsystem_device_id":
		return `^[0-9a-f]{4}$`
	case "class_id":
		return `^[0-9a-f]{6}$`
	case "PCIeDevice.revision":
		return `^[0-9a-f]{2}$`
	case "PCIeDevice.serial_number":
		return `^[0-9a-f]{16}$`
	case "PCIeDevice.address", "parent", "pci_address", "remote_pci_address", "virtual_function_of":
		return `^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$`
	case "mac", "permanent_mac":
		return `^[0-9a-f]{2}(:[0-9a-f]{2}){5,19}$`
	case "schema_version":
		return `^1\.[0-9]+$`
	case "code":
		return `^[a-z0-9_]+(\.[a-z0-9_]+)+$`
	case "wwn":
		return `^[0-9a-f]+$`
	case "System.uuid":
		return `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`
	}
	return ""
}

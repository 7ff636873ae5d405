package board

import (
	"strings"

	"example.com/bee/pkg/collectors/internal/smbios"
	"example.com/bee/pkg/collectors/internal/sysfs"
	"example.com/bee/pkg/inventory"
)

// uuid drops those that say "not set": all zeros and all ones.
func uuid(s string) string {
	s = strings.ToLower(s)
	if digits := strings.ReplaceAll(s, "-", ""); strings.Trim(digits, "0") == "" || strings.Trim(digits, "f") == "" {
		return ""
	}
	return s
}

// translateID reads the kernel's texts with the rules for placeholders that
// hold in the tables.
func translateID(a *sysfs.Attrs) *inventory.Board {
	text := func(name, field string) string { return smbios.CleanName(a.Text(name, field)) }
	number := func(name, field string) string { return smbios.CleanNumber(a.Text(name, field)) }
	b := &inventory.Board{
		Meta: inventory.Meta{ID: "board", Sources: []string{idDir}},
		BIOS: &inventory.BIOS{
			Vendor:           text("bios_vendor", "bios.vendor"),
			Version:          text("bios_version", "bios.version"),
			ReleaseDate:      smbios.ISODate(text("bios_date", "bios.release_date")),
			Revision:         text("bios_release", "bios.revision"),
			FirmwareRevision: text("ec_firmware_release", "bios.firmware_revision"),
		},
		System: &inventory.System{
			Manufacturer: text("sys_vendor", "system.manufacturer"),
			ProductName:  text("product_name", "system.product_name"),
			Version:      text("product_version", "system.version"),
			SerialNumber: number("product_serial", "system.serial_number"),
			UUID:         uuid(a.Text("product_uuid", "system.uuid")),
			SKUNumber:    text("product_sku", "system.sku_number"),
			Family:       text("product_family", "system.family"),
		},
	}
	board := inventory.Baseboard{
		Meta:         inventory.Meta{ID: "baseboard:0", ParentID: "board"},
		Manufacturer: text("board_vendor", "baseboard.manufacturer"),
		ProductName:  text("board_name", "baseboard.product_name"),
		Version:      text("board_version", "baseboard.version"),
		SerialNumber: number("board_serial", "baseboard.serial_number"),
		AssetTag:     number("board_asset_tag", "baseboard.asset_tag"),
	}
	b.Baseboards = []inventory.Baseboard{board}
	b.Baseboard = &b.Baseboards[0]
	chassis := inventory.Chassis{
		Meta:         inventory.Meta{ID: "chassis:0", ParentID: "board"},
		Manufacturer: text("chassis_vendor", "chassis.manufacturer"),
		Version:      text("chassis_version", "chassis.version"),
		SerialNumber: number("chassis_serial", "chassis.serial_number"),
		AssetTag:     number("chassis_asset_tag", "chassis.asset_tag"),
	}
	if t := a.Uint("chassis_type", "chassis.type", 10, 8); t != nil {
		chassis.Type = smbios.ChassisTypeName(uint8(*t))
	}
	b.ChassisAll = []inventory.Chassis{chassis}
	b.Chassis = &b.ChassisAll[0]
	return b
}

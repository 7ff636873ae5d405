package export

import (
	"strconv"
	"strings"

	"example.com/bee/pkg/inventory"
)

func (x redfish) chassis() object {
	const path = "/redfish/v1/Chassis/1"
	r := x.r
	o := object{"Id": "1", "Name": "Chassis", "ChassisType": "Other", "Status": x.rollup()}
	if b := r.Board; b != nil {
		if b.System != nil {
			o.put("Model", b.System.ProductName)
		}
		if c := b.Chassis; c != nil {
			o["ChassisType"] = either(enum(c.Type, "rack_mount_chassis=RackMount", "blade=Blade", "blade_enclosure=Enclosure", "main_server_chassis=StandAlone", "desktop=StandAlone", "tower=StandAlone", "mini_tower=StandAlone"), "Other")
			o.put("Manufacturer", c.Manufacturer)
			o.put("SerialNumber", c.SerialNumber)
			o.put("PartNumber", c.SKUNumber)
			o.put("AssetTag", c.AssetTag)
			if c.HeightU != nil {
				o["HeightMm"] = float64(*c.HeightU) * 44.45
			}
		}
	}
	putCollection(o, "PCIeDevices", path+"/PCIeDevices", "PCIeDevice", r.PCIeDevices, x.pcie)
	if r.PowerSupplies != nil {
		sub := path + "/PowerSubsystem"
		power := object{"@odata.id": sub, "@odata.type": "#PowerSubsystem.PowerSubsystem", "Id": "PowerSubsystem", "Name": "Power"}
		putCollection(power, "PowerSupplies", sub+"/PowerSupplies", "PowerSupply", r.PowerSupplies, x.powerSupply)
		o["PowerSubsystem"] = power
	}
	if r.BMC != nil {
		putCollection(o, "Sensors", path+"/Sensors", "Sensor", r.BMC.Sensors, x.sensor)
	}
	return o
}

// pcie is one function as a device of its own: the report's unit is the
// function.
func (x redfish) pcie(d *inventory.PCIeDevice) object {
	o := id(object{"Status": x.status(d.ID, nil, "")}, d.Meta, d.Address)
	o.put("Manufacturer", d.Vendor)
	o.put("Model", d.Device)
	o.put("SerialNumber", d.SerialNumber)
	if v := d.VPD; v != nil {
		o.put("PartNumber", v.PartNumber)
		o.put("SerialNumber", v.SerialNumber)
	}
	if d.Slot != "" {
		o["Slot"] = object{"Location": object{"PartLocation": object{"LocationType": "Slot", "ServiceLabel": d.Slot}}}
	}
	if l := d.Link; l != nil {
		i := object{}
		i.put("LanesInUse", l.CurrentWidth)
		i.put("MaxLanes", l.MaxWidth)
		i.put("PCIeType", generation(l.CurrentSpeedGTs))
		i.put("MaxPCIeType", generation(l.MaxSpeedGTs))
		o.put("PCIeInterface", i)
	}
	f := object{"Id": "0", "Name": "Function", "FunctionType": map[bool]string{true: "Virtual", false: "Physical"}[d.VirtualFunctionOf != ""]}
	f.put("VendorId", hex("0x", d.VendorID))
	f.put("DeviceId", hex("0x", d.DeviceID))
	f.put("SubsystemVendorId", hex("0x", d.SubsystemVendorID))
	f.put("SubsystemId", hex("0x", d.SubsystemDeviceID))
	f.put("RevisionId", hex("0x", d.Revision))
	f.put("ClassCode", hex("0x", d.ClassID))
	if segment, bus, device, function, ok := address(d.Address); ok {
		f["SegmentNumber"], f["BusNumber"], f["DeviceNumber"], f["FunctionNumber"] = segment, bus, device, function
	}
	o["PCIeFunctions"] = object{"Members": []object{f}, "Members@odata.count": 1}
	return o
}

// address takes apart domain:bus:device.function.
func address(s string) (segment, bus, device, function uint64, ok bool) {
	list := strings.FieldsFunc(s, func(c rune) bool { return c == ':' || c == '.' })
	if len(list) != 4 {
		return 0, 0, 0, 0, false
	}
	var v [4]uint64
	for i, w := range list {
		n, err := strconv.ParseUint(w, 16, 32)
		if err != nil {
			return 0, 0, 0, 0, false
		}
		v[i] = n
	}
	return v[0], v[1], v[2], v[3], true
}

// generation is Redfish's word for a speed in GT/s.
func generation(speed *float64) string {
	if speed == nil {
		return ""
	}
	return enum(strconv.FormatFloat(*speed, 'g', -1, 64), "2.5=Gen1", "5=Gen2", "8=Gen3", "16=Gen4", "32=Gen5", "64=Gen6")
}

func (x redfish) powerSupply(p *inventory.PowerSupply) object {
	o := id(object{"Status": x.status(p.ID, p.Present, p.Health)}, p.Meta, p.Slot)
	o.put("Manufacturer", p.Manufacturer)
	o.put("Model", p.Model)
	o.put("PartNumber", p.PartNumber)
	o.put("SerialNumber", p.SerialNumber)
	o.put("Version", p.Revision)
	o.put("PowerCapacityWatts", p.CapacityWatts)
	o.put("HotPluggable", p.HotPluggable)
	m := object{}
	if p.InputWatts != nil {
		m["InputPowerWatts"] = object{"Reading": *p.InputWatts}
	}
	if p.OutputWatts != nil {
		m["OutputPowerWatts"] = object{"Reading": *p.OutputWatts}
	}
	o.put("Metrics", m)
	return o
}

func (x redfish) sensor(s *inventory.Sensor) object {
	o := id(object{"Status": x.status(s.ID, nil, s.Health)}, inventory.Meta{ID: s.ID}, s.Name)
	o.put("Reading", s.Value)
	o.put("ReadingUnits", enum(s.Unit, "degrees_c=Cel", "rpm=/min", "volts=V", "amps=A", "watts=W", "percent=%"))
	o.put("ReadingType", enum(s.Unit, "degrees_c=Temperature", "rpm=Rotational", "volts=Voltage", "amps=Current", "watts=Power", "percent=Percent"))
	return o
}

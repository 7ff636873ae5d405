package export

import (
	"fmt"
	"maps"
	"slices"

	"example.com/bee/pkg/inventory"
)

func (m *metrics) pcie(list []inventory.PCIeDevice) {
	for i := range list {
		d := &list[i]
		id := component1(d.ID)
		m.info("bee_pcie_device_info", "One PCI function.", id, label{"address", d.Address}, label{"class", d.Class}, label{"vendor", either(d.Vendor, d.VendorID)}, label{"device", either(d.Device, d.DeviceID)}, label{"driver", d.Driver}, label{"slot", d.Slot}, label{"serial", d.SerialNumber})
		m.link("bee_pcie_link", d.Link, id)
		if a := d.AER; a != nil {
			for _, x := range []struct {
				severity string
				n        *uint64
			}{{"correctable", a.Correctable}, {"nonfatal", a.Nonfatal}, {"fatal", a.Fatal}} {
				count(m, "bee_pcie_errors_total", "Errors reported by the function since boot.", x.n, id, label{"severity", x.severity})
			}
		}
		flag(m, "bee_pcie_off_bus", "1 when the function no longer answers.", d.OffBus, id)
	}
}

func (m *metrics) link(prefix string, l *inventory.PCIeLink, id label) {
	if l == nil {
		return
	}
	opt(m, prefix+"_lanes", "Lanes in use.", l.CurrentWidth, id)
	opt(m, prefix+"_attainable_lanes", "Lanes both ends have.", l.AttainableWidth, id)
	if l.CurrentSpeedGTs != nil {
		m.gauge(prefix+"_transfers_per_second", "Transfers per second and lane.", *l.CurrentSpeedGTs*1e9, id)
	}
	if l.AttainableSpeedGTs != nil {
		m.gauge(prefix+"_attainable_transfers_per_second", "Transfers per second and lane both ends can do.", *l.AttainableSpeedGTs*1e9, id)
	}
	flag(m, prefix+"_degraded", "1 when the link runs narrower or slower than both ends could.", l.Degraded, id)
}

func (m *metrics) powerSupplies(list []inventory.PowerSupply) {
	for i := range list {
		p := &list[i]
		id := component1(p.ID)
		m.info("bee_power_supply_info", "One power supply bay.", id, label{"slot", p.Slot}, label{"manufacturer", p.Manufacturer}, label{"model", p.Model}, label{"part", p.PartNumber}, label{"serial", p.SerialNumber}, label{"status", string(p.Status)})
		flag(m, "bee_power_supply_present", "1 when the bay holds a supply.", p.Present, id)
		opt(m, "bee_power_supply_capacity_watts", "Rated output.", p.CapacityWatts, id)
		opt(m, "bee_power_supply_input_watts", "Power drawn.", p.InputWatts, id)
		opt(m, "bee_power_supply_output_watts", "Power delivered.", p.OutputWatts, id)
		m.health("power_supply", p.ID, p.Health)
	}
}

func (m *metrics) gpus(list []inventory.GPU) {
	for i := range list {
		g := &list[i]
		id := component1(g.ID)
		m.info("bee_gpu_info", "One GPU.", id, label{"index", number(g.Index, "")}, label{"address", g.PCIAddress}, label{"name", g.Name}, label{"uuid", g.UUID}, label{"serial", g.SerialNumber}, label{"vbios", g.VBIOS}, label{"driver_version", g.DriverVersion}, label{"status", g.State})
		opt(m, "bee_gpu_memory_size_bytes", "Memory of the GPU.", g.MemoryBytes, id)
		opt(m, "bee_gpu_memory_used_bytes", "Memory in use.", g.MemoryUsedBytes, id)
		opt(m, "bee_gpu_temperature_celsius", "Temperature of the GPU.", g.TempCelsius, id)
		opt(m, "bee_gpu_memory_temperature_celsius", "Temperature of its memory.", g.TempMemoryCelsius, id)
		opt(m, "bee_gpu_power_watts", "Power drawn.", g.PowerWatts, id)
		opt(m, "bee_gpu_power_limit_watts", "Power limit in force.", g.PowerLimitWatts, id)
		if e := g.ECC; e != nil {
			for _, x := range []struct {
				scope, kind string
				n           *uint64
			}{{"volatile", "corrected", e.VolatileCorrected}, {"volatile", "uncorrected", e.VolatileUncorrected}, {"aggregate", "corrected", e.AggregateCorrected}, {"aggregate", "uncorrected", e.AggregateUncorrected}} {
				count(m, "bee_gpu_ecc_errors_total", "Memory errors: volatile since the driver was loaded, aggregate for life.", x.n, id, label{"scope", x.scope}, label{"type", x.kind})
			}
		}
		if x := g.RemappedRows; x != nil {
			opt(m, "bee_gpu_remapped_rows", "Memory rows replaced by spares.", x.Correctable, id, label{"type", "correctable"})
			opt(m, "bee_gpu_remapped_rows", "Memory rows replaced by spares.", x.Uncorrectable, id, label{"type", "uncorrectable"})
			flag(m, "bee_gpu_row_remapping_failed", "1 when a row could not be replaced.", x.Failure, id)
		}
		if x := g.RetiredPages; x != nil {
			opt(m, "bee_gpu_retired_pages", "Memory pages taken out of use.", x.SingleBit, id, label{"type", "single_bit"})
			opt(m, "bee_gpu_retired_pages", "Memory pages taken out of use.", x.DoubleBit, id, label{"type", "double_bit"})
		}
		m.link("bee_gpu_link", g.Link, id)
		if g.NVLinks != nil {
			active := 0
			for _, l := range g.NVLinks {
				if l.Active != nil && *l.Active {
					active++
				}
			}
			m.gauge("bee_gpu_active_nvlinks", "NVLinks that are up.", float64(active), id)
		}
		m.health("gpu", g.ID, g.Health)
	}
}

func (m *metrics) network(list []inventory.NIC) {
	for i := range list {
		n := &list[i]
		id := component1(n.ID)
		m.info("bee_network_info", "One physical network interface.", id, label{"name", n.Name}, label{"mac", either(n.PermanentMAC, n.MAC)}, label{"driver", n.Driver}, label{"firmware", n.Firmware}, label{"address", n.PCIAddress})
		flag(m, "bee_network_up", "1 when there is a carrier.", n.LinkUp, id)
		if n.SpeedMbps != nil {
			m.gauge("bee_network_speed_bytes", "Negotiated speed in bytes per second.", float64(*n.SpeedMbps)*125000, id)
		}
		if c := n.Counters; c != nil {
			count(m, "bee_network_receive_errors_total", "Errors on receiving.", c.RxErrors, id)
			count(m, "bee_network_transmit_errors_total", "Errors on sending.", c.TxErrors, id)
			count(m, "bee_network_receive_crc_errors_total", "Frames received with a wrong checksum.", c.RxCRCErrors, id)
		}
		if x := n.Module; x != nil {
			m.info("bee_network_module_info", "The module in the port.", id, label{"type", x.Type}, label{"vendor", x.Vendor}, label{"part", x.PartNumber}, label{"serial", x.SerialNumber})
			opt(m, "bee_network_module_temperature_celsius", "Temperature of the module.", x.TempCelsius, id)
		}
		m.ports(n, id)
	}
}

// ports are the light in an interface's module, what it belongs to, and what
// is at its other end.
func (m *metrics) ports(n *inventory.NIC, id label) {
	if n.Module != nil {
		for i, l := range n.Module.Lanes {
			lane := label{"lane", fmt.Sprint(i + 1)}
			if v := l.RxPowerMilliwatts; v != nil {
				m.gauge("bee_network_module_receive_power_watts", "Light received on a lane.", *v/1000, id, lane)
			}
			if v := l.TxPowerMilliwatts; v != nil {
				m.gauge("bee_network_module_transmit_power_watts", "Light sent on a lane.", *v/1000, id, lane)
			}
		}
	}
	if x := n.Master; x != nil {
		m.info("bee_network_master_info", "What the interface is a part of.", id, label{"name", x.Name}, label{"type", x.Type}, label{"mode", x.Mode}, label{"state", x.State})
	}
	for i := range n.LLDP {
		x := &n.LLDP[i]
		m.info("bee_network_neighbor_info", "The switch at the other end, as it says (LLDP).", id, label{"neighbor", fmt.Sprint(i + 1)}, label{"system", x.SystemName}, label{"chassis", x.ChassisID}, label{"port", x.PortID}, label{"vlan", number(x.VLANID, "")})
	}
	for i := range n.RDMA {
		x := &n.RDMA[i]
		m.info("bee_network_rdma_info", "An RDMA port of the interface.", id, label{"device", x.Device}, label{"port", fmt.Sprint(x.Port)}, label{"link_layer", x.LinkLayer}, label{"state", x.State}, label{"guid", x.PortGUID}, label{"firmware", x.Firmware})
	}
}

func (m *metrics) bmc(b *inventory.BMC) {
	if b == nil {
		return
	}
	m.info("bee_bmc_info", "The baseboard management controller.", component1(b.ID), label{"manufacturer", b.Manufacturer}, label{"product", b.Product}, label{"firmware", b.Firmware}, label{"ipmi_version", b.IPMIVersion}, label{"mac", b.MAC})
	opt(m, "bee_bmc_power_watts", "Power the machine draws, as the BMC says.", b.PowerWatts)
	if s := b.SEL; s != nil {
		opt(m, "bee_bmc_event_log_entries", "Entries of the event log.", s.Entries)
		flag(m, "bee_bmc_event_log_overflow", "1 when entries were lost.", s.Overflow)
	}
	readings := make([]reading, len(b.Sensors))
	for i := range b.Sensors {
		x := &b.Sensors[i]
		readings[i] = reading{x.ID, x.Name, "", x.Type, x.Unit, x.Value, x.Health}
	}
	m.readings("bee_bmc", readings)
}

// sensors are those the kernel reads.
func (m *metrics) sensors(list []inventory.HostSensor) {
	readings := make([]reading, len(list))
	for i := range list {
		x := &list[i]
		readings[i] = reading{x.ID, x.Name, x.Chip, x.Type, x.Unit, x.Value, x.Health}
	}
	m.readings("bee_host", readings)
}

// reading is a sensor of either kind.
type reading struct {
	id, name, chip, kind, unit string
	value                      *float64
	health                     inventory.Health
}

// readings adds them unit by unit, as each unit has a name of its own.
func (m *metrics) readings(prefix string, list []reading) {
	units := map[string][2]string{
		"degrees_c": {"_sensor_temperature_celsius", "A temperature sensor."},
		"rpm":       {"_sensor_fan_speed_rpm", "A fan, in turns per minute."},
		"volts":     {"_sensor_voltage_volts", "A voltage sensor."},
		"amps":      {"_sensor_current_amperes", "A current sensor."},
		"watts":     {"_sensor_power_watts", "A power sensor."},
		"joules":    {"_sensor_energy_joules", "An energy meter."},
	}
	for _, unit := range append(slices.Sorted(maps.Keys(units)), "") {
		for _, r := range list {
			known, ok := units[r.unit]
			labels := []label{component1(r.id), {"name", r.name}, {"chip", r.chip}, {"type", r.kind}}
			switch {
			case r.value == nil:
			case ok && r.unit == unit:
				m.gauge(prefix+known[0], known[1], *r.value, labels...)
			case !ok && unit == "":
				m.gauge(prefix+"_sensor_value", "A sensor in the unit of its label.", *r.value, append(labels, label{"unit", r.unit})...)
			}
		}
	}
	for _, r := range list {
		m.health("sensor", r.id, r.health)
	}
}

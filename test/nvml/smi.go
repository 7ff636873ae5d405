package nvml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"example.com/bee/pkg/collectors/nvidia"
)

// FromSMI makes the table of a stand-in of what nvidia-smi printed on a real
// machine, with -q -x (XML) or with -q (text). What it printed as N/A is not
// in the table: not supported.
func FromSMI(b []byte) (*nvidia.Data, error) {
	root, err := parse(b)
	if err != nil {
		return nil, err
	}
	d := NewMachine(root.get("driver_version", "KMD Version", "Driver Version"), cudaNumber(root.get("cuda_version", "CUDA UMD Version", "CUDA Version")))
	for _, n := range root.children {
		if n.name == "gpu" {
			describe(AddGPU(d), &n)
		}
	}
	if len(d.GPUs) == 0 {
		return nil, errors.New("no GPU in it")
	}
	return d, nil
}

// A node is an element of the XML, or a line of the text with those that are
// indented below it.
type node struct {
	name, text string
	children   []node
}

// get follows a path; the first of several that leads to a value.
func (n *node) get(paths ...string) string {
	for _, p := range paths {
		if at := n.at(p); at != nil && at.text != "" && at.text != "N/A" && !strings.HasPrefix(at.text, "Requested") {
			return at.text
		}
	}
	return ""
}

func (n *node) at(p string) *node {
	for step := range strings.SplitSeq(p, "/") {
		var next *node
		for i := range n.children {
			if n.children[i].name == step {
				next = &n.children[i]
				break
			}
		}
		if next == nil {
			return nil
		}
		n = next
	}
	return n
}

func (n *node) all(names ...string) []node {
	var found []node
	for _, c := range n.children {
		for _, name := range names {
			if c.name == name {
				found = append(found, c)
			}
		}
	}
	return found
}

func parse(b []byte) (*node, error) {
	if bytes.Contains(b, []byte("<nvidia_smi_log>")) {
		return parseXML(b)
	}
	return parseText(b), nil
}

func parseXML(b []byte) (*node, error) {
	dec := xml.NewDecoder(bytes.NewReader(b))
	stack := []*node{{}}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return stack[0].at("nvidia_smi_log"), nil
		}
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			stack = append(stack, &node{name: t.Name.Local})
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); s != "" {
				top.text = s
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			below := stack[len(stack)-1]
			below.children = append(below.children, *top)
		}
	}
}

// parseText reads "Key   : value" lines, four spaces of indentation a level.
func parseText(b []byte) *node {
	root := &node{}
	for line := range strings.Lines(string(b)) {
		body := strings.TrimLeft(line, " ")
		depth := (len(line) - len(body)) / 4
		body = strings.TrimSpace(body)
		if body == "" || strings.HasPrefix(body, "=") {
			continue
		}
		key, value, _ := strings.Cut(body, " : ")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if depth == 0 && strings.HasPrefix(key, "GPU ") {
			key, value = "gpu", strings.TrimPrefix(key, "GPU ")
		}
		at := root
		for range depth {
			if len(at.children) == 0 {
				break
			}
			at = &at.children[len(at.children)-1]
		}
		at.children = append(at.children, node{name: key, text: value})
	}
	return root
}

func cudaNumber(s string) uint64 {
	major, minor, _ := strings.Cut(s, ".")
	a, _ := strconv.ParseUint(major, 10, 32)
	b, _ := strconv.ParseUint(minor, 10, 32)
	return a*1000 + b*10
}

// number takes "81559 MiB", "27 C", "16x", "67.03 W", "0x100", all times
// scale.
func number(s string, scale float64) (uint64, bool) {
	word, _, _ := strings.Cut(s, " ")
	if hex, ok := strings.CutPrefix(word, "0x"); ok {
		n, err := strconv.ParseUint(hex, 16, 64)
		return n, err == nil
	}
	f, err := strconv.ParseFloat(strings.TrimRight(word, "x%"), 64)
	if err != nil {
		return 0, false
	}
	return uint64(int64(f*scale + 0.5)), true
}

// state takes the words for 0 and 1.
func state(s string) (uint64, bool) {
	switch s {
	case "Enabled", "Yes", "Active":
		return 1, true
	case "Disabled", "No", "Not Active":
		return 0, true
	default:
		return 0, false
	}
}

func hexNumber(s string) uint64 {
	n, _ := strconv.ParseUint(strings.TrimPrefix(s, "0x"), 16, 64)
	return n
}

func describe(g *GPU, n *node) {
	identity(g, n)
	memory(g, n)
	rest(g, n)
	for _, m := range append(n.all("MIG Device"), n.migDevices()...) {
		index, err := strconv.Atoi(m.get("index", "Index"))
		if err != nil {
			continue
		}
		in := g.Instance(index)
		g.Number(nvidia.FnMIGMax, nil, 7)
		in.set(nvidia.FnGPUInstanceID, nil, 1, m.get("gpu_instance_id", "GPU Instance ID"))
		in.set(nvidia.FnComputeInstanceID, nil, 1, m.get("compute_instance_id", "Compute Instance ID"))
		if total, ok := number(m.get("fb_memory_usage/total", "Shared FB Memory Usage/Total"), 1<<20); ok {
			in.Number(nvidia.FnMemoryV2, nil, total, 0, 0, 0)
		}
	}
}

func (n *node) migDevices() []node {
	if at := n.at("mig_devices"); at != nil {
		return at.all("mig_device")
	}
	return nil
}

// set writes a number where there is one.
func (g *GPU) set(fn nvidia.Function, args []uint32, scale float64, s string) {
	if v, ok := number(s, scale); ok {
		g.Number(fn, args, v)
	}
}

func (g *GPU) setText(fn nvidia.Function, args []uint32, s string) {
	if s != "" {
		g.Set(fn, args, nvidia.Success, s)
	}
}

func identity(g *GPU, n *node) {
	bus := strings.FieldsFunc(n.get("pci/pci_bus_id", "PCI/Bus Id"), func(r rune) bool { return r == ':' || r == '.' })
	if len(bus) == 4 {
		g.PCI(hexNumber(bus[0]), hexNumber(bus[1]), hexNumber(bus[2]),
			hexNumber(n.get("pci/pci_device_id", "PCI/Device Id")), hexNumber(n.get("pci/pci_sub_system_id", "PCI/Sub System Id")))
	}
	for fn, s := range map[nvidia.Function]string{
		nvidia.FnName:            n.get("product_name", "Product Name"),
		nvidia.FnUUID:            n.get("uuid", "GPU UUID"),
		nvidia.FnSerial:          n.get("serial", "Serial Number"),
		nvidia.FnVBIOS:           n.get("vbios_version", "VBIOS Version"),
		nvidia.FnBoardPartNumber: n.get("board_part_number", "Board Part Number"),
		nvidia.FnInfoROMImage:    n.get("inforom_version/img_version", "Inforom Version/Image Version"),
		nvidia.FnGSPFirmware:     n.get("gsp_firmware_version", "GSP Firmware Version"),
	} {
		g.setText(fn, nil, s)
	}
	g.setText(nvidia.FnInfoROM, []uint32{0}, n.get("inforom_version/oem_object", "Inforom Version/OEM Object"))
	g.setText(nvidia.FnInfoROM, []uint32{1}, n.get("inforom_version/ecc_object", "Inforom Version/ECC Object"))
	g.setText(nvidia.FnInfoROM, []uint32{2}, n.get("inforom_version/pwr_object", "Inforom Version/Power Management Object"))
	g.set(nvidia.FnMinor, nil, 1, n.get("minor_number", "Minor Number"))
	g.set(nvidia.FnBoardID, nil, 1, n.get("board_id", "Board ID"))
	codes := map[string]uint64{"Pascal": 4, "Volta": 5, "Turing": 6, "Ampere": 7, "Ada Lovelace": 8, "Hopper": 9, "Blackwell": 10}
	if code, ok := codes[n.get("product_architecture", "Product Architecture")]; ok {
		g.Number(nvidia.FnArchitecture, nil, code)
	}
}

func memory(g *GPU, n *node) {
	if total, ok := number(n.get("fb_memory_usage/total", "FB Memory Usage/Total"), 1<<20); ok {
		used, _ := number(n.get("fb_memory_usage/used", "FB Memory Usage/Used"), 1<<20)
		if reserved, ok := number(n.get("fb_memory_usage/reserved", "FB Memory Usage/Reserved"), 1<<20); ok {
			g.Number(nvidia.FnMemoryV2, nil, total, reserved, total-used-reserved, used)
		} else {
			g.Number(nvidia.FnMemory, nil, total, total-used, used)
		}
	}
	current, ok := state(n.get("ecc_mode/current_ecc", "ECC Mode/Current"))
	pending, _ := state(n.get("ecc_mode/pending_ecc", "ECC Mode/Pending"))
	if ok {
		g.Number(nvidia.FnECCMode, nil, current, pending)
	}
	for counter, names := range [][2]string{{"volatile", "Volatile"}, {"aggregate", "Aggregate"}} {
		for kind, words := range [][]string{
			{"sram_correctable", "dram_correctable", "SRAM Correctable", "DRAM Correctable"},
			{
				"sram_uncorrectable", "dram_uncorrectable", "sram_uncorrectable_parity", "sram_uncorrectable_secded",
				"SRAM Uncorrectable Parity", "SRAM Uncorrectable SEC-DED", "DRAM Uncorrectable",
			},
		} {
			sum, any := uint64(0), false
			for _, w := range words {
				v, ok := number(n.get("ecc_errors/"+names[0]+"/"+w, "ECC Errors/"+names[1]+"/"+w), 1)
				sum, any = sum+v, any || ok
			}
			if any {
				g.Number(nvidia.FnECCTotal, []uint32{uint32(kind), uint32(counter)}, sum)
			}
		}
	}
	g.set(nvidia.FnRetiredPages, []uint32{0}, 1, n.get("retired_pages/multiple_single_bit_retirement/retired_count", "Retired Pages/Single Bit ECC"))
	g.set(nvidia.FnRetiredPages, []uint32{1}, 1, n.get("retired_pages/double_bit_retirement/retired_count", "Retired Pages/Double Bit ECC"))
	if v, ok := state(n.get("retired_pages/pending_retirement", "Retired Pages/Pending Page Blacklist")); ok {
		g.Number(nvidia.FnRetiredPending, nil, v)
	}
	if corrected, ok := number(n.get("remapped_rows/remapped_row_corr", "Remapped Rows/Correctable Error"), 1); ok {
		uncorrected, _ := number(n.get("remapped_rows/remapped_row_unc", "Remapped Rows/Uncorrectable Error"), 1)
		pending, _ := state(n.get("remapped_rows/remapped_row_pending", "Remapped Rows/Pending"))
		failed, _ := state(n.get("remapped_rows/remapped_row_failure", "Remapped Rows/Remapping Failure Occurred"))
		g.Number(nvidia.FnRemappedRows, nil, corrected, uncorrected, pending, failed)
	}
}

func rest(g *GPU, n *node) {
	const xlink, tlink = "pci/pci_gpu_link_info/", "PCI/GPU Link Info/"
	for fn, s := range map[nvidia.Function]string{
		nvidia.FnPCIeGeneration:          n.get(xlink+"pcie_gen/current_link_gen", tlink+"PCIe Generation/Current"),
		nvidia.FnPCIeMaxGeneration:       n.get(xlink+"pcie_gen/max_link_gen", tlink+"PCIe Generation/Max"),
		nvidia.FnPCIeDeviceMaxGeneration: n.get(xlink+"pcie_gen/max_device_link_gen", tlink+"PCIe Generation/Device Max"),
		nvidia.FnPCIeWidth:               n.get(xlink+"link_widths/current_link_width", tlink+"Link Width/Current"),
		nvidia.FnPCIeMaxWidth:            n.get(xlink+"link_widths/max_link_width", tlink+"Link Width/Max"),
		nvidia.FnPCIeReplays:             n.get("pci/replay_counter", "PCI/Replays Since Reset"),
		nvidia.FnFanSpeed:                n.get("fan_speed", "Fan Speed"),
		nvidia.FnPerformanceState:        strings.TrimPrefix(n.get("performance_state", "Performance State"), "P"),
	} {
		g.set(fn, nil, 1, s)
	}
	g.set(nvidia.FnTemperature, []uint32{0}, 1, n.get("temperature/gpu_temp", "Temperature/GPU Current Temp"))
	g.set(nvidia.FnTemperatureThreshold, []uint32{0}, 1, n.get("temperature/gpu_temp_max_threshold", "Temperature/GPU Shutdown Temp"))
	g.set(nvidia.FnTemperatureThreshold, []uint32{1}, 1, n.get("temperature/gpu_temp_slow_threshold", "Temperature/GPU Slowdown Temp"))
	g.set(nvidia.FnTemperatureMargin, nil, 1, n.get("temperature/gpu_temp_tlimit", "Temperature/GPU T.Limit Temp"))
	if v, ok := number(n.get("temperature/memory_temp", "Temperature/Memory Current Temp"), 1); ok {
		g.Field(82, v)
	}
	watts(g, n)
	for clock, names := range [][2]string{{"graphics", "Graphics"}, {"sm", "SM"}, {"mem", "Memory"}, {"video", "Video"}} {
		args := []uint32{uint32(clock)}
		g.set(nvidia.FnClock, args, 1, n.get("clocks/"+names[0]+"_clock", "Clocks/"+names[1]))
		g.set(nvidia.FnMaxClock, args, 1, n.get("max_clocks/"+names[0]+"_clock", "Max Clocks/"+names[1]))
	}
	if v, ok := state(n.get("persistence_mode", "Persistence Mode")); ok {
		g.Number(nvidia.FnPersistence, nil, v)
	}
	if n.get("compute_mode", "Compute Mode") == "Default" {
		g.Number(nvidia.FnComputeMode, nil, 0)
	}
	current, ok := state(n.get("mig_mode/current_mig", "MIG Mode/Current"))
	pending, _ := state(n.get("mig_mode/pending_mig", "MIG Mode/Pending"))
	if ok {
		g.Number(nvidia.FnMIGMode, nil, current, pending)
	}
	throttling(g, n)
}

func watts(g *GPU, n *node) {
	for fn, paths := range map[nvidia.Function][]string{
		nvidia.FnPowerUsage: {
			"gpu_power_readings/power_draw", "gpu_power_readings/average_power_draw", "gpu_power_readings/instant_power_draw",
			"power_readings/power_draw", "GPU Power Readings/Average Power Draw", "GPU Power Readings/Instantaneous Power Draw",
		},
		nvidia.FnPowerLimit: {
			"gpu_power_readings/current_power_limit", "power_readings/enforced_power_limit", "GPU Power Readings/Current Power Limit",
			"GPU Power Readings/GPU Ceiling Power Limit/Current Power Limit",
		},
		nvidia.FnPowerDefaultLimit: {
			"gpu_power_readings/default_power_limit", "power_readings/default_power_limit", "GPU Power Readings/Default Power Limit",
			"GPU Power Readings/GPU Ceiling Power Limit/Default Power Limit",
		},
	} {
		g.set(fn, nil, 1000, n.get(paths...))
	}
	least, _ := number(n.get("gpu_power_readings/min_power_limit", "power_readings/min_power_limit", "GPU Power Readings/Min Power Limit"), 1000)
	if most, ok := number(n.get("gpu_power_readings/max_power_limit", "power_readings/max_power_limit", "GPU Power Readings/Max Power Limit"), 1000); ok {
		g.Number(nvidia.FnPowerConstraints, nil, least, most)
	}
}

func throttling(g *GPU, n *node) {
	var bits uint64
	any := false
	for bit, names := range [][]string{
		{"gpu_idle", "Idle"},
		{"applications_clocks_setting", "Applications Clocks Setting"},
		{"sw_power_cap", "SW Power Cap"},
		{"hw_slowdown", "HW Slowdown"},
		{"sync_boost", "Sync Boost"},
		{"sw_thermal_slowdown", "SW Thermal Slowdown"},
		{"hw_thermal_slowdown", "HW Slowdown/HW Thermal Slowdown"},
		{"hw_power_brake_slowdown", "HW Slowdown/HW Power Brake Slowdown"},
		{"display_clocks_setting", "Display Clock Setting"},
	} {
		v, ok := state(n.get(
			"clocks_event_reasons/clocks_event_reason_"+names[0],
			"clocks_throttle_reasons/clocks_throttle_reason_"+names[0],
			"Clocks Event Reasons/"+names[1], "Clocks Throttle Reasons/"+names[1],
		))
		bits |= v << bit
		any = any || ok
	}
	if any {
		g.Number(nvidia.FnEventReasons, nil, bits)
		g.Number(nvidia.FnThrottleReasons, nil, bits)
	}
}

// API answers with the readings of d without any library: what the stand-in
// would say.
func API(d *nvidia.Data) nvidia.API { return api{d} }

type api struct{ d *nvidia.Data }

// Call implements [nvidia.API].
func (a api) Call(q nvidia.Query) []nvidia.Reading {
	if q.Function == nvidia.FnFieldValues {
		var rs []nvidia.Reading
		for i := 0; i+1 < len(q.Args); i += 2 {
			one := q
			one.Args = q.Args[i : i+2]
			rs = append(rs, a.one(one))
		}
		return rs
	}
	return []nvidia.Reading{a.one(q)}
}

func (a api) one(q nvidia.Query) nvidia.Reading {
	for _, all := range a.tables(q) {
		for _, r := range all {
			if r.String() == q.String() && fmt.Sprint(r.Args) == fmt.Sprint(q.Args) {
				return r
			}
		}
	}
	switch q.Function {
	case nvidia.FnInit, nvidia.FnInitWithFlags, nvidia.FnHandle:
		return nvidia.Reading{Query: q}
	case nvidia.FnMIGHandle:
		return nvidia.Reading{Query: q, Return: nvidia.NotFound}
	default:
		return nvidia.Reading{Query: q, Return: nvidia.NotSupported}
	}
}

func (a api) tables(q nvidia.Query) [][]nvidia.Reading {
	if q.GPU < 0 {
		return [][]nvidia.Reading{a.d.System}
	}
	if q.GPU >= len(a.d.GPUs) {
		return nil
	}
	t := [][]nvidia.Reading{a.d.GPUs[q.GPU].Readings}
	for _, in := range a.d.GPUs[q.GPU].Instances {
		t = append(t, in.Readings)
	}
	return t
}

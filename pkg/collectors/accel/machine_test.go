package accel_test

import (
	"strings"

	"example.com/bee/pkg/collectors/host/hosttest"
)

// builder puts functions and class devices together.
type builder struct{ *hosttest.Source }

func machine() *builder {
	return &builder{&hosttest.Source{Files: map[string]string{}, Links: map[string]string{}}}
}

// function adds a PCI function; lines are "name=content".
func (b *builder) function(address, vendor, device, class, driver string, lines ...string) *builder {
	dir := "/sys/devices/pci0000:00/" + address
	b.Links["/sys/bus/pci/devices/"+address] = "../../../devices/pci0000:00/" + address
	for name, text := range map[string]string{"vendor": vendor, "device": device, "class": class} {
		b.Files[dir+"/"+name] = text + "\n"
	}
	if driver != "" {
		b.Links[dir+"/driver"] = "../../../bus/pci/drivers/" + driver
	}
	for _, l := range lines {
		name, text, _ := strings.Cut(l, "=")
		b.Files[dir+"/"+name] = text + "\n"
	}
	return b
}

// mixed has one of each kind, and what is none.
func mixed() *hosttest.Source {
	b := machine()
	b.function("0000:00:00.0", "0x8086", "0x1237", "0x060000", "")
	b.function("0000:01:00.0", "0x1a03", "0x2000", "0x030000", "ast")
	b.function("0000:02:00.0", "0x10de", "0x2330", "0x030200", "nvidia")
	b.function("0000:03:00.0", "0x1002", "0x738c", "0x038000", "amdgpu",
		"vbios_version=113-D3430400-037", "unique_id=2150E7D042A1124A", "serial_number=0", "product_name=Instinct MI100", "product_number=102-D34304-00",
		"mem_info_vram_total=34342961152", "mem_info_vram_used=6782976", "gpu_busy_percent=7", "pcie_replay_count=3",
		"pp_dpm_sclk=S: 19Mhz *\n0: 300Mhz\n15: 1502Mhz", "pp_dpm_mclk=0: 167Mhz\n1: 1200Mhz *",
		"fw_version/vcn_fw_version=0x01101015", "fw_version/mc_fw_version=0x00000000",
		"ras/umc_err_count=ue: 2\nce: 5", "ras/gfx_err_count=ue: 0\nce: 1\nde: 0", "ras/sdma_err_count=ue: 1\nce: 0", "ras/features=feature mask: 0x5",
		"ras/gpu_vram_bad_pages=0x00000001 : 0x00001000 : R\n0x00000002 : 0x00001000 : P",
		"hwmon/hwmon4/name=amdgpu", "hwmon/hwmon4/temp1_input=31000", "hwmon/hwmon4/temp1_label=edge", "hwmon/hwmon4/temp1_crit=100000", "hwmon/hwmon4/temp1_emergency=105000",
		"hwmon/hwmon4/temp2_input=34000", "hwmon/hwmon4/temp2_label=junction", "hwmon/hwmon4/temp3_input=30499", "hwmon/hwmon4/temp3_label=mem",
		"hwmon/hwmon4/power1_average=39000000", "hwmon/hwmon4/power1_cap=200000000", "hwmon/hwmon4/power1_cap_default=290000000", "hwmon/hwmon4/power1_cap_max=290000000",
		"hwmon/hwmon4/pwm1=33", "hwmon/hwmon4/pwm1_max=255", "power/runtime_status=active")
	b.function("0000:04:00.0", "0x1002", "0x73df", "0x030000", "")
	b.function("0000:05:00.0", "0x8086", "0x0bd5", "0x038000", "xe",
		"tile0/physical_vram_size_bytes=0x1000000000", "tile0/gt0/freq0/act_freq=600", "tile0/gt0/freq0/rp0_freq=1600", "tile0/gt0/freq0/throttle/reason_thermal=1", "tile0/gt0/freq0/throttle/reason_pl1=0",
		"hwmon/hwmon7/power1_max=600000000", "hwmon/hwmon7/temp2_input=55000", "hwmon/hwmon7/temp2_label=pkg", "hwmon/hwmon7/temp3_input=50000", "hwmon/hwmon7/temp3_label=vram")
	b.function("0000:06:00.0", "0x8086", "0x46a6", "0x030000", "i915",
		"drm/card0/gt_act_freq_mhz=0", "drm/card0/gt_RP0_freq_mhz=1300", "drm/renderD128/dev=226:128", "power/runtime_status=active")
	b.function("0000:07:00.0", "0x1da3", "0x1020", "0x120000", "habanalabs")
	b.Links["/sys/class/accel/accel0"] = "../../devices/pci0000:00/0000:07:00.0/accel/accel0"
	for name, text := range map[string]string{
		"device_type": "GAUDI2 HL-225", "status": "operational", "max_power": "600000", "cpucp_ver": "hl-gaudi2-1.10.0", "cpld_ver": "0x00000009",
	} {
		b.Files["/sys/devices/pci0000:00/0000:07:00.0/accel/accel0/"+name] = text + "\n"
	}
	b.function("0000:08:00.0", "0x1002", "0x740f", "0x120000", "vfio-pci")
	b.function("0000:08:02.0", "0x1002", "0x7410", "0x120000", "amdgpu")
	b.Links["/sys/devices/pci0000:00/0000:08:02.0/physfn"] = "../0000:08:00.0"
	// An NPU whose class on PCI does not say so, and one on a chip.
	b.function("0000:09:00.1", "0x1022", "0x1502", "0x118000", "amdxdna")
	b.Links["/sys/class/accel/accel1"] = "../../devices/pci0000:00/0000:09:00.1/accel/accel1"
	b.Files["/sys/devices/pci0000:00/0000:09:00.1/accel/accel1/dev"] = "261:1\n"
	b.Links["/sys/class/accel/accel2"] = "../../devices/platform/fdab0000.npu/accel/accel2"
	b.Links["/sys/devices/platform/fdab0000.npu/accel/accel2/device"] = "../../../fdab0000.npu"
	b.Links["/sys/devices/platform/fdab0000.npu/driver"] = "../../../bus/platform/drivers/rocket"
	return b.Source
}

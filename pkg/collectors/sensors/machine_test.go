package sensors_test

import (
	"example.com/bee/pkg/collectors/host/hosttest"
)

// server has a processor, a board controller nobody set up, a drive, a card
// with a fan, and a chip without a place.
func server() *hosttest.Source {
	s := &hosttest.Source{Files: map[string]string{}, Links: map[string]string{}}
	add := func(name, place string, attrs map[string]string) {
		s.Links["/sys/class/hwmon/"+name] = "../.." + place + "/" + name
		for k, v := range attrs {
			s.Files["/sys"+place+"/"+name+"/"+k] = v + "\n"
		}
	}
	add("hwmon0", "/devices/platform/coretemp.0/hwmon", map[string]string{
		"name":        "coretemp",
		"temp1_label": "Package id 1", "temp1_input": "55000", "temp1_max": "82000", "temp1_crit": "92000", "temp1_crit_alarm": "0",
		"temp12_label": "Core 10", "temp12_input": "93500", "temp12_max": "82000", "temp12_crit": "92000", "temp12_crit_alarm": "1",
	})
	add("hwmon1", "/devices/platform/nct6775.656/hwmon", map[string]string{
		"name":      "nct6779",
		"in0_input": "888", "in0_min": "0", "in0_max": "1744", "in0_alarm": "0",
		"in1_input": "1000", "in1_min": "2000", "in1_max": "800", "in1_alarm": "1",
		"fan1_input": "1200", "fan1_min": "1500", "fan1_alarm": "1",
		"fan2_input": "0", "fan2_min": "0", "fan2_alarm": "0",
		"fan3_input": "0", "fan3_fault": "1",
		"temp7_input": "-128000", "temp8_input": "127000", "temp8_fault": "1",
		"intrusion0_alarm": "1", "pwm1": "100", "pwm1_enable": "5", "in0_beep": "0",
		"power1_average": "190000000", "power1_cap": "300000000", "energy1_input": "1500000", "curr1_input": "1500", "humidity1_input": "45500",
	})
	add("hwmon2", "/devices/pci0000:00/0000:00:02.1/0000:01:00.0/nvme/nvme0", map[string]string{
		"name": "nvme", "temp1_label": "Composite", "temp1_input": "39850", "temp1_max": "81850", "temp1_min": "-273150", "temp1_crit": "84850", "temp1_alarm": "0",
		"temp2_label": "Sensor 1", "temp2_input": "39850", "temp2_max": "65261850",
	})
	add("hwmon3", "/devices/pci0000:40/0000:40:01.3/0000:45:00.0/hwmon", map[string]string{
		"name": "mlx5", "temp1_label": "asic", "temp1_input": "54000", "temp1_crit": "105000", "temp1_highest": "55000", "fan1_input": "3000", "fan1_enable": "0",
	})
	add("hwmon4", "/devices/virtual/thermal/thermal_zone0", map[string]string{"name": "acpitz", "temp1_input": "27800", "temp1_crit": "-274000"})
	add("hwmon5", "/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/hwmon", map[string]string{
		"name": "drivetemp", "temp1_input": "33000", "temp1_max": "60000",
	})
	s.Links["/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/hwmon/hwmon5/device"] = "../../../0:0:0:0"
	s.Files["/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda/size"] = "1\n"
	return s
}

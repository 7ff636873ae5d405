package score_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"example.com/bee/test/bench/score"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/smbiosgen"
)

// facts are a small machine, that the texts below describe.
func facts() lab.Facts {
	return lab.Facts{
		SMBIOS: smbiosgen.Machine{
			System: smbiosgen.System{Manufacturer: "Example", ProductName: "Box 1", SerialNumber: "S-1"},
			Arrays: []smbiosgen.MemoryArray{{Devices: []smbiosgen.MemoryDevice{{Locator: "A1", SerialNumber: "D-1", SizeBytes: 32 << 30, SpeedMTs: 2933}}}},
		},
		Drives: []lab.Drive{{Protocol: "sata", Model: "DISK 42", Serial: "X-1", Firmware: "FIRMWARE", SizeBytes: 67108864, RotationRPM: new(7200), PCIAddress: "0000:00:1f.2"}},
		NICs:   []lab.NIC{{MAC: "52:54:00:00:00:01", Driver: "e1000e", PCIAddress: "0000:00:02.0"}},
	}
}

func TestReaders(t *testing.T) {
	t.Parallel()
	stack := t.TempDir()
	for name, text := range map[string]string{
		"dmidecode": "Handle 0x0100, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: Example\n\tProduct Name: Box 1\n\tSerial Number: S-1\n\n" +
			"Handle 0x1100, DMI type 17, 92 bytes\nMemory Device\n\tSize: 32 GB\n\tLocator: A1\n\tSerial Number: D-1\n\tSpeed: 2933 MT/s\n",
		"lspci":    "Slot:\t0000:00:02.0\nClass:\tEthernet controller [0200]\nDriver:\te1000e\n",
		"smartctl": `{"device":{"name":"/dev/sda"},"model_name":"DISK 42","serial_number":"X-1","firmware_version":"FIRMWARE","user_capacity":{"bytes":67108864},"rotation_rate":7200}`,
	} {
		if err := os.WriteFile(filepath.Join(stack, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		read  func() ([]score.Part, error)
		right int
		wrong []string
	}{
		"audit": {func() ([]score.Part, error) {
			return score.Audit([]byte(`{"board":{"system":{"manufacturer":"Example","product_name":"Box 1","serial_number":"S-1"}},
				"memory":{"modules":[{"slot":"A1","serial_number":"D-1","size_bytes":34359738368,"speed_mts":2933}]},
				"storage":[{"serial_number":"X-1","model":"DISK 42","firmware":"FIRMWARE","size_bytes":67108864,"rotation_rpm":7200,"pci_address":"0000:00:1f.2"}],
				"pcie_devices":[{"address":"0000:00:02.0","class_id":"020000","driver":"e1000e"}]}`))
		}, 15, nil},
		"lshw": {func() ([]score.Part, error) {
			return score.Lshw([]byte(`{"class":"system","product":"Box 1 (SKU)","vendor":"Example","serial":"S-1","children":[
				{"id":"bank:0","slot":"A1","serial":"D-1","size":34359738368,"clock":2933000000},
				{"class":"network","serial":"52:54:00:00:00:01","businfo":"pci@0000:00:02.0","configuration":{"driver":"e1000e"}},
				{"class":"storage","businfo":"pci@0000:00:1f.2","children":[{"class":"disk","serial":"X-1","product":"DISK 42","version":"WARE","size":67108864}]}]}`))
		}, 14, []string{"drive x-1: firmware: ware, not firmware"}},
		"hwinfo": {func() ([]score.Part, error) {
			return score.Hwinfo([]byte("01: None\n  Hardware Class: bios\n  System Info: #1\n    Manufacturer: \"Example\"\n    Product: \"Box 1\"\n    Serial: \"S-1\"\n  Memory Device: #2\n    Location: \"A1\"\n    Serial: \"D-1\"\n    Memory Array: #3\n    Size: 32 GB\n    Speed: 2933 MHz\n\n" +
				"02: SCSI\n  SysFS Device Link: /devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0\n  Hardware Class: disk\n  Model: \"DISK 42\"\n  Serial ID: \"X-1\"\n  Capacity: 0 GB (67108864 bytes)\n\n" +
				"03: PCI\n  SysFS BusID: 0000:00:02.0\n  Hardware Class: network\n  Driver: \"e1000e\"\n  HW Address: 52:54:00:00:00:01\n"))
		}, 14, nil},
		"ghw": {func() ([]score.Part, error) {
			return score.GHW([]byte(`{"product":{"vendor":"Example","name":"Box 1","serial_number":"S-1"},
				"block":{"disks":[{"name":"sda","size_bytes":67108864,"drive_type":"ssd","serial_number":"unknown","model":"unknown"}]},
				"network":{"nics":[{"mac_address":"52:54:00:00:00:01","pci_address":"0000:00:02.0"}]},"pci":{"devices":[{"address":"0000:00:02.0","driver":"e1000e"}]}}`))
		}, 7, []string{"drive x-1: rpm: 0, not 7200"}},
		"stack": {func() ([]score.Part, error) { return score.Stack(stack) }, 14, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said, err := c.read()
			if err != nil {
				t.Fatal(err)
			}
			wanted := score.Wanted(facts())
			got := score.Compare(wanted, said)
			if got.Facts() != 16 || got.Right != c.right || !slices.Equal(got.Wrongs, c.wrong) {
				t.Errorf("%d of %d right, want %d; wrong %q, want %q; missing %q", got.Right, got.Facts(), c.right, got.Wrongs, c.wrong, got.Missings)
			}
		})
	}
}

func TestDamagedOutput(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func([]byte) ([]score.Part, error){
		"audit": score.Audit, "lshw": score.Lshw, "ghw": score.GHW,
	} {
		if _, err := read([]byte(`{"x":`)); err == nil {
			t.Errorf("%s: half a document is no error", name)
		}
	}
	if got := score.Compare(score.Wanted(facts()), nil); got.Missing != got.Facts() {
		t.Errorf("nothing said: %+v", got)
	}
}

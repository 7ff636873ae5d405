//go:build lab

//nolint:paralleltest // One machine at a time.
package lab_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/bee/pkg/inventory"
	"example.com/bee/test/lab"
	"example.com/bee/test/lab/witness"
)

// sampleWitnesses ask the first, the middle and the last drive of each kind.
func sampleWitnesses() lab.Job {
	return lab.Shell("sample", `cd /dev
		some() { printf '%s\n' "$@" | sort -V | awk '{ l[NR] = $0 } END { print l[1]; print l[int((NR + 1) / 2)]; print l[NR] }' | sort -u; }
		ata=; scsi=
		for d in sd*; do case $d in *[0-9*]) continue;; esac; case $(readlink /sys/block/$d) in */ata[0-9]*) ata="$ata $d";; *) scsi="$scsi $d";; esac; done
		for d in $(some nvme[0-9] nvme[0-9][0-9]); do case $d in *\**) continue;; esac
			smartctl -j -x /dev/$d > /out/smart-$d.json; nvme id-ctrl /dev/$d -o json > /out/ctrl-$d.json; nvme smart-log /dev/$d -o json > /out/log-$d.json
			nvme id-ns /dev/$d -n 1 -o json > /out/ns-$d-1.json; echo $d; done
		for d in $(some $ata) $(some $scsi); do smartctl -j -x /dev/$d > /out/smart-$d.json; echo $d; done; true`)
}

// TestStorageBig has many drives: all of them are found, as they were plugged
// in, and a sample says the same to other tools.
func TestStorageBig(t *testing.T) {
	for profile, protocols := range map[string]map[inventory.Protocol]int{
		"big":           {inventory.ProtocolNVMe: 64},
		"big:24,48,300": {inventory.ProtocolNVMe: 24, inventory.ProtocolSATA: 48, inventory.ProtocolSCSI: 300},
	} {
		t.Run(profile, func(t *testing.T) {
			traced := lab.Job{Name: "traced", Argv: []string{"labtrace", "/out/trace", "/payload/audit", "--only", "storage"}, Timeout: 4 * time.Minute}
			b := boot(t, profile, func(o *lab.Options) { o.Timeout = 15 * time.Minute },
				audit("--only", "storage", "--timeout", "2m"), lab.Shell("lsblk", "lsblk -J -b -O"), sampleWitnesses(), traced)
			b.silent(t)
			r := b.report(t)
			got := map[inventory.Protocol]int{}
			for _, d := range r.Storage {
				got[d.Protocol]++
				if d.Health == nil && d.Protocol != inventory.ProtocolSCSI || d.Health != nil && d.Health.Status != inventory.HealthOK {
					t.Errorf("%s: health %+v", d.ID, d.Health)
				}
			}
			c := newChecker(t)
			for p, n := range protocols {
				same(c, string(p), got[p], n)
			}
			for _, is := range r.Issues {
				t.Errorf("issue: %+v", is)
			}
			comparePluggedDrives(t, b, r)
			compareLsblk(t, b, r)
			compareSample(t, b, r, 3*len(protocols))
			t.Run("commands", func(t *testing.T) { readOnlyCommands(t, string(b.file(t, "trace"))) })
		})
	}
}

// compareSample compares the drives that the witnesses were asked for.
func compareSample(t *testing.T, b booted, r *inventory.Report, want int) {
	t.Helper()
	c := newChecker(t)
	sample := *r
	sample.Storage = nil
	names := strings.Fields(b.text(t, "sample"))
	for _, name := range names {
		i := slices.IndexFunc(r.Storage, func(d inventory.Drive) bool { return d.Device == name })
		if i < 0 {
			t.Errorf("%s: missing", name)
			continue
		}
		sample.Storage = append(sample.Storage, r.Storage[i])
		s, err := witness.ParseSmartctl(b.file(t, "smart-"+name+".json"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		compareOneSmartctl(c, name, s, r.Storage[i])
	}
	same(c, "drives in the sample", len(names), want)
	compareNVMe(t, b, &sample)
}

// TestStorageOther compares what the machines above lack: an SD card, USB
// sticks, virtio; SR-IOV, zones, a controller without namespaces, a namespace
// behind two controllers.
func TestStorageOther(t *testing.T) {
	for _, profile := range []string{"mmc", "pcie"} {
		t.Run(profile, func(t *testing.T) {
			b := boot(t, profile, nil, append([]lab.Job{audit("--only", "storage")}, storageWitnesses()...)...)
			b.silent(t)
			r := b.report(t)
			for _, is := range r.Issues {
				t.Errorf("issue: %+v", is)
			}
			c := newChecker(t)
			same(c, "drives", len(r.Storage), len(b.facts.Drives))
			comparePluggedDrives(t, b, r)
			compareSmartctl(t, b, r)
			compareNVMe(t, b, r)
			compareLsblk(t, b, r)
		})
	}
}

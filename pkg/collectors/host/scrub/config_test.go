package scrub_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/host/archive"
	"example.com/bee/pkg/collectors/host/hosttest"
	"example.com/bee/pkg/collectors/host/record"
	"example.com/bee/pkg/collectors/host/replay"
	"example.com/bee/pkg/collectors/host/scrub"
	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/collectors/pcie"
	"example.com/bee/pkg/inventory"
)

// configFile is a space of our own making.
type configFile struct{ *bytes.Reader }

func (configFile) Close() error { return nil }

// withSerial is a configuration space with a serial number at an offset, and an
// entry of the list right before and right behind it when there is to be one.
func withSerial(number uint64, at int, before, behind bool) []byte {
	le := binary.LittleEndian
	b := make([]byte, 4096)
	le.PutUint32(b, 0x1234E001)
	le.PutUint32(b[8:], 0x02000001)
	link := func(at, id, next int) { le.PutUint32(b[at:], uint32(id|1<<16|next<<20)) }
	link(0x100, 0x0002, at)
	next := 0
	if before {
		next = at - 4
		link(at-4, 0x001E, 0)
	}
	if behind {
		link(at+12, 0x0019, next)
		next = at + 12
	}
	link(at, 0x0003, next)
	le.PutUint64(b[at+4:], number)
	return b
}

// asked records a run over spaces that are asked for their registers, or read
// as files.
func asked(t *testing.T, spaces [][]byte, files bool) []byte {
	t.Helper()
	src := &hosttest.Source{Files: map[string]string{}, Devices: map[string]host.Device{}}
	for i, b := range spaces {
		dir := fmt.Sprintf("/sys/bus/pci/devices/0000:00:%02x.0", i)
		src.Files[dir+"/uevent"] = "PCI_CLASS=20000\nPCI_ID=E001:1234\n"
		src.Files[dir+"/config"] = string(b)
		if !files {
			src.Devices["pci-config "+dir+"/config"] = pciconf.New(dir+"/config", configFile{bytes.NewReader(b)}, int64(len(b)))
		}
	}
	var out bytes.Buffer
	w, err := archive.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.New(src, w, record.Info{})
	if err != nil {
		t.Fatal(err)
	}
	inventory.Collect(t.Context(), []inventory.Collector{pcie.Collector(host.New(r))}, inventory.WithTimekeeper(r))
	if err := errors.Join(r.Close(), w.Close("")); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestConfigurationSpace: a function's serial number is found in the pieces that
// were read as it is in a file, wherever the pieces begin and end.
func TestConfigurationSpace(t *testing.T) {
	t.Parallel()
	const number = 0x001B21FFFF3A4B5C
	raw := binary.LittleEndian.AppendUint64(nil, number)
	var spaces [][]byte
	for _, at := range []int{0x104, 0x140, 0x14C, 0x804, 0xFF4} {
		for way := range 4 {
			spaces = append(spaces, withSerial(number, at, way&1 != 0 && at > 0x104, way&2 != 0 && at < 0xFF4))
		}
	}
	only := func(h *host.Host, _ *replay.Source) []inventory.Collector {
		return []inventory.Collector{pcie.Collector(h)}
	}
	var fresh []string
	for _, files := range []bool{false, true} {
		before := asked(t, spaces, files)
		var out bytes.Buffer
		if _, err := scrub.Scrub(t.Context(), bytes.NewReader(before), &out, scrub.Options{Collectors: only, Key: []byte("k")}); err != nil {
			t.Fatal(err)
		}
		a, b := answers(t, before), answers(t, out.Bytes())
		found := 0
		for i := range a {
			at := bytes.Index(a[i], raw)
			if at < 0 {
				continue
			}
			found++
			if bytes.Contains(b[i], raw) {
				t.Errorf("answer %d: the number is left", i)
			}
			got := bytes.Clone(b[i])
			copy(got[at:], raw)
			if d := cmp.Diff(a[i], got); d != "" {
				t.Errorf("answer %d: more than the number is changed: %s", i, d)
			}
		}
		if found != len(spaces) {
			t.Errorf("files %v: the number stood in %d answers of %d", files, found, len(spaces))
		}
		src, err := replay.Load(&out)
		if err != nil {
			t.Fatal(err)
		}
		r := inventory.Collect(t.Context(), only(host.New(src), src), inventory.WithTimekeeper(src))
		if len(r.PCIeDevices) != len(spaces) || len(r.Issues) > 0 {
			t.Errorf("files %v: %d functions, %+v", files, len(r.PCIeDevices), r.Issues)
		}
		for _, d := range r.PCIeDevices {
			fresh = append(fresh, d.SerialNumber)
		}
	}
	for _, s := range fresh {
		if s != fresh[0] || len(s) != 16 || s == fmt.Sprintf("%016x", uint64(number)) {
			t.Errorf("%q beside %q", s, fresh[0])
		}
	}
}

// answers are what was answered, in its order.
func answers(t *testing.T, file []byte) (all [][]byte) {
	t.Helper()
	in, err := archive.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	for {
		f, err := in.Next()
		if err != nil {
			return all
		}
		if e, ok := f.(*archive.End); ok {
			all = append(all, e.Answer.Data)
		}
	}
}

package tpm_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/device"
	"example.com/bee/pkg/collectors/internal/device/fakedev"
	"example.com/bee/pkg/collectors/internal/tpm"
	"example.com/bee/pkg/inventory"
)

// question is TPM2_GetCapability as Part 3 section 30.2 lays it out.
func question(capability, property, count uint32) []byte {
	b := []byte{0x80, 0x01, 0, 0, 0, 22, 0, 0, 0x01, 0x7A}
	for _, v := range []uint32{capability, property, count} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// answer puts a header before a list.
func answer(capability uint32, list []byte, count uint32) []byte {
	b := []byte{0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 1}
	b = binary.BigEndian.AppendUint32(b, capability)
	b = append(binary.BigEndian.AppendUint32(b, count), list...)
	binary.BigEndian.PutUint32(b[2:], uint32(len(b)))
	return b
}

func properties(pairs ...uint32) []byte {
	var list []byte
	for _, v := range pairs {
		list = binary.BigEndian.AppendUint32(list, v)
	}
	return answer(6, list, uint32(len(pairs)/2))
}

func fixed() []byte {
	return properties(0x100, 0x322E3000, 0x101, 0, 0x102, 138, 0x105, 0x49465800, 0x106, 0x534C4239, 0x107, 0x36373000, 0x108, 0, 0x109, 0,
		0x10B, 0x00070055, 0x10C, 0x0011CB00)
}

func variable() []byte {
	return properties(0x200, 0x201, 0x20E, 3, 0x20F, 32)
}

func banks() []byte {
	return answer(5, []byte{0, 0x04, 3, 0, 0, 0, 0, 0x0B, 3, 0xFF, 0xFF, 0xFF, 0, 0x99, 1, 1}, 3)
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	d := fakedev.New(t, device.TPM,
		fakedev.Exchange{Command: question(6, 0x100, 64), ReadLen: 4096, Reply: fixed()},
		fakedev.Exchange{Command: question(6, 0x200, 64), ReadLen: 4096, Reply: variable()},
		fakedev.Exchange{Command: question(5, 0, 1), ReadLen: 4096, Reply: banks()},
	)
	id, list, err := tpm.Identify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	want := tpm.Identity{
		Family: "2.0", Revision: "1.38", ManufacturerID: "IFX", Model: "SLB9670", Firmware: "7.85.17.51968",
		OwnerSet: new(true), LockedOut: new(true), LockoutCount: new(uint32(3)), LockoutLimit: new(uint32(32)),
	}
	if diff := cmp.Diff(want, id); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"sha256", "unknown_0x99"}, list); diff != "" {
		t.Error(diff)
	}
	for _, r := range d.Requests() {
		if err := tpm.Allowed(r); err != nil {
			t.Error(err)
		}
	}
}

// TestHalfAnswered: a TPM that answers the first question only is known by it.
func TestHalfAnswered(t *testing.T) {
	t.Parallel()
	refused := []byte{0x80, 0x01, 0, 0, 0, 10, 0, 0, 0x01, 0xC4}
	d := fakedev.New(t, device.TPM,
		fakedev.Exchange{Reply: fixed(), ReadLen: fakedev.AnyLen},
		fakedev.Exchange{Reply: refused, ReadLen: fakedev.AnyLen},
		fakedev.Exchange{Reply: banks()[:20], ReadLen: fakedev.AnyLen},
	)
	id, list, err := tpm.Identify(t.Context(), d)
	if rc := tpm.ResponseError(0); !errors.As(err, &rc) || uint32(rc) != 0x1C4 || !errors.Is(err, inventory.ErrMalformed) {
		t.Error(err)
	}
	if id.ManufacturerID != "IFX" || id.OwnerSet != nil || list != nil {
		t.Errorf("%+v %v", id, list)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"nothing": nil, "header only": {0x80, 0x01, 0, 0, 0, 10, 0, 0, 0, 0}, "another capability": answer(1, nil, 0),
		"more than there is": answer(6, []byte{1, 2, 3, 4, 5, 6, 7, 8}, 2), "far too many": answer(6, nil, 1<<31),
		"size": append(fixed(), 0),
	} {
		if p, err := tpm.DecodeProperties(b); p != nil || err == nil {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	for name, b := range map[string][]byte{
		"cut short": answer(5, []byte{0, 0x0B, 3, 0xFF}, 1), "too many": answer(5, make([]byte, 900), 300), "no list": answer(5, nil, 1),
	} {
		if l, err := tpm.DecodeBanks(b); l != nil || err == nil {
			t.Errorf("%s: %v, %v", name, l, err)
		}
	}
}

// TestAllowed refuses everything but the one question.
func TestAllowed(t *testing.T) {
	t.Parallel()
	if err := tpm.Allowed(device.Request{Command: question(6, 0x100, 1), ReadLen: 4096}); err != nil {
		t.Error(err)
	}
	clear := question(6, 0, 0)
	binary.BigEndian.PutUint32(clear[6:], 0x126) // TPM2_Clear
	sessions := question(6, 0, 0)
	sessions[1] = 2
	size := question(6, 0, 0)
	size[5] = 12
	for name, r := range map[string]device.Request{
		"clear": {Command: clear}, "sessions": {Command: sessions}, "size": {Command: size}, "nothing": {},
		"handles": {Command: question(1, 0, 1)}, "vendor": {Command: question(0x100, 0, 1)},
		"data": {Command: question(6, 0, 1), Data: []byte{1}}, "buffer": {Command: question(6, 0, 1), ReadLen: 4097},
		"more": {Command: append(question(6, 0, 1), 0)},
	} {
		if tpm.Allowed(r) == nil {
			t.Errorf("%s: allowed", name)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "tpmrm0")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"/dev/tpm0", "/dev/null", file, filepath.Join(t.TempDir(), "tpmrm1")} {
		if d, err := tpm.Open(name); err == nil {
			t.Errorf("%s: opened", name)
			_ = d.Close()
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, b := range [][]byte{fixed(), variable(), banks(), {0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 1}} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := tpm.DecodeProperties(b)
		if (err == nil) != (p != nil) {
			t.Error("properties: value and error")
		}
		l, err := tpm.DecodeBanks(b)
		if (err == nil) != (l != nil) {
			t.Error("banks: value and error")
		}
		d := fakedev.NewFunc(t, device.TPM, func(context.Context, device.Request) (device.Response, error) {
			return device.Response{Data: b}, nil
		})
		id, _, _ := tpm.Identify(t.Context(), d)
		for _, text := range []string{id.Family, id.ManufacturerID, id.Model} {
			if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("unsafe text %q", text)
			}
		}
	})
}

package pciconf_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/bee/pkg/collectors/internal/pciconf"
	"example.com/bee/pkg/inventory"
)

// resourceText is the attribute with so many lines, zeros but for those given.
func resourceText(lines int, set map[int][3]uint64) string {
	var b strings.Builder
	for i := range lines {
		r := set[i]
		fmt.Fprintf(&b, "0x%016x 0x%016x 0x%016x\n", r[0], r[1], r[2])
	}
	return b.String()
}

func TestDecodeResource(t *testing.T) {
	t.Parallel()
	const unset = 0x20000000
	got, err := pciconf.DecodeResource([]byte(resourceText(13, map[int][3]uint64{
		0:  {0xF0000000, 0xF0FFFFFF, 0x14220C},
		1:  {0, 0xFFF, 0x40200},               // unassigned, as older kernels say it
		2:  {0x1000, 0x1FFF, unset | 0x40101}, // and newer ones
		3:  {0, 0, 0x200},                     // no size
		4:  {0x2000, 0x1000, 0x200},           // end before start
		5:  {0x100, 0x1FF, 0x1000},            // neither I/O nor memory
		6:  {0, 0x3FFFF, 0x46200},
		7:  {0, 0x3FFF, unset | 0x140204},
		12: {0xE0000000, 0xE0003FFF, 0x140204},
	})))
	if err != nil {
		t.Fatal(err)
	}
	want := []pciconf.Resource{
		{pciconf.ResourceBAR, 0, 0xF0000000, 0xF0FFFFFF, 0x14220C},
		{pciconf.ResourceBAR, 1, 0, 0xFFF, 0x40200},
		{pciconf.ResourceBAR, 2, 0x1000, 0x1FFF, unset | 0x40101},
		{pciconf.ResourceROM, 0, 0, 0x3FFFF, 0x46200},
		{pciconf.ResourceVFBAR, 0, 0, 0x3FFF, unset | 0x140204},
		{pciconf.ResourceVFBAR, 5, 0xE0000000, 0xE0003FFF, 0x140204},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff([]int{1, 2}, pciconf.UnassignedBARs(got)); d != "" {
		t.Errorf("unassigned: -want +got:\n%s", d)
	}
	if n := got[0].SizeBytes(); n != 16<<20 {
		t.Errorf("%d bytes", n)
	}
	if (pciconf.Resource{End: 5}).SizeBytes() != 0 {
		t.Error("a range that does not exist has a size")
	}
}

func TestDecodeResourceKinds(t *testing.T) {
	t.Parallel()
	const first, last = pciconf.ResourceWindow, pciconf.ResourceOther
	type kind struct {
		Line  int
		Kind  pciconf.ResourceKind
		Index int
	}
	for lines, want := range map[int][]kind{
		7:  {{6, pciconf.ResourceROM, 0}},
		11: {{6, pciconf.ResourceROM, 0}, {7, first, 0}, {9, first, 2}, {10, last, 10}},
		12: {{7, first, 0}, {11, last, 11}},
		13: {{7, pciconf.ResourceVFBAR, 0}, {12, pciconf.ResourceVFBAR, 5}},
		17: {{7, pciconf.ResourceVFBAR, 0}, {13, first, 0}, {15, first, 2}, {16, last, 16}},
		18: {{5, pciconf.ResourceBAR, 5}, {13, first, 0}, {17, last, 17}},
	} {
		for _, k := range want {
			text := resourceText(lines, map[int][3]uint64{k.Line: {0x1000, 0x1FFF, 0x200}})
			got, err := pciconf.DecodeResource([]byte(text))
			if err != nil || len(got) != 1 || got[0].Kind != k.Kind || got[0].Index != k.Index {
				t.Errorf("line %d of %d: %+v, %v, want %+v", k.Line, lines, got, err, k)
			}
		}
	}
}

func TestDecodeResourceKeepsWhatIsSound(t *testing.T) {
	t.Parallel()
	text := "0x1000 0x1fff 0x200\n" + "0x1000 what 0x200\n" + "\n" + "0x3000 0x3fff 0x101"
	got, err := pciconf.DecodeResource([]byte(text))
	if len(got) != 2 || got[1].Index != 3 {
		t.Errorf("%+v", got)
	}
	if !errors.Is(err, inventory.ErrMalformed) || !strings.Contains(err.Error(), "line 2") || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("error %v", err)
	}
	for _, text := range []string{"", "\n\n", strings.Repeat("0x0 0x0 0x0\n", 1000)} {
		if got, err := pciconf.DecodeResource([]byte(text)); got != nil || !errors.Is(err, inventory.ErrMalformed) {
			t.Errorf("%.20q: %v, %v", text, got, err)
		}
	}
}

package pciblob_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"example.com/bee/test/lab/pciblob"
)

func TestEncodeMarksRootBuses(t *testing.T) {
	t.Parallel()
	b := pciblob.Encode(pciblob.Example())
	roots := map[byte]bool{}
	n := 0
	for len(b) > 0 {
		if binary.LittleEndian.Uint16(b[2:]) == 1 {
			roots[b[0]] = true
		}
		b = b[8+binary.LittleEndian.Uint32(b[4:]):]
		n++
	}
	if n != 7 || len(roots) != 3 || !roots[0x17] || !roots[0x3A] || !roots[0x5D] {
		t.Errorf("%d functions, root buses %v", n, roots)
	}
}

func TestFromLspci(t *testing.T) {
	t.Parallel()
	config := pciblob.Example()[1].Config[:256]
	var text strings.Builder
	text.WriteString("0000:18:00.0 3D controller: NVIDIA (rev a1)\n\tKernel driver in use: nvidia\n")
	for i := 0; i < len(config); i += 16 {
		fmt.Fprintf(&text, "%02x: % x\n", i, config[i:i+16])
	}
	text.WriteString("\n0000:19:00.0 short\n00: 01 02\n")
	got, err := pciblob.FromLspci(text.String())
	if err != nil || len(got) != 1 || got[0].Bus != 0x18 || !bytes.Equal(got[0].Config, config) {
		t.Errorf("%d functions, %v", len(got), err)
	}
	if _, err := pciblob.FromLspci("nothing"); err == nil {
		t.Error("a text without dumps was accepted")
	}
}

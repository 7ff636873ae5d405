package ipmigen_test

import (
	"bytes"
	"strings"
	"testing"

	"example.com/bee/test/lab/ipmigen"
)

func zeroSum(b []byte) bool {
	var sum byte
	for _, v := range b {
		sum += v
	}
	return sum == 0
}

func TestFRU(t *testing.T) {
	t.Parallel()
	b := ipmigen.FRU{
		Board:   &ipmigen.BoardArea{Manufacturer: "LAB", ProductName: "Supply", SerialNumber: "S1"},
		Product: &ipmigen.ProductArea{Manufacturer: "LAB", Name: "Supply"},
		Supply:  &ipmigen.SupplyRecord{CapacityWatts: 750, OutputMillivolts: 12000},
	}.Encode()
	if !zeroSum(b[:8]) || b[2] != 0 || b[3] == 0 || b[4] == 0 || b[5] == 0 {
		t.Fatalf("common header % x", b[:8])
	}
	board := b[int(b[3])*8 : int(b[4])*8]
	if int(board[1])*8 != len(board) || !zeroSum(board) {
		t.Errorf("board area % x", board)
	}
	multi := b[int(b[5])*8:]
	if !zeroSum(multi[:5]) || multi[0] != 0 || multi[1] != 2 || multi[2] != 24 || multi[5] != 0xEE || multi[6] != 0x02 {
		t.Errorf("power supply record % x", multi)
	}
	if !bytes.Contains(board, []byte("\xC3LAB")) {
		t.Error("the manufacturer is not an 8-bit string")
	}
}

func TestSDRLengths(t *testing.T) {
	t.Parallel()
	b := ipmigen.BMC{
		Name:    "BMC",
		FRUs:    []ipmigen.FRU{{ID: 0}, {ID: 1, Name: "PSU1", Entity: 10}},
		Sensors: []ipmigen.Sensor{{Name: "Temp", Number: 1, Type: 1, Factor: 1}, {Name: "PS1", Number: 2, Type: 8, Discrete: true}},
	}
	heads := map[byte]int{0x12: 11, 0x11: 11, 0x01: 43, 0x02: 27}
	names := []string{"BMC", "PSU1", "Temp", "PS1"}
	for i, r := range b.SDRs() {
		if int(r[4]) != len(r)-5 {
			t.Errorf("record %d: length byte %d, %d bytes follow", i, r[4], len(r)-5)
		}
		if want := heads[r[3]] + len(names[i]); int(r[4]) != want {
			t.Errorf("record %d of type %#x: %d bytes, want %d", i, r[3], r[4], want)
		}
	}
	if !strings.HasSuffix(b.Commands(), "mc_enable 0x20\n") {
		t.Error("the controller is not enabled last")
	}
}

package sff

import "fmt"

// extendedMedia is SFF-8024 table 4-4 as far as it is Ethernet. One code
// stands for a specification on one lane and on four.
func extendedMedia(code uint8, lanes int) string {
	one, four := "", ""
	switch code {
	case 0x00:
		return ""
	case 0x01:
		one, four = "25G AOC", "100G AOC"
	case 0x02:
		one, four = "25GBASE-SR", "100GBASE-SR4"
	case 0x03:
		one, four = "25GBASE-LR", "100GBASE-LR4"
	case 0x04:
		one, four = "25GBASE-ER", "100GBASE-ER4"
	case 0x05:
		four = "100GBASE-SR10"
	case 0x06:
		four = "100G CWDM4"
	case 0x07:
		four = "100G PSM4"
	case 0x08:
		one, four = "25G ACC", "100G ACC"
	case 0x0B:
		one, four = "25GBASE-CR CA-25G-L", "100GBASE-CR4"
	case 0x0C:
		one, four = "25GBASE-CR CA-25G-S", "25GBASE-CR CA-25G-S"
	case 0x0D:
		one, four = "25GBASE-CR CA-25G-N", "25GBASE-CR CA-25G-N"
	case 0x10:
		four = "40GBASE-ER4"
	case 0x11:
		four = "4x10GBASE-SR"
	case 0x12:
		four = "40G PSM4"
	case 0x16:
		one = "10GBASE-T"
	case 0x17:
		four = "100G CLR4"
	case 0x18:
		one, four = "25G AOC", "100G AOC"
	case 0x19:
		one, four = "25G ACC", "100G ACC"
	case 0x1C:
		one = "10GBASE-T short reach"
	case 0x1D:
		one = "5GBASE-T"
	case 0x1E:
		one = "2.5GBASE-T"
	case 0x1F:
		four = "40G SWDM4"
	case 0x20:
		four = "100G SWDM4"
	case 0x21:
		four = "100G PAM4 BiDi"
	case 0x25:
		four = "100GBASE-DR"
	case 0x26:
		four = "100GBASE-FR1"
	case 0x27:
		four = "100GBASE-LR1"
	}
	if lanes == 1 && one != "" {
		return one
	}
	if lanes == 4 && four != "" {
		return four
	}
	return fmt.Sprintf("unknown_0x%02x", code)
}

type mediaBit struct {
	at   int
	bit  uint8
	name string
}

func mediaBits(b []byte, list []mediaBit) (names []string) {
	for _, m := range list {
		if b[m.at]>>m.bit&1 == 1 {
			names = append(names, m.name)
		}
	}
	return names
}

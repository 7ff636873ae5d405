package screen

import (
	"example.com/bee/cmd/audit-console/internal/source"
)

func helpLines(s source.State, v View) []string {
	list := []string{
		"d  details: findings and all parts, to scroll through",
		"q  QR code of the report, for a telephone",
	}
	if !s.Stored {
		list = append(list,
			"r  audit again",
			"n  ask for addresses again (DHCP)",
			"s  save the report to the volume BEE-REPORTS (a USB stick with FAT)",
			"i  light the chassis' UID LED for 60 s",
			map[bool]string{true: "h  shell as root; exit comes back", false: "h  shell: turned off (bee.shell=0)"}[s.Options.Shell],
			"p  power off or boot again, after two questions")
	}
	list = append(list,
		"Up Down PgUp PgDn  when there is more than fits",
		"Ctrl-L  draw the screen anew; so does any key without meaning")
	if v.Leave {
		list = append(list, "x  leave (so does Ctrl-C)")
	}
	list = append(list,
		"",
		"Report    "+orElse(v.File, "-"))
	if !s.Stored {
		list = append(list, "Log       /var/log/bee-audit.log")
	}
	if s.Release != "" {
		list = append(list, "Release   "+s.Release)
	}
	return list
}

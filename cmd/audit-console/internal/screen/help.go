package screen

import (
	"example.com/bee/cmd/audit-console/internal/source"
)

func helpLines(s source.State, v View) []string {
	list := []string{
		"r  audit again",
		"d  details: findings and all parts, to scroll through",
		"n  ask for addresses again (DHCP)",
		"q  QR code of the report, for a telephone",
		"s  save the report to the volume BEE-REPORTS (a USB stick with FAT)",
		"i  light the chassis' UID LED for 60 s",
	}
	if s.Options.Shell {
		list = append(list, "h  shell as root; exit comes back")
	} else {
		list = append(list, "h  shell: turned off (bee.shell=0)")
	}
	list = append(list,
		"p  power off or boot again, after two questions",
		"Up Down PgUp PgDn  when there is more than fits",
		"Ctrl-L  draw the screen anew; so does any key without meaning")
	if v.Leave {
		list = append(list, "x  leave (so does Ctrl-C)")
	}
	list = append(list,
		"",
		"Report    "+orElse(v.File, "-"),
		"Log       /var/log/bee-audit.log")
	if s.Release != "" {
		list = append(list, "Release   "+s.Release)
	}
	return list
}

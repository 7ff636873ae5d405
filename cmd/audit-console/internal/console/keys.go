package console

import (
	"strings"

	"example.com/bee/cmd/audit-console/internal/screen"
	"example.com/bee/cmd/audit-console/internal/source"
	"example.com/bee/cmd/audit-console/internal/tty"
)

// Press does what a key asks for.
func (k *Console) Press(key tty.Key) {
	if key == tty.Redraw {
		k.Forget()
		return
	}
	if key == tty.Leave {
		if !k.Stay {
			k.left = true
		} else {
			k.turn(screen.Main)
		}
		return
	}
	switch k.view.Page {
	case screen.Main:
		k.main(key)
	case screen.Details, screen.Output, screen.Help:
		k.pager(key)
	case screen.QR:
		if key == 'b' {
			k.halves = !k.halves
			k.view.Code = code(k.state.Report, k.halves)
			return
		}
		k.turn(screen.Main)
	case screen.Power:
		k.power(key)
	case screen.Sure:
		k.turn(screen.Main)
		if key == 'y' || key == 'Y' {
			k.start(k.pending)
		}
	}
}

func (k *Console) main(key tty.Key) {
	if k.scroll(key) {
		return
	}
	if k.state.Stored && strings.ContainsRune("rnsihp", rune(key)) {
		k.say("that is for the live system; this is a stored report")
		return
	}
	switch key {
	case 'r':
		k.start(k.command("rerun"))
	case 'n':
		k.start(k.command("dhcp"))
	case 's':
		k.start(k.command("save"))
	case 'i':
		k.start(k.command("identify"))
	case 'd':
		if k.report() {
			k.details()
		}
	case 'q':
		if k.report() {
			k.turn(screen.QR)
			k.view.Code = code(k.state.Report, k.halves)
		}
	case 'h':
		k.shell()
	case 'p':
		k.turn(screen.Power)
	case '?':
		k.turn(screen.Help)
	case 'x':
		k.left = !k.Stay
	default:
		k.Forget() // a terminal plugged in just now shows nothing yet
	}
}

// report says whether there is one, and if not tells so.
func (k *Console) report() bool {
	if k.state.Report.Report == nil {
		k.say("there is no report yet")
		return false
	}
	return true
}

func (k *Console) details() {
	width, _ := k.Size()
	text, err := details(k.state.Report.Report, width, k.all)
	if err != nil {
		k.say("%s", source.Clean(err.Error()))
		return
	}
	k.turn(screen.Details)
	k.view.Title, k.view.Text = "Report", text
}

func (k *Console) shell() {
	if !k.state.Options.Shell {
		k.say("the shell is turned off (bee.shell=0)")
		return
	}
	err := k.Shell(k.command("shell"))
	k.Forget()
	k.Refresh()
	if err != nil {
		k.say("shell: %s", source.Clean(err.Error()))
	}
}

func (k *Console) power(key tty.Key) {
	switch key {
	case 'o', 'O':
		k.turn(screen.Sure)
		k.pending, k.view.Ask = k.command("poweroff"), "Power off now?"
	case 'b', 'B':
		k.turn(screen.Sure)
		k.pending, k.view.Ask = k.command("reboot"), "Boot again now?"
	default:
		k.turn(screen.Main)
	}
}

// pager serves pages of text.
func (k *Console) pager(key tty.Key) {
	if k.scroll(key) {
		return
	}
	const shift = 16
	v := &k.view
	switch key {
	case tty.Right:
		width, _ := k.Size()
		v.Shift = min(v.Shift+shift, max(v.Text.Width-width+1, 0))
	case tty.Left:
		v.Shift = max(v.Shift-shift, 0)
	case tty.Tab:
		for _, n := range v.Text.Sections {
			if n > v.Scroll {
				v.Scroll = min(n, k.most)
				return
			}
		}
	case tty.BackTab:
		to := 0
		for _, n := range v.Text.Sections {
			if n < v.Scroll {
				to = n
			}
		}
		v.Scroll = to
	case 'v':
		if v.Page == screen.Details {
			k.all = !k.all
			k.details()
		}
	case tty.Unknown:
	default:
		k.turn(screen.Main)
	}
}

// scroll serves the keys that move up and down.
func (k *Console) scroll(key tty.Key) bool {
	_, height := k.Size()
	page := max(height-5, 1)
	to := k.view.Scroll
	switch key {
	case tty.Up, 'k':
		to--
	case tty.Down, 'j':
		to++
	case tty.PageUp:
		to -= page
	case tty.PageDown, ' ':
		to += page
	case tty.Home, 'g':
		to = 0
	case tty.End, 'G':
		to = k.most
	default:
		return false
	}
	k.view.Scroll = min(max(to, 0), k.most)
	return true
}

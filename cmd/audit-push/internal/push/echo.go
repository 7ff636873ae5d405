package push

import (
	"strconv"
	"strings"
)

// maxEcho is how much of a server's answer reaches the terminal.
const maxEcho = 1024

// quoted is a foreign text in quotes, ASCII, with escapes, bounded.
func quoted(s string) string {
	return cut(strconv.QuoteToASCII(cut(s)))
}

// printable is an error's text, which may quote a server, on one line of ASCII.
func printable(s string) string {
	var b strings.Builder
	for _, c := range cut(s) {
		if c >= ' ' && c < 0x7f {
			b.WriteRune(c)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(c), "'"))
		}
	}
	return cut(b.String())
}

func cut(s string) string {
	if len(s) > maxEcho {
		return s[:maxEcho-3] + "..."
	}
	return s
}

// Package man makes manual pages from the command line's own description. It
// is not linked into audit.
package man

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Pages are the pages of a command and of all below it, by file name.
func Pages(root *cobra.Command) map[string][]byte {
	pages := map[string][]byte{name(root) + ".1": page(root)}
	for _, c := range root.Commands() {
		if !c.IsAvailableCommand() || c.Name() == "completion" {
			continue
		}
		for file, p := range Pages(c) {
			pages[file] = p
		}
	}
	return pages
}

func name(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

func page(c *cobra.Command) []byte {
	c.InitDefaultHelpFlag()
	var b bytes.Buffer
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"bee\" \"bee\"\n", strings.ToUpper(escape(name(c))))
	section(&b, "NAME")
	fmt.Fprintf(&b, "%s \\- %s\n", escape(name(c)), escape(lowerFirst(c.Short)))
	section(&b, "SYNOPSIS")
	fmt.Fprintf(&b, ".B %s\n", escape(c.UseLine()))
	long, codes, _ := strings.Cut(c.Long, "\nExit codes:\n")
	if x := c.Annotations["exit codes"]; x != "" {
		_, codes, _ = strings.Cut(x, "Exit codes:\n")
	}
	if long != "" {
		section(&b, "DESCRIPTION")
		text(&b, long)
	}
	if c.HasAvailableSubCommands() {
		section(&b, "COMMANDS")
		for _, s := range c.Commands() {
			if s.IsAvailableCommand() && s.Name() != "completion" {
				fmt.Fprintf(&b, ".TP\n.BR %s (1)\n%s\n", escape(name(s)), escape(s.Short))
			}
		}
	}
	section(&b, "OPTIONS")
	c.LocalFlags().VisitAll(func(f *pflag.Flag) { option(&b, f) })
	if codes != "" {
		section(&b, "EXIT STATUS")
		literal(&b, codes)
	}
	if c.Example != "" {
		section(&b, "EXAMPLES")
		literal(&b, c.Example)
	}
	if c.HasParent() {
		section(&b, "SEE ALSO")
		fmt.Fprintf(&b, ".BR %s (1)\n", escape(name(c.Parent())))
	}
	return b.Bytes()
}

func section(b *bytes.Buffer, title string) { fmt.Fprintf(b, ".SH %s\n", title) }

func option(b *bytes.Buffer, f *pflag.Flag) {
	if f.Hidden {
		return
	}
	kind, usage := pflag.UnquoteUsage(f)
	b.WriteString(".TP\n")
	if f.Shorthand != "" {
		fmt.Fprintf(b, "\\fB\\-%s\\fR, ", escape(f.Shorthand))
	}
	fmt.Fprintf(b, "\\fB%s\\fR", escape("--"+f.Name))
	if kind != "" {
		fmt.Fprintf(b, " \\fI%s\\fR", escape(kind))
	}
	b.WriteString("\n" + escape(usage))
	switch f.DefValue {
	case "", "false", "[]":
	default:
		fmt.Fprintf(b, " (default %s)", escape(f.DefValue))
	}
	b.WriteString("\n")
}

// text is paragraphs; those that are indented keep their lines.
func text(b *bytes.Buffer, s string) {
	for i, paragraph := range strings.Split(strings.Trim(s, "\n"), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.Contains("\n"+paragraph, "\n  ") {
			literal(b, paragraph)
			continue
		}
		b.WriteString(escape(paragraph) + "\n")
	}
}

func literal(b *bytes.Buffer, s string) {
	fmt.Fprintf(b, ".nf\n%s\n.fi\n", escape(strings.Trim(s, "\n")))
}

// escape makes a text literal to roff: backslashes, hyphens that are meant to
// be copied, and lines that begin with a control character.
func escape(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

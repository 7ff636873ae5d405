package html

import (
	"crypto/sha256"
	_ "embed" // for style and script
	"encoding/base64"
	"fmt"
	"time"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

//go:embed page.css
var style literal

//go:embed page.js
var script literal

// page is one report's.
type page struct {
	writer
	r *inventory.Report
	// worst is the worst severity of the findings about a component.
	worst map[string]inventory.Severity
	// rows are the anchors of the components that have a row in a table.
	rows map[string]int
	// anchored are those already written.
	anchored map[int]bool
	// groups hold all that the report says; boxes are their numbers by
	// component.
	groups []group
	boxes  map[string]int
}

// Page is the report as a page; doc is the same report as JSON.
func Page(r *inventory.Report, doc []byte) ([]byte, error) {
	doc, err := render.Indent(doc)
	if err != nil {
		return nil, err
	}
	p := &page{r: r, worst: map[string]inventory.Severity{}, rows: map[string]int{}, anchored: map[int]bool{}, boxes: map[string]int{}}
	for _, f := range r.Findings {
		if rank(f.Severity) > rank(p.worst[f.ComponentID]) {
			p.worst[f.ComponentID] = f.Severity
		}
	}
	p.anchors()
	p.gather()
	p.head()
	p.header()
	p.raw("<main>\n")
	p.verdict()
	p.findings()
	p.identity()
	p.picture()
	p.tables()
	p.details()
	p.report(doc)
	p.raw("</main>\n<script>", script, "</script>\n</body>\n</html>\n")
	return p.b.Bytes(), nil
}

func rank(s inventory.Severity) int {
	switch s {
	case inventory.SeverityCritical:
		return 3
	case inventory.SeverityWarning:
		return 2
	case inventory.SeverityInfo:
		return 1
	}
	return 0
}

func (p *page) head() {
	p.raw("<!DOCTYPE html>\n<html lang=\"en\" class=\"static\">\n<head>\n<meta charset=\"utf-8\">\n")
	p.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src '")
	p.hash(style)
	p.raw("'; script-src '")
	p.hash(script)
	p.raw("'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
	p.element("title", p.title()+" - "+string(p.r.Verdict()))
	p.raw("\n<style>", style, "</style>\n</head>\n<body>\n")
}

func (p *page) hash(s literal) {
	sum := sha256.Sum256([]byte(s))
	p.b.WriteString("sha256-" + base64.StdEncoding.EncodeToString(sum[:]))
}

// title is what a person calls the machine.
func (p *page) title() string {
	name := ""
	if h := p.r.Host; h != nil {
		name = h.Hostname
	}
	if b := p.r.Board; b != nil && b.System != nil {
		name = join(" ", name, b.System.ProductName, b.System.SerialNumber)
	}
	if name == "" {
		return "Machine report"
	}
	return name
}

func (p *page) header() {
	p.raw("<a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>\n<header>\n")
	p.element("h1", p.title())
	p.raw("\n<p class=\"meta\">")
	p.text(join(", ", join(" ", p.r.Tool.Name, p.r.Tool.Version), p.r.StartedAt.UTC().Format(time.RFC3339), "took "+(time.Duration(p.r.DurationMS)*time.Millisecond).String()))
	p.raw("</p>\n<div class=\"controls\"><button type=\"button\" id=\"theme\" aria-pressed=\"false\">Dark</button> <button type=\"button\" id=\"print\">Print</button> <button type=\"button\" id=\"download\">Download JSON</button></div>\n</header>\n")
}

// report is the report itself, for programs and for saving.
func (p *page) report(doc []byte) {
	p.raw("<section id=\"raw\"><h2>Raw report</h2>\n<p>The report as JSON is part of this page (")
	p.text(fmt.Sprintf("%d bytes", len(doc)))
	p.raw(").</p>\n<details id=\"rawbox\"><summary>Show it</summary><pre tabindex=\"0\" aria-label=\"Report as JSON\"></pre></details>\n<script type=\"application/json\" id=\"report\">")
	p.b.Write(data(doc))
	p.raw("</script></section>\n")
}

package page

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

const (
	svgWidth  = 820
	svgLabel  = 270
	svgBar    = 24
	svgTop    = 64
	svgPlot   = svgWidth - svgLabel - 150
	svgMargin = 40
)

// SVG draws the median times on a logarithmic axis, each program a bar, with
// the 95th percentile as a line and, where they were counted, the facts right.
func (r *Result) SVG() string {
	rows := r.Rows
	low, high := r.span()
	x := func(d time.Duration) float64 {
		at := math.Log10(max(float64(d.Microseconds())/1000, low))
		return svgLabel + svgPlot*(at-math.Log10(low))/(math.Log10(high)-math.Log10(low))
	}
	height := svgTop + svgBar*len(rows) + svgMargin
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13" role="img">`, svgWidth, height, svgWidth, height)
	line(`<title>Median time of each program on the %s profile</title>`, html.EscapeString(r.Name))
	line(`<style>text{fill:#1f2328}.dim{fill:#59636e}.grid{stroke:#d1d9e0}.bee{fill:#b7791f}.peer{fill:#6e7f91}.floor{fill:#2da44e}.p95{stroke:#1f2328;stroke-width:1.5}` +
		`@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}.grid{stroke:#3d444d}.bee{fill:#e3b341}.peer{fill:#8b98a5}.p95{stroke:#e6edf3}}</style>`)
	line(`<text x="12" y="24" font-size="15" font-weight="600">%s: median time, milliseconds (logarithmic)</text>`, html.EscapeString(r.Name))
	line(`<text class="dim" x="12" y="44">%d runs each, %s; the thin line is the 95th percentile</text>`, r.runs(), r.Outcome.StartedAt.Format(time.DateOnly))
	for v := low; v <= high*1.001; v *= 10 {
		at := x(time.Duration(v * float64(time.Millisecond)))
		line(`<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, at, at, svgTop-6, height-svgMargin+6)
		line(`<text class="dim" x="%.1f" y="%d" text-anchor="middle">%g</text>`, at, height-svgMargin+22, v)
	}
	for i, row := range rows {
		y := svgTop + svgBar*i
		m := row.Measured
		class := "peer"
		switch {
		case strings.HasPrefix(row.Name, "floor"):
			class = "floor"
		case strings.HasPrefix(row.Name, "bee") || row.Name == "version":
			class = "bee"
		}
		title := row.Title
		if n := []rune(title); len(n) > 40 {
			title = string(n[:39]) + "…"
		}
		line(`<text x="%d" y="%d" text-anchor="end">%s</text>`, svgLabel-8, y+16, html.EscapeString(title))
		median, late := x(m.Wall(0.5)), x(m.Wall(0.95))
		line(`<rect class="%s" x="%d" y="%d" width="%.1f" height="%d" rx="2"/>`, class, svgLabel, y+3, max(median-svgLabel, 1), svgBar-7)
		line(`<line class="p95" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, median, late, y+svgBar/2-1, y+svgBar/2-1)
		note := ms(m.Wall(0.5))
		if t := row.Tally; t != nil {
			note += fmt.Sprintf(" · %d/%d facts", t.Right, t.Facts())
		}
		line(`<text class="dim" x="%.1f" y="%d">%s</text>`, late+6, y+16, note)
	}
	line(`</svg>`)
	return b.String()
}

// span is the axis: powers of ten around all medians.
func (r *Result) span() (low, high float64) {
	low, high = math.Inf(1), 0
	for _, row := range r.Rows {
		v := float64(row.Measured.Wall(0.5).Microseconds()) / 1000
		if v > 0 {
			low, high = min(low, v), max(high, v)
		}
	}
	if high == 0 {
		return 1, 10
	}
	low, high = math.Pow(10, math.Floor(math.Log10(low))), math.Pow(10, math.Ceil(math.Log10(high)))
	return low, max(high, low*10)
}

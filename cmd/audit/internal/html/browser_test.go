package html_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures of docs/img anew")

// TestBrowser looks at the pages as a person does.
func TestBrowser(t *testing.T) {
	t.Parallel()
	b := start(t)
	dir := t.TempDir()
	address := func(name string) string {
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, page(t, name), 0o600); err != nil {
			t.Fatal(err)
		}
		return "file://" + file
	}
	b.size(1400, 900)
	b.open(address("server"))
	sorting(t, b)
	searching(t, b)
	theme(t, b)
	leading(t, b)
	everything(t, b)
	nodes(t, b)
	b.embedded(t, "server")
	printed(t, b)
	for _, name := range []string{"server", "desktop", "gpu", "damaged", "nodmi", "hostile"} {
		b.open(address(name))
		b.click("#openall")
		for _, width := range []int{360, 820, 1400} {
			b.size(width, 900)
			if over := b.eval(`String(document.documentElement.scrollWidth-innerWidth)`); over != "0" && !strings.HasPrefix(over, "-") {
				t.Errorf("%s at %d: %s pixels too wide", name, width, over)
			}
		}
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			if bad := b.eval(contrast); bad != "" {
				t.Errorf("%s, %s: contrast below 4.5: %s", name, scheme, bad)
			}
		}
		if bad := b.eval(labels); bad != "" {
			t.Errorf("%s: without a name: %s", name, bad)
		}
		if n := b.eval(`String(document.scripts.length)`); n != "2" {
			t.Errorf("%s: %s scripts", name, n)
		}
		b.embedded(t, name)
	}
	b.quiet(t)
	if *update {
		b.pictures(t, address("server"))
	}
}

func (b *browser) size(width, height int) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false})
}

func (b *browser) scheme(name string) {
	b.t.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": name}}})
}

// column is the text of one column of a table, the rows that are shown.
func (b *browser) column(table string, n int) string {
	return b.eval(fmt.Sprintf(`Array.from(document.querySelectorAll("#%s tbody tr")).filter(r=>r.offsetParent).map(r=>r.cells[%d].textContent).join("|")`, table, n))
}

func sorting(t *testing.T, b *browser) {
	t.Helper()
	b.click("#drives th:nth-child(4) button")                                 // size
	if got := b.column("drives", 0); got != "nvme1|sda|sdb|sde|sdf|||nvme0" { // two are known to their RAID controller only
		t.Errorf("by size: %s", got)
	}
	b.click("#drives th:nth-child(4) button")
	if got := b.column("drives", 0); got != "nvme0|nvme1|sda|sdb|sde|sdf||" {
		t.Errorf("by size, down: %s", got)
	}
	if got := b.eval(`document.querySelector("#drives th:nth-child(4)").getAttribute("aria-sort")`); got != "descending" {
		t.Errorf("aria-sort is %s", got)
	}
	// The same with the keyboard alone.
	b.eval(`document.querySelector("#drives th:nth-child(1) button").focus()`)
	b.key("Enter", 13)
	if got := b.column("drives", 0); got != "nvme0|nvme1|sda|sdb|sde|sdf||" {
		t.Errorf("by name, with the keyboard: %s", got)
	}
	b.click("#memory th:nth-child(2) button") // empty slots are the smallest
	if got := b.column("memory", 1); !strings.HasPrefix(got, "empty|empty|32 GiB") {
		t.Errorf("memory by size: %s", got)
	}
}

func searching(t *testing.T, b *browser) {
	t.Helper()
	b.click("#drives input")
	b.call("Input.insertText", map[string]any{"text": "hgst SDA"})
	if got, hits := b.column("drives", 0), b.eval(`document.querySelector("#drives .hits").textContent`); got != "sda" || hits != "1 of 8" {
		t.Errorf("found %s, says %s", got, hits)
	}
}

func theme(t *testing.T, b *browser) {
	t.Helper()
	background := func() string { return b.eval(`getComputedStyle(document.body).backgroundColor`) }
	b.scheme("light")
	light := background()
	b.click("#theme")
	dark := background()
	if light == dark || b.eval(`document.getElementById("theme").getAttribute("aria-pressed")`) != "true" {
		t.Errorf("light %s, dark %s", light, dark)
	}
	b.scheme("dark")
	b.click("#theme")
	if got := background(); got != light {
		t.Errorf("light on a dark system is %s, want %s", got, light)
	}
	b.eval(`delete document.documentElement.dataset.theme`)
	if got := background(); got != dark {
		t.Errorf("a dark system gives %s, want %s", got, dark)
	}
	b.scheme("light")
}

// leading: a part of the picture leads to its row, also to one that the search
// hides.
func leading(t *testing.T, b *browser) {
	t.Helper()
	b.click(`#picture .part[aria-label*="nvme1"]`)
	b.until(`document.activeElement.cells && document.activeElement.cells[0].textContent==="nvme1"`)
	if got := b.column("drives", 0); !strings.Contains(got, "nvme1") {
		t.Errorf("the row is still hidden: %s", got)
	}
}

// everything: the first cell of a row leads to all about its part, with the
// mouse and with the keyboard; one button opens all.
func everything(t *testing.T, b *browser) {
	t.Helper()
	const open = `Array.from(document.querySelectorAll("#details details[open] summary")).map(e=>e.textContent).join("|")`
	if got := b.eval(open); got != "" {
		t.Errorf("open from the start: %s", got)
	}
	b.click(`#cpus tbody tr:nth-child(2) a`)
	b.until(`document.activeElement.tagName==="SUMMARY"`)
	if got := b.eval(open); !strings.HasPrefix(got, "CPU2, ") || strings.Contains(got, "|") {
		t.Errorf("the link opened %q", got)
	}
	b.key("Enter", 13)
	if got := b.eval(open); got != "" {
		t.Errorf("still open: %s", got)
	}
	b.eval(`document.querySelector("#smart tbody tr a").focus()`)
	b.key("Enter", 13)
	b.until(`document.activeElement.tagName==="SUMMARY"`)
	if got := b.eval(`document.querySelector("#details details[open]").innerText`); !strings.Contains(got, "S45PNA0M520238") || !strings.Contains(got, "Attributes") {
		t.Errorf("the box has %.300q", got)
	}
	b.click("#openall")
	if got := b.eval(`String(document.querySelectorAll("#details details:not([open])").length)`); got != "0" {
		t.Errorf("%s are still closed", got)
	}
	b.click("#openall")
	if got := b.eval(open); got != "" {
		t.Errorf("not closed: %.100s", got)
	}
}

// nodes: what hangs on a processor is drawn beside it, nothing twice.
func nodes(t *testing.T, b *browser) {
	t.Helper()
	const labels = `Array.from(document.querySelectorAll("#picture .node-box")).map(f=>f.querySelector("figcaption").textContent.split(",")[0]+": "+Array.from(f.querySelectorAll(".part")).map(e=>e.getAttribute("aria-label").split(",")[0]).join("+")).join("|")`
	if got := b.eval(labels); got != "Node 0: CPU1: Processor CPU1|Node 1: CPU2: Processor CPU2+Network interface eth0+Drive nvme1 NVMe Bay 1" {
		t.Errorf("drawn by node: %s", got)
	}
	if got := b.eval(`(function(){var n=Array.from(document.querySelectorAll("#picture a.part")).map(e=>e.getAttribute("href"));return String(n.length-new Set(n).size)})()`); got != "0" {
		t.Errorf("%s parts are drawn twice", got)
	}
	if got := b.column("lldp", 1) + " " + b.column("lldp", 2); got != "leaf-7 Ethernet1/17" {
		t.Errorf("the switch is %s", got)
	}
	b.click("#topology th:nth-child(3) button")
	if got := b.column("topology", 2); !strings.HasPrefix(got, "1|1|") {
		t.Errorf("by node: %s", got)
	}
}

// embedded: the JSON in the page is the report.
func (b *browser) embedded(t *testing.T, name string) {
	t.Helper()
	var got, want any
	if err := json.Unmarshal([]byte(b.eval(`document.getElementById("report").textContent`)), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(stored(t, name), &want); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: the embedded report differs", name)
	}
	b.eval(`document.querySelector("#rawbox summary").click()`)
	b.until(`document.querySelector("#rawbox pre").textContent.length>100`)
}

func printed(t *testing.T, b *browser) {
	t.Helper()
	var r struct{ Data string }
	b.into(&r, "Page.printToPDF", map[string]any{"printBackground": false, "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true})
	data, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil || !bytes.HasPrefix(data, []byte("%PDF-")) {
		t.Fatalf("no PDF: %.20q, %v", data, err)
	}
	pages := bytes.Count(data, []byte("/Type /Page\n")) + bytes.Count(data, []byte("/Type /Page "))
	t.Logf("printed: %d bytes, %d pages", len(data), pages)
	if pages < 3 || pages > 12 { // closed boxes are not printed
		t.Errorf("%d pages", pages)
	}
	if dir := os.Getenv("BEE_KEEP"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, "report.pdf"), data, 0o600)
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"})
	if got := b.eval(`getComputedStyle(document.querySelector(".controls")).display`); got != "none" {
		t.Errorf("buttons are printed: %s", got)
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": ""})
}

// quiet: no page asked for anything beyond itself, no dialog, no error.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		switch e.Method {
		case "Page.javascriptDialogOpening", "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled":
			t.Errorf("%s: %s", e.Method, e.Params)
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			if json.Unmarshal(e.Params, &p) != nil || !strings.HasPrefix(p.Request.URL, "file://") {
				t.Errorf("asked for %s", e.Params)
			}
		}
	}
}

// pictures are those of the documentation.
func (b *browser) pictures(t *testing.T, url string) {
	t.Helper()
	b.open(url)
	for _, p := range []struct {
		name, scheme  string
		width, height int
	}{{"report-360", "light", 360, 900}, {"report-820", "dark", 820, 1500}, {"report-1400", "light", 1400, 1500}} {
		b.scheme(p.scheme)
		b.size(p.width, p.height)
		b.eval(`window.scrollTo(0,0)`)
		if p.width == 820 { // one shows the drawing
			b.eval(`document.getElementById("picture").scrollIntoView()`)
		}
		var r struct{ Data string }
		b.into(&r, "Page.captureScreenshot", map[string]any{"format": "png", "optimizeForSpeed": false})
		data, err := base64.StdEncoding.DecodeString(r.Data)
		if err == nil {
			data, err = small(data)
		}
		if err != nil || len(data) > 200<<10 {
			t.Errorf("%s: %d bytes, %v", p.name, len(data), err)
		}
		if err := os.WriteFile("../../../../docs/img/"+p.name+".png", data, 0o644); err != nil {
			t.Error(err)
		}
	}
}

// contrast lists text whose contrast with what is behind it is below 4.5
// (WCAG 2.2, 1.4.3).
const contrast = `(function(){
function rgb(s){var m=s.match(/[\d.]+/g).map(Number);return{c:m.slice(0,3),a:m.length>3?m[3]:1}}
function lum(c){var v=c.map(function(x){x/=255;return x<=.04045?x/12.92:Math.pow((x+.055)/1.055,2.4)});return .2126*v[0]+.7152*v[1]+.0722*v[2]}
function behind(e){for(;e;e=e.parentElement){
 if(e.tagName==="svg"){var body=e.querySelector(".body");if(body){var f=getComputedStyle(body).fill;if(f!=="none")return rgb(f).c}}
 var b=rgb(getComputedStyle(e).backgroundColor);if(b.a===1)return b.c}return[255,255,255]}
var bad={};
document.querySelectorAll("body *").forEach(function(e){
 if(!e.getClientRects().length||["SCRIPT","STYLE"].includes(e.tagName))return;
 if(!Array.from(e.childNodes).some(function(n){return n.nodeType===3&&n.data.trim()}))return;
 var st=getComputedStyle(e),c=rgb(e.namespaceURI.includes("svg")?st.fill:st.color).c,b=behind(e);
 var x=lum(c),y=lum(b),r=(Math.max(x,y)+.05)/(Math.min(x,y)+.05);
 if(r<4.5)bad[e.tagName+"."+(e.getAttribute("class")||"")+" in "+e.parentElement.tagName+"."+(e.parentElement.getAttribute("class")||"")+" "+r.toFixed(2)]=1});
return Object.keys(bad).slice(0,10).join("; ")})()`

// labels lists controls and links that have no name.
const labels = `Array.from(document.querySelectorAll("a,button,input,summary,[role=img],[role=region],table")).filter(function(e){
 return !(e.getAttribute("aria-label")||e.getAttribute("aria-labelledby")||e.textContent.trim()||e.closest("label"))}).map(function(e){return e.outerHTML.slice(0,80)}).join("; ")`

// Package formats names the forms a report can be written in.
package formats

import (
	"fmt"

	"example.com/bee/cmd/audit/internal/export"
	"example.com/bee/cmd/audit/internal/html"
	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// Names lists the forms.
func Names() []string {
	return []string{"json", "yaml", "table", "html", "prometheus", "ndjson", "csv", "redfish"}
}

// Write is a report in the form of that name. doc is the report as JSON: forms
// that carry the document as a whole take it from there, with the keys this
// version does not know.
func Write(name string, r *inventory.Report, doc []byte, o render.Options) ([]byte, error) {
	switch name {
	case "json":
		return render.Indent(doc)
	case "yaml":
		return render.YAML(doc)
	case "table":
		return render.Table(r, o), nil
	case "html":
		return html.Page(r, doc)
	case "prometheus":
		return export.Prometheus(r), nil
	case "ndjson":
		return export.NDJSON(r)
	case "csv":
		return export.CSV(r), nil
	case "redfish":
		return export.Redfish(r)
	}
	return nil, fmt.Errorf("no form is called %q", name)
}

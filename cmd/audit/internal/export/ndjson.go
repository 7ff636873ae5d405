package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"example.com/bee/cmd/internal/render"
	"example.com/bee/pkg/inventory"
)

// NDJSON is one JSON object per line: first the report's head, then every
// component, then what is near to what, extensions, findings and issues.
func NDJSON(r *inventory.Report) ([]byte, error) {
	lines := []component{{Kind: "report", Section: "", Data: struct {
		SchemaVersion     string              `json:"schema_version"`
		StartedAt         time.Time           `json:"started_at"`
		FinishedAt        time.Time           `json:"finished_at"`
		DurationMS        int64               `json:"duration_ms"`
		ClockSynchronized *bool               `json:"clock_synchronized,omitzero"`
		Tool              inventory.Tool      `json:"tool"`
		Verdict           inventory.Health    `json:"verdict"`
		Collectors        []inventory.Outcome `json:"collectors"`
	}{r.SchemaVersion, r.StartedAt, r.FinishedAt, r.DurationMS, r.ClockSynchronized, r.Tool, r.Verdict(), r.Collectors}}}
	lines = append(lines, components(r)...)
	if r.Topology != nil {
		for i := range r.Topology.Nodes {
			lines = append(lines, component{Kind: "topology_node", Section: "topology.nodes", Data: &r.Topology.Nodes[i]})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(r.Extensions)) {
		lines = append(lines, component{Kind: "extension", Section: "extensions", Data: struct {
			Key   string          `json:"key"`
			Value json.RawMessage `json:"value"`
		}{k, r.Extensions[k]}})
	}
	for i := range r.Findings {
		lines = append(lines, component{Kind: "finding", Section: "findings", Data: &r.Findings[i]})
	}
	for i := range r.Issues {
		lines = append(lines, component{Kind: "issue", Section: "issues", Data: &r.Issues[i]})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, l := range lines {
		if err := e.Encode(l); err != nil {
			return nil, fmt.Errorf("report as NDJSON: %w", err)
		}
	}
	return render.Inert(b.Bytes()), nil
}

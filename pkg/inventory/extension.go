package inventory

import "encoding/json"

// Extension is a third party's part of the report.
type Extension struct {
	// Key is domain-qualified: "acme.example/raid".
	Key string `json:"key"`
	// Data is any JSON.
	Data json.RawMessage `json:"data"`
}

// Kind implements [Component].
func (*Extension) Kind() string { return "extension" }

func (e *Extension) addTo(r *Report) {
	if r.Extensions == nil {
		r.Extensions = map[string]json.RawMessage{}
	}
	r.Extensions[e.Key] = e.Data
}

package diff

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"example.com/bee/pkg/inventory"
)

// MaxBytes bounds a report; the largest known are some hundred kilobytes.
const MaxBytes = 64 << 20

// maxDepth is far above any report's nesting.
const maxDepth = 64

// Errors of Compare, besides those of encoding/json.
var (
	ErrTooLarge  = errors.New("larger than any report")
	ErrNotReport = errors.New("not a report")
	ErrVersion   = errors.New("another major schema version")
)

// document is one report in JSON form with what the comparison looks up in it.
type document struct {
	root  map[string]any
	cover coverage
	buses buses
}

// parse reads a report of this major version.
func parse(data []byte) (*document, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%d bytes: %w", len(data), ErrTooLarge)
	}
	if err := checkDepth(data); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotReport, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows it", ErrNotReport)
	}
	version := text(root["schema_version"])
	if version == "" {
		return nil, fmt.Errorf("%w: it has no schema_version", ErrNotReport)
	}
	theirs, _, _ := strings.Cut(version, ".")
	if ours, _, _ := strings.Cut(inventory.SchemaVersion, "."); theirs != ours {
		return nil, fmt.Errorf("%w: %.20q, this version reads %s.x", ErrVersion, version, ours)
	}
	doc := &document{root: root, cover: newCoverage(root)}
	doc.buses = newBuses(objects(root["pcie_devices"]))
	return doc, nil
}

// checkDepth bounds the nesting before anything recurses.
func checkDepth(data []byte) error {
	depth, quoted, escaped := 0, false, false
	for _, c := range data {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return fmt.Errorf("%w: nested too deeply", ErrNotReport)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

func (d *document) side() Side {
	host, _ := d.root["host"].(map[string]any)
	return Side{
		SchemaVersion: text(d.root["schema_version"]),
		StartedAt:     text(d.root["started_at"]),
		ToolVersion:   text(lookup(d.root, "tool", "version")),
		Hostname:      text(host["hostname"]),
		SystemSerial:  text(lookup(d.root, "board", "system", "serial_number")),
	}
}

// lookup goes down through objects.
func lookup(v any, keys ...string) any {
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[k]
	}
	return v
}

// text is a string, or the digits of a number; other values are empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// objects are the objects of a list, when it holds nothing else.
func objects(v any) []map[string]any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	all := make([]map[string]any, len(list))
	for i, e := range list {
		if all[i], ok = e.(map[string]any); !ok {
			return nil
		}
	}
	return all
}

// canonical is a value's bytes, equal for equal values.
func canonical(v any) string {
	data, err := json.Marshal(v) // sorts keys
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

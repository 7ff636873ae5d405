package schemagen

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"example.com/bee/pkg/inventory"
)

// markdown writes one table per object, in the order the report shows them.
func (g *generator) markdown(root *jsonschema.Schema) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# The report, schema %s

Generated from the types of `+"`pkg/inventory`"+`; `+"`go generate ./...`"+` writes it anew. The binding form is
[report.schema.json](report.schema.json), which `+"`audit schema`"+` prints.

- A key that is missing means that the device did not say, unless an entry of `+"`issues`"+` names it.
  An empty list means: looked, found none.
- Minor versions only add. Ignore keys and enum values you do not know.
- Fields marked * are always there. Counters that may pass 2^53 are strings of decimal digits.
`, inventory.SchemaVersion)
	for _, t := range g.types {
		def, title := root.Definitions[t.Name()], t.Name()
		if t == reflect.TypeFor[inventory.Report]() {
			def = root
		}
		if def == nil {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n", title)
		if def.Description != "" {
			fmt.Fprintf(&b, "%s\n\n", def.Description)
		}
		b.WriteString("| Field | Type | Unit or form | Meaning |\n|---|---|---|---|\n")
		for pair := def.Properties.Oldest(); pair != nil; pair = pair.Next() {
			name := "`" + pair.Key + "`"
			if slices.Contains(def.Required, pair.Key) {
				name += " *"
			}
			p := pair.Value
			meaning := p.Description
			if meaning == "" {
				meaning = referred(root, p)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, typeText(p), cell(unitText(p)), cell(meaning))
		}
	}
	return b.Bytes()
}

// referred is the description of the object a field holds.
func referred(root, p *jsonschema.Schema) string {
	for p.Items != nil {
		p = p.Items
	}
	if def := root.Definitions[strings.TrimPrefix(p.Ref, "#/$defs/")]; def != nil {
		return def.Description
	}
	return ""
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func typeText(p *jsonschema.Schema) string {
	switch {
	case p.Ref != "":
		name := p.Ref[strings.LastIndex(p.Ref, "/")+1:]
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(name))
	case p.Items != nil:
		return "list of " + typeText(p.Items)
	case p.AdditionalProperties != nil:
		return "map to " + typeText(p.AdditionalProperties)
	case p.Enum != nil:
		return "enum"
	case p.Type == "":
		return "any"
	}
	return p.Type
}

func unitText(p *jsonschema.Schema) string {
	if u, ok := p.Extras["x-unit"].(string); ok {
		return u
	}
	for p.Items != nil {
		p = p.Items
	}
	if p.Enum != nil {
		words := make([]string, len(p.Enum))
		for i, v := range p.Enum {
			words[i] = fmt.Sprintf("`%v`", v)
		}
		return strings.Join(words, ", ")
	}
	switch p.Pattern {
	case "":
		return ""
	case idForm:
		return "component id"
	case snakeForm:
		return "lower_snake"
	}
	return "`" + p.Pattern + "`"
}

package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// YAML turns a JSON document into YAML, keys in the same order. Strings that
// YAML could take for anything else are in double quotes.
func YAML(doc []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	node, err := yamlNode(d, 0)
	if err != nil {
		return nil, fmt.Errorf("report as YAML: %w", err)
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := errors.Join(e.Encode(node), e.Close()); err != nil {
		return nil, fmt.Errorf("report as YAML: %w", err)
	}
	return longEscapes(Inert(b.Bytes())), nil
}

// maxDepth is far above any report's nesting.
const maxDepth = 64

var errTooDeep = errors.New("nested too deeply")

// yamlNode reads one JSON value.
func yamlNode(d *json.Decoder, depth int) (*yaml.Node, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case json.Delim:
		n := &yaml.Node{Kind: yaml.MappingNode}
		if v == '[' {
			n.Kind = yaml.SequenceNode
		}
		for d.More() { // a mapping's keys and values alternate, as in yaml.Node
			child, err := yamlNode(d, depth+1)
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, child)
		}
		if len(n.Content) == 0 {
			n.Style = yaml.FlowStyle // [] and {}
		}
		_, err := d.Token()
		return n, err
	case string:
		return stringNode(v), nil
	case json.Number:
		tag := "!!int"
		if strings.ContainsAny(v.String(), ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: v.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(v)}, nil
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
	}
}

// stringNode leaves words bare and quotes the rest.
func stringNode(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if !bareWord(s) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// bareWord is true for strings that are strings to every YAML reader, those of
// version 1.1 included, to which "no" is false.
func bareWord(s string) bool {
	if s == "" || !isLetter(s[0]) {
		return false
	}
	for _, c := range []byte(s) {
		if !isLetter(c) && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "y", "n", "true", "false", "yes", "no", "on", "off", "null":
		return false
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// longEscapes turns the pairs of JSON, which are UTF-16, into YAML's single
// escape.
func longEscapes(doc []byte) []byte {
	if !bytes.Contains(doc, []byte(`\ud`)) {
		return doc
	}
	return surrogates().ReplaceAllFunc(doc, func(m []byte) []byte {
		var hi, lo rune
		if _, err := fmt.Sscanf(string(m), `\u%04x\u%04x`, &hi, &lo); err != nil {
			return m
		}
		return fmt.Appendf(nil, `\U%08X`, (hi-0xd800)<<10|(lo-0xdc00)+0x10000)
	})
}

func surrogates() *regexp.Regexp {
	return regexp.MustCompile(`\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}`)
}

// FromYAML turns a YAML document back into JSON.
func FromYAML(doc []byte) ([]byte, error) {
	d := yaml.NewDecoder(bytes.NewReader(doc))
	var n yaml.Node
	if err := d.Decode(&n); err != nil {
		return nil, fmt.Errorf("neither JSON nor YAML: %w", err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	var b bytes.Buffer
	if err := writeJSON(&b, &n, 0); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writeJSON(b *bytes.Buffer, n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return writeJSON(b, n.Content[0], depth)
	case yaml.MappingNode, yaml.SequenceNode:
		brackets := "[]"
		if n.Kind == yaml.MappingNode {
			brackets = "{}"
		}
		b.WriteByte(brackets[0])
		for i, c := range n.Content {
			switch {
			case i > 0 && n.Kind == yaml.MappingNode && i%2 == 1:
				b.WriteByte(':')
			case i > 0:
				b.WriteByte(',')
			}
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				c = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: c.Value}
			}
			if err := writeJSON(b, c, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(brackets[1])
		return nil
	case yaml.ScalarNode:
		return writeScalar(b, n)
	default: // an alias can make a small document enormous
		return errors.New("YAML aliases are not part of a report")
	}
}

func writeScalar(b *bytes.Buffer, n *yaml.Node) error {
	var v any
	switch n.ShortTag() {
	case "!!int", "!!float":
		v = json.Number(n.Value)
	case "!!bool":
		v = strings.EqualFold(n.Value, "true")
	case "!!null":
		v = nil
	default: // also !!timestamp, which is text in a report
		v = n.Value
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(v) // the newline it adds is white space in JSON
}

package policy

import (
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

func (p *parser) conditions(n *yaml.Node, what string, t reflect.Type) []Condition {
	all := []Condition{}
	for _, e := range p.mapping(n, what) {
		all = append(all, p.condition(e, t))
	}
	if len(all) == 0 {
		p.errorf(n, "%s: is empty", what)
	}
	return all
}

func (p *parser) condition(e entry, t reflect.Type) Condition {
	c := Condition{Field: e.key, Pattern: true}
	k, err := fieldKind(t, e.key)
	if err != nil {
		p.errorf(e.node, "%v", err)
		return c
	}
	c.kind = k
	switch e.value.Kind {
	case yaml.SequenceNode:
		c.OneOf = p.values(&c, e.value)
	case yaml.MappingNode:
		p.operators(&c, e)
	default:
		if s, ok := p.operand(&c, e.value); ok {
			c.OneOf = []string{s}
		}
	}
	return c
}

func (p *parser) values(c *Condition, n *yaml.Node) []string {
	var all []string
	for _, v := range p.items(n, c.Field) {
		if s, ok := p.operand(c, v); ok {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		p.errorf(n, "%s: the list is empty", c.Field)
	}
	return all
}

func (p *parser) operators(c *Condition, e entry) {
	entries := p.mapping(e.value, c.Field, "is", "one_of", "at_least", "at_most", "said")
	if len(entries) == 0 {
		p.errorf(e.node, "%s: give is, one_of, at_least, at_most or said", c.Field)
	}
	for _, o := range entries {
		switch o.key {
		case "said":
			b, err := strconv.ParseBool(o.value.Value)
			if err != nil || o.value.Kind != yaml.ScalarNode {
				p.errorf(o.value, "%s: said is true or false", c.Field)
			}
			c.Said = &b
		case "one_of":
			c.OneOf = p.values(c, o.value)
		case "is":
			c.Pattern = false
			if s, ok := p.operand(c, o.value); ok {
				c.OneOf = []string{s}
			}
		default:
			if c.kind == kindBool {
				p.errorf(o.node, "%s is true or false; %s makes no sense", c.Field, o.key)
				continue
			}
			s, ok := p.operand(c, o.value)
			if !ok {
				continue
			}
			if o.key == "at_least" {
				c.AtLeast = &s
			} else {
				c.AtMost = &s
			}
		}
	}
}

// operand reads a value of the field's kind.
func (p *parser) operand(c *Condition, n *yaml.Node) (string, bool) {
	s, ok := p.scalar(n, c.Field)
	if !ok {
		return "", false
	}
	switch c.kind {
	case kindBool:
		if s != "true" && s != "false" {
			p.errorf(n, "%s: %q is neither true nor false", c.Field, clip(s))
			return "", false
		}
	case kindNumber:
		if isSize(c.Field) {
			bytes, err := parseSize(s)
			if err != nil {
				p.errorf(n, "%s: %v", c.Field, err)
				return "", false
			}
			return bytes, true
		}
		if _, ok := number(s); !ok {
			p.errorf(n, "%s: %q is no number; the unit is in the field's name", c.Field, clip(s))
			return "", false
		}
	case kindText: // as written: 2.10 stays 2.10
	}
	return s, true
}

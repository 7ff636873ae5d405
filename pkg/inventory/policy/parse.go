package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// MaxBytes bounds a policy.
const MaxBytes = 1 << 20

// maxErrors is how many mistakes are told at once.
const maxErrors = 20

// Error is one mistake in a policy.
type Error struct {
	Line int
	Text string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Parse reads a policy. The error joins all mistakes, each an [*Error] where
// its line is known.
func Parse(data []byte) (*Policy, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("policy of %d bytes; at most %d are read", len(data), MaxBytes)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, errors.New("the policy is empty")
	} else if err != nil {
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	p := &parser{}
	policy := p.policy(doc.Content[0])
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return policy, nil
}

type parser struct{ errs []error }

func (p *parser) errorf(n *yaml.Node, format string, args ...any) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, &Error{n.Line, fmt.Sprintf(format, args...)})
	}
}

// entry is one key of a mapping.
type entry struct {
	key   string
	node  *yaml.Node // the key
	value *yaml.Node
}

// mapping reads a mapping whose keys are of those known; nil allows any.
func (p *parser) mapping(n *yaml.Node, what string, known ...string) []entry {
	if n.Kind != yaml.MappingNode {
		p.errorf(n, "%s: want keys and values, got %s", what, shape(n))
		return nil
	}
	seen := map[string]bool{}
	var all []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			p.errorf(k, "%s: a key must be a word", what)
			continue
		case seen[k.Value]:
			p.errorf(k, "%s: %q is there twice", what, clip(k.Value))
			continue
		case v.Kind == yaml.AliasNode:
			p.errorf(v, "%s: aliases are not read", what)
			continue
		}
		seen[k.Value] = true
		if known != nil && !contains(known, k.Value) {
			p.errorf(k, "%s: unknown key %q%s", what, clip(k.Value), didYouMean(k.Value, known))
			continue
		}
		all = append(all, entry{k.Value, k, v})
	}
	return all
}

func contains(words []string, w string) bool {
	for _, k := range words {
		if k == w {
			return true
		}
	}
	return false
}

func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	return fmt.Sprintf("%q", clip(n.Value))
}

// items reads a list.
func (p *parser) items(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		p.errorf(n, "%s: want a list, got %s", what, shape(n))
		return nil
	}
	return n.Content
}

// scalar reads one value.
func (p *parser) scalar(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || n.Value == "" {
		p.errorf(n, "%s: want a value, got %s", what, shape(n))
		return "", false
	}
	return n.Value, true
}

func (p *parser) strings(n *yaml.Node, what string, known ...string) []string {
	var all []string
	for _, e := range p.items(n, what) {
		s, ok := p.scalar(e, what)
		if ok && known != nil && !contains(known, s) {
			p.errorf(e, "%s: unknown %q%s", what, clip(s), didYouMean(s, known))
			continue
		}
		if ok {
			all = append(all, s)
		}
	}
	return all
}

func (p *parser) policy(n *yaml.Node) *Policy {
	policy := &Policy{}
	version := false
	for _, e := range p.mapping(n, "policy", "version", "name", "collectors", "health", "rules") {
		switch e.key {
		case "version":
			version = true
			if s, ok := p.scalar(e.value, "version"); ok && s != "1" {
				p.errorf(e.value, "version %s; this program reads version 1", clip(s))
			}
		case "name":
			policy.Name, _ = p.scalar(e.value, "name")
		case "collectors":
			policy.Collectors, policy.collectorsLine = p.strings(e.value, "collectors"), e.node.Line
		case "health":
			policy.Health = p.health(e)
		case "rules":
			for _, r := range p.items(e.value, "rules") {
				policy.Rules = append(policy.Rules, p.rule(r))
			}
		}
	}
	if !version {
		p.errorf(n, "version is missing; write version: 1")
	}
	if len(policy.Rules) == 0 && len(policy.Collectors) == 0 && policy.Health == nil {
		p.errorf(n, "the policy expects nothing")
	}
	return policy
}

func (p *parser) health(e entry) *HealthRule {
	h := &HealthRule{line: e.node.Line}
	for _, k := range p.mapping(e.value, "health", "no", "except") {
		if k.key == "no" {
			h.No = p.strings(k.value, "health.no", "critical", "warning", "info")
		} else {
			h.Except = p.strings(k.value, "health.except")
		}
	}
	if len(h.No) == 0 {
		p.errorf(e.node, "health: no is missing; write no: [critical, warning]")
	}
	return h
}

func (p *parser) rule(n *yaml.Node) Rule {
	r := Rule{line: n.Line}
	entries := p.mapping(n, "rule", "name", "parts", "where", "count", "each", "exactly")
	var t reflect.Type
	for _, e := range entries { // the others need it
		if e.key != "parts" {
			continue
		}
		r.Parts, _ = p.scalar(e.value, "parts")
		var err error
		if t, err = partsType(r.Parts); err != nil {
			p.errorf(e.value, "parts: %v", err)
			return r
		}
	}
	if t == nil {
		p.errorf(n, "rule: parts is missing; write parts: memory.modules")
		return r
	}
	for _, e := range entries {
		switch e.key {
		case "name":
			r.Name, _ = p.scalar(e.value, "name")
		case "where":
			r.Where = p.conditions(e.value, "where", t)
		case "each":
			r.Each = p.conditions(e.value, "each", t)
		case "count":
			r.Count = p.count(e.value)
		case "exactly":
			r.Exactly = []Line{}
			for _, l := range p.items(e.value, "exactly") {
				r.Exactly = append(r.Exactly, p.line(l, t))
			}
		}
	}
	switch {
	case r.Count == nil && r.Each == nil && r.Exactly == nil:
		p.errorf(n, "rule: expects nothing; give count, each or exactly")
	case r.Exactly != nil && (r.Count != nil || r.Each != nil):
		p.errorf(n, "rule: exactly stands alone; count and each go into another rule")
	}
	if r.Name == "" {
		r.Name = r.Parts
	}
	return r
}

func (p *parser) count(n *yaml.Node) *Count {
	if n.Kind != yaml.MappingNode {
		i := p.whole(n, "count")
		return &Count{i, i}
	}
	k := &Count{}
	for _, e := range p.mapping(n, "count", "at_least", "at_most") {
		if e.key == "at_least" {
			k.AtLeast = p.whole(e.value, "count.at_least")
		} else {
			k.AtMost = p.whole(e.value, "count.at_most")
		}
	}
	if k.AtLeast == nil && k.AtMost == nil {
		p.errorf(n, "count: give a number, at_least or at_most")
	}
	return k
}

func (p *parser) whole(n *yaml.Node, what string) *int {
	s, ok := p.scalar(n, what)
	if !ok {
		return nil
	}
	i, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		p.errorf(n, "%s: %q is no count", what, clip(s))
		return nil
	}
	return new(int(i))
}

func (p *parser) line(n *yaml.Node, t reflect.Type) Line {
	l := Line{Count: 1}
	for _, e := range p.mapping(n, "exactly") {
		if e.key == "count" {
			if i := p.whole(e.value, "count"); i != nil {
				l.Count = *i
			}
			continue
		}
		l.Fields = append(l.Fields, p.condition(e, t))
	}
	return l
}

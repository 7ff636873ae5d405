package diff

// findings compares the two verdicts. A finding is known by its code and part,
// not by its words.
func (c *comparison) findings(o, n any) {
	p := path{"findings"}
	key := c.keys.list(p)
	older := c.parts(key, c.old, renamed(o, c.names), "")
	m := match(older, c.parts(key, c.new, n, ""))
	for _, pair := range m.pairs {
		c.pair(scope{section: "findings"}, p, pair)
	}
	for _, f := range m.removed {
		c.r.Differences = append(c.r.Differences, Difference{
			Kind: Removed, Section: "findings", Old: findingPart(f), Text: "no longer found: " + findingText(f),
		})
	}
	for _, f := range m.added {
		c.r.Differences = append(c.r.Differences, Difference{
			Kind: Added, Section: "findings", New: findingPart(f), Text: "new finding: " + findingText(f),
		})
	}
}

func findingPart(f *part) *Part {
	return &Part{ID: text(f.obj["component_id"]), Description: text(f.obj["code"])}
}

func findingText(f *part) string {
	s := words(clip(text(f.obj["severity"]), 20), clip(text(f.obj["code"]), 60))
	if message := text(f.obj["message"]); message != "" {
		s += ": " + clip(message, 200)
	}
	return s
}

// renamed gives old findings the names their parts have now.
func renamed(v any, names map[string]string) any {
	list := objects(v)
	if list == nil {
		return v
	}
	all := make([]any, len(list))
	for i, f := range list {
		to, ok := names[text(f["component_id"])]
		if !ok {
			all[i] = f
			continue
		}
		c := make(map[string]any, len(f))
		for k, e := range f {
			c[k] = e
		}
		c["component_id"] = to
		all[i] = c
	}
	return all
}

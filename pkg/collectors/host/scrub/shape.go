package scrub

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// sameShape compares two reports by everything but their words: which fields are
// there and how often, states of collectors, kinds of issues, codes and
// severities of findings.
func sameShape(before, after []byte) error {
	a, err := outline(before)
	if err != nil {
		return err
	}
	b, err := outline(after)
	if err != nil {
		return err
	}
	for k, n := range a {
		if b[k] != n {
			return fmt.Errorf("scrubbing changed the report: %s is there %d times, was %d times", k, b[k], n)
		}
	}
	for k, n := range b {
		if a[k] != n {
			return fmt.Errorf("scrubbing changed the report: %s is there %d times, was %d times", k, n, a[k])
		}
	}
	return nil
}

// outline counts the fields of a report by their paths, numbers and verdicts with
// their values.
func outline(doc []byte) (map[string]int, error) {
	var tree any
	if err := json.Unmarshal(doc, &tree); err != nil {
		return nil, err
	}
	counts := map[string]int{}
	count(tree, "", "", counts)
	return counts, nil
}

func count(v any, path, key string, counts map[string]int) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			at := path + "." + k
			if slices.Contains([]string{"custom", "vpd", "fields", "evidence", "provenance", "vlans"}, key) {
				at = path + ".*" // keys of a machine's own
			}
			count(e, at, k, counts)
		}
	case []any:
		counts[path+"["+strconv.Itoa(len(v))+"]"]++
		for _, e := range v {
			count(e, path+"[]", key, counts)
		}
	case string:
		if slices.Contains([]string{"status", "severity", "code", "kind", "health", "state", "reason"}, key) {
			path += "=" + v
		}
		counts[path]++
	case float64:
		counts[path+"="+strconv.FormatFloat(v, 'g', -1, 64)]++
	case bool:
		counts[path+"="+strconv.FormatBool(v)]++
	default:
		counts[path]++
	}
}

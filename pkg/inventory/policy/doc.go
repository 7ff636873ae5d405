// Package policy checks a report against what a machine should be:
//
//	p, err := policy.Parse(yaml)
//	verdict, err := p.Check(report)
//	if verdict.Status != policy.Pass { ... }
//
// A policy is a short YAML file of rules over parts; docs/policy.md describes
// it. Parsing is strict: an unknown key, path or unit is an error with its
// line. Checking knows three answers: what could not be read is [Unknown] and
// never a pass. [From] writes the policy of a good machine.
//
// The package is pure; strings of devices stand in results as they are.
package policy

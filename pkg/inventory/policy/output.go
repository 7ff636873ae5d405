package policy

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Lines is the verdict as text, one line each; all adds the rules that pass.
func (v *Verdict) Lines(all bool) []string {
	var lines []string
	for _, r := range v.Results {
		switch {
		case r.Status != Pass:
			lines = append(lines,
				fmt.Sprintf("%-7s  line %d, %s", strings.ToUpper(string(r.Status)), r.Line, r.Rule),
				"         expected: "+r.Expected,
				"         found:    "+r.Found)
		case all:
			lines = append(lines, fmt.Sprintf("%-7s  line %d, %s: %s", "PASS", r.Line, r.Rule, r.Expected))
		}
	}
	return append(lines, fmt.Sprintf("%s: %d passed, %d failed, %d unknown", strings.ToUpper(string(v.Status)), v.Passed, v.Failed, v.Unknown))
}

// junit is the form most build servers read. What is unknown is an error: it
// must not look as if it had passed or had been left out.
type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the verdict as JUnit XML. Clean makes strings of devices safe;
// nil leaves them as they are, escaped for XML.
func (v *Verdict) JUnit(w io.Writer, clean func(string) string) error {
	if clean == nil {
		clean = func(s string) string { return s }
	}
	name := clean(v.Policy)
	if name == "" {
		name = "policy"
	}
	suite := junitSuite{Name: name, Tests: len(v.Results), Failures: v.Failed, Errors: v.Unknown, Cases: []junitCase{}}
	for _, r := range v.Results {
		c := junitCase{Class: name, Name: fmt.Sprintf("%s (line %d)", clean(r.Rule), r.Line)}
		text := "expected: " + clean(r.Expected) + "\nfound: " + clean(r.Found)
		for _, p := range r.Parts {
			if p.Status != Pass {
				text += "\n" + clean(p.ComponentID+": "+p.Found)
			}
		}
		m := &junitMessage{Message: clean(r.Found), Type: string(r.Status), Text: text}
		switch r.Status {
		case Fail:
			c.Failure = m
		case Unknown:
			c.Error = m
		default:
		}
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suite: suite}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

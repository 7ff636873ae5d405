package source

import "time"

// Status is one of the files by which a service tells how it fares: lines
// NAME=VALUE with state, uptime (when it came to that, in seconds since boot)
// and text.
type Status struct {
	State, Text string
	// For is how long it has been so; zero when not known.
	For  time.Duration
	more map[string]string
}

func (r Root) status(name string, uptime time.Duration) Status {
	m := r.pairs(name)
	s := Status{State: m["state"], Text: m["text"], more: m}
	if at := seconds(m["uptime"]); at > 0 && uptime > at {
		s.For = uptime - at
	}
	return s
}

// services are the status files of the system that a person at the console
// wants to hear of.
func (r Root) services(uptime time.Duration) map[string]Status {
	m := map[string]Status{}
	for _, name := range []string{"ssh", "devices", "nvidia", "medium", "save", "push"} {
		if s := r.status("/run/bee/"+name+".status", uptime); s.State != "" {
			m[name] = s
		}
	}
	return m
}

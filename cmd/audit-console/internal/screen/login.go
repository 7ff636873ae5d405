package screen

import (
	"strings"

	"example.com/bee/cmd/audit-console/internal/source"
)

// login is the whole line to type, what it asks for, and how to know that the
// right machine answers.
func login(s source.State, v View) block {
	b := block{label: "Login"}
	add := func(l string) { b.lines = append(b.lines, l) }
	if st := s.Services["ssh"]; st.State == "failed" {
		add("SSH is not set up: " + orElse(st.Text, "no reason given"))
	}
	user := "bee"
	switch s.Access.Login {
	case "keys":
		user = "root"
	case "none":
		add("nobody can log in over the network; h opens a shell here")
		return b
	case "password", "hash":
	default:
		if s.Access.Password == "" {
			add("not set up yet")
			return b
		}
	}
	to := ""
	for _, n := range s.NICs {
		if n.Address != "" {
			to, _, _ = strings.Cut(n.Address, "/")
			break
		}
	}
	if to == "" {
		to = "ADDRESS (there is none yet)"
	}
	add("ssh -o UserKnownHostsFile=/dev/null " + user + "@" + to)
	switch {
	case s.Access.Login == "keys":
		add("with a key this image was built with")
	case s.Access.Login == "hash":
		add("with the password this image was built with; doas sh makes you root")
	case v.Password:
		add("password " + s.Access.Password + " until the next boot; doas sh makes you root")
	case v.Secret:
		add("the password is on the machine's own screen (bee.serial_password=1 shows it here)")
	default:
		add("the password is on the machine's own screen, and in /run/bee/password")
	}
	for _, f := range s.Access.Fingerprints {
		add("host key " + f)
	}
	return b
}

// services are what else went wrong, or is worth knowing.
func services(s source.State) []block {
	var list []string
	say := func(name string, states map[string]string) {
		st, found := s.Services[name]
		if text, wanted := states[st.State]; found && wanted {
			list = append(list, words(": ", text, st.Text))
		}
	}
	say("nvidia", map[string]string{"failed": "the NVIDIA driver is not loaded"})
	say("devices", map[string]string{"running": "drivers are being loaded"})
	say("save", map[string]string{"running": "saving the report", "done": "report saved", "failed": "report not saved"})
	say("push", map[string]string{"running": "sending the report", "done": "report sent", "failed": "report not sent"})
	say("medium", map[string]string{"running": "leave the medium in", "removable": "the medium may be removed", "needed": "leave the medium in"})
	if len(list) == 0 {
		return nil
	}
	return []block{{label: "System", lines: []string{strings.Join(list, "; ")}}}
}

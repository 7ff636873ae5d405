package source

import "strings"

// Access is how a person gets in.
type Access struct {
	// Password of the user bee for this boot; "" when there is none.
	Password string
	// Login is who may log in: keys (root, by key), password (bee, the one of
	// this boot), hash (bee, the one of the build), none; "" when nobody said.
	Login string
	// Fingerprints of the host keys, "SHA256:...", with the kind of key before
	// it where that is known.
	Fingerprints []string
}

func (r Root) access() Access {
	a := Access{Login: r.line("/run/bee/login"), Password: r.line("/run/bee/password")}
	const most = 4
	for l := range strings.Lines(r.text("/run/bee/hostkey.fingerprint")) {
		if f := fingerprint(Clean(l)); f != "" && len(a.Fingerprints) < most {
			a.Fingerprints = append(a.Fingerprints, f)
		}
	}
	return a
}

// fingerprint finds it in a line as ssh-keygen, dropbearkey or a person would
// write it.
func fingerprint(line string) string {
	for _, word := range strings.Fields(line) {
		if !strings.HasPrefix(word, "SHA256:") {
			continue
		}
		lower := strings.ToLower(line)
		for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
			if strings.Contains(lower, kind) {
				return strings.ToUpper(kind) + " " + word
			}
		}
		return word
	}
	return ""
}

package record

import (
	"bytes"
	"strings"

	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/collectors/internal/dmi"
)

// maskOf is what hides the secrets in the answer to a call; nil: there are none.
func maskOf(c host.Call) func([]byte) []byte {
	switch {
	case c.Op != host.OpRead:
		return nil
	case c.Name == dmi.TablePath, strings.HasPrefix(c.Name, "/sys/firmware/dmi/entries/11-"):
		return maskCredentials
	case strings.HasPrefix(c.Name, "/proc/") && strings.HasSuffix(c.Name, "/cmdline"), c.Name == "/proc/bootconfig":
		return maskWords
	default:
		return nil
	}
}

// maskCredentials hides what systemd takes credentials from
// (systemd.io/CREDENTIALS): strings of SMBIOS type 11. The table is not taken
// apart for it, so that a damaged one hides as much; a string ends with a zero
// byte, wherever it stands.
func maskCredentials(table []byte) []byte {
	const name = "io.systemd.credential"
	out := table
	for at := 0; ; {
		i := bytes.Index(out[at:], []byte(name))
		if i < 0 {
			return out
		}
		if &out[0] == &table[0] {
			out = bytes.Clone(table)
		}
		at += i + len(name)
		for ; at < len(out) && out[at] != 0; at++ {
			out[at] = 'x'
		}
	}
}

// maskWords hides the values of words that may be secrets: by their name, or
// because they look like nothing else. A word's name stays.
func maskWords(line []byte) []byte {
	out := bytes.Clone(line)
	start, quoted := 0, false
	for i := 0; i <= len(out); i++ {
		switch {
		case i < len(out) && out[i] == '"':
			quoted = !quoted
		case i == len(out), !quoted && bytes.IndexByte([]byte(" \t\r\n\x00"), out[i]) >= 0:
			maskWord(out[start:i])
			start = i + 1
		}
	}
	return out
}

func maskWord(w []byte) {
	name, value, given := bytes.Cut(w, []byte("="))
	switch {
	case given && secretName(string(name)):
		cover(value)
	case given:
		maskLong(value)
	default:
		maskLong(w)
	}
}

// secretName is generous: what is hidden is missed by nobody.
func secretName(name string) bool {
	name = strings.ToLower(strings.Trim(name, `"`))
	for _, s := range []string{"pass", "pwd", "token", "secret", "key", "cred", "auth", "luks", "psk", "pin", "cert", "bee.push", "session", "cookie", "license", "licence"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// maskLong hides runs of 20 and more letters and digits that have both, as keys
// have, and the user part of an address.
func maskLong(v []byte) {
	if i := bytes.Index(v, []byte("://")); i >= 0 {
		if at := bytes.IndexByte(v[i+3:], '@'); at > 0 {
			cover(v[i+3 : i+3+at])
		}
	}
	start := 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && (isAlnum(v[i]) || bytes.IndexByte([]byte("+/_-="), v[i]) >= 0) {
			continue
		}
		if run := v[start:i]; i-start >= 20 && bytes.ContainsAny(run, "0123456789") && bytes.ContainsFunc(run, isLetter) && !isUUID(run) {
			cover(run)
		}
		start = i + 1
	}
}

func cover(v []byte) {
	for i := range v {
		v[i] = 'x'
	}
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isAlnum(c byte) bool { return isLetter(rune(c)) || c >= '0' && c <= '9' }

// isUUID: root=UUID=... is no secret. Whatever else has its form is hidden as a
// long word only when its name says so.
func isUUID(v []byte) bool {
	v = bytes.TrimPrefix(bytes.TrimPrefix(v, []byte("UUID=")), []byte("PARTUUID="))
	if len(v) != 36 {
		return false
	}
	for i, c := range v {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
			return false
		}
	}
	return true
}

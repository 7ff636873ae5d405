package scrub

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
)

// class is how a value is written in a machine.
type class int

const (
	classText class = iota // characters
	classHost              // a name in text, as a word of its own
	classID                // bytes: an address or a number that is unique
	classUUID              // 16 bytes, of which three numbers may be in either order
	classIPv4
)

// value is something to be replaced.
type value struct {
	class class
	text  string // of text classes and IPv4
	id    []byte // of the others
	keep  int    // leading half bytes of id that name a maker
}

func (v value) key() string {
	if v.id != nil {
		return "id " + hex.EncodeToString(v.id)
	}
	return "text " + v.text
}

// textValue is a serial number or tag; ok is false for one so short or plain that
// it tells nothing and stands everywhere.
func textValue(s string) (value, bool) {
	s = strings.TrimSpace(s)
	return value{class: classText, text: s}, telling(s)
}

// telling is false for what many machines have: short numbers, repetitions.
func telling(s string) bool {
	const least = 5
	if len(s) < least {
		return false
	}
	distinct := map[byte]bool{}
	alnum := 0
	for i := range len(s) {
		if isAlnum(s[i]) {
			alnum++
			distinct[s[i]] = true
		}
	}
	return alnum >= least-1 && len(distinct) >= 3
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// hostValue is a name in a network.
func hostValue(s string) (value, bool) {
	s = strings.TrimSpace(s)
	switch strings.ToLower(s) {
	case "localhost", "localhost.localdomain", "(none)", "bee", "linux", "debian", "alpine", "ubuntu":
		return value{}, false
	}
	return value{class: classHost, text: s}, len(s) > 2 && strings.ContainsFunc(s, func(r rune) bool { return r < 0x80 && isAlnum(byte(r)) })
}

// idValue is an address of 6 to 20 bytes in hexadecimal, with whatever before and
// between.
func idValue(s string) (value, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, p := range []string{"naa.", "eui.", "uuid.", "wwn-", "gpu-", "mig-", "0x"} {
		s = strings.TrimPrefix(s, p)
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(":-. ", r) {
			return -1
		}
		return r
	}, s)
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) < 6 || len(b) > 20 || plain(b) {
		return value{}, false
	}
	v := value{class: classID, id: b}
	switch len(b) {
	case 6:
		v.keep = 6
	case 8:
		if v.keep = 6; b[0]>>4 == 5 || b[0]>>4 == 6 || b[0]>>4 == 3 || b[0]>>4 == 2 {
			v.keep = 7 // NAA: half a byte, then the maker
		}
	case 16:
		v.class = classUUID
		if b[0]>>4 == 6 && !strings.Contains(s, "-") {
			v.class, v.keep = classID, 7
		}
	}
	return v, true
}

// plain is true for bytes that nobody chose: too few of them differ.
func plain(b []byte) bool {
	distinct := map[byte]bool{}
	set := 0
	for _, c := range b {
		distinct[c] = true
		if c != 0 && c != 0xFF {
			set++
		}
	}
	return len(distinct) < 3 || set < 3
}

func ipValue(s string) (value, bool) {
	s = strings.TrimSpace(s)
	if b, ok := ipv4(s); ok {
		return value{class: classIPv4, text: s}, b[0] != 0 && b[0] != 127 && b[0] < 224
	}
	b, ok := ipv6(strings.ToLower(s))
	return value{class: classID, id: b, keep: 4}, ok && !plain(b)
}

// names makes pseudonyms: the same for the same value as long as the key is.
type names struct {
	key   []byte
	taken map[string]bool // what must not come out: the originals
	parts []string        // texts that others are made of, the shortest first
}

// within notes the texts that stand in longer ones, so that there, too, they are
// replaced by the same.
func (n *names) within(values []value) {
	for _, v := range values {
		if v.class == classText && v.text != "" {
			n.parts = append(n.parts, v.text)
		}
	}
	slices.SortFunc(n.parts, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
}

// noise is a stream of bytes that depends on the key and the value.
func (n *names) noise(of string, round int) func() byte {
	seed := sha256.Sum256(slices.Concat(n.key, []byte{byte(round)}, []byte(of)))
	stream := rand.NewChaCha8(seed)
	return func() byte { return byte(stream.Uint64()) }
}

// newKey comes from the runtime's own generator, which the kernel seeds.
func newKey() []byte {
	var key []byte
	for range 4 {
		key = binary.LittleEndian.AppendUint64(key, rand.Uint64()) //nolint:gosec // ChaCha8, and no secret of anybody's
	}
	return key
}

const rounds = 64

// text replaces letters by letters and digits by digits.
func (n *names) text(s string) string {
	out := []byte(n.letters(s))
	for _, p := range n.parts {
		if len(p) >= len(s) {
			break
		}
		for at := 0; ; {
			i := strings.Index(s[at:], p)
			if i < 0 {
				break
			}
			copy(out[at+i:], n.letters(p))
			at += i + len(p)
		}
	}
	return string(out)
}

func (n *names) letters(s string) string {
	hexOnly := strings.Trim(strings.ToLower(s), "0123456789abcdef-:. ") == ""
	out := s
	for round := range rounds {
		next := n.noise(strings.ToLower(s), round)
		b := []byte(s)
		for i, c := range b {
			letters := byte(26)
			if hexOnly {
				letters = 6
			}
			switch {
			case c >= '0' && c <= '9':
				b[i] = '0' + next()%10
			case c >= 'a' && c <= 'z':
				b[i] = 'a' + next()%letters
			case c >= 'A' && c <= 'Z':
				b[i] = 'A' + next()%letters
			}
		}
		if out = string(b); !n.taken[strings.ToLower(out)] {
			break
		}
	}
	return out
}

// id replaces all but the maker, and what says how a UUID was made.
func (n *names) id(v value) []byte {
	out := slices.Clone(v.id)
	for round := range rounds {
		next := n.noise(hex.EncodeToString(v.id), round)
		for i := range out {
			b := next()
			switch {
			case 2*i+2 <= v.keep:
				b = v.id[i]
			case 2*i < v.keep:
				b = v.id[i]&0xF0 | b&0x0F
			case v.class == classUUID && (i == 6 || i == 8):
				b = v.id[i]&0xF0 | b&0x0F
			case v.class == classUUID && i == 7: // the version, where the order is the other one
				b = v.id[i]&0xF0 | b&0x0F
			}
			out[i] = b
		}
		if !n.taken[hex.EncodeToString(out)] && !bytes.Equal(out, v.id) && !plain(out) {
			break
		}
	}
	return out
}

// ipv4 keeps the number of digits of each part.
func (n *names) ipv4(s string) string {
	parts := strings.Split(s, ".")
	out := s
	for round := range rounds {
		next := n.noise(s, round)
		for i, p := range parts {
			switch len(p) {
			case 1:
				parts[i] = string('1' + next()%9)
			case 2:
				parts[i] = string([]byte{'1' + next()%9, '0' + next()%10})
			default:
				parts[i] = "1" + string([]byte{'0' + next()%10, '0' + next()%10})
			}
		}
		if out = strings.Join(parts, "."); !n.taken[out] {
			break
		}
	}
	return out
}

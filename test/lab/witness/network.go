package witness

import (
	"encoding/json"
	"strings"
)

// Link is what `ip -d -j link` says of an interface.
type Link struct {
	Name      string   `json:"ifname"`
	Address   string   `json:"address"`
	Permanent string   `json:"permaddr"` // Only when it differs.
	MTU       int      `json:"mtu"`
	State     string   `json:"operstate"`
	Flags     []string `json:"flags"`
	Master    string   `json:"master"`
	ParentBus string   `json:"parentbus"`
	ParentDev string   `json:"parentdev"`
	Info      struct {
		SlaveKind string `json:"info_slave_kind"`
		SlaveData struct {
			State     string `json:"state"`
			MIIStatus string `json:"mii_status"`
			Permanent string `json:"perm_hwaddr"`
		} `json:"info_slave_data"`
	} `json:"linkinfo"`
}

// Has says whether a flag is set.
func (l Link) Has(flag string) bool {
	for _, f := range l.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

// IPLinks reads `ip -d -j link`.
func IPLinks(text []byte) ([]Link, error) {
	var all []Link
	err := json.Unmarshal(text, &all)
	return all, err
}

// Ethtool reads the "key: value" lines ethtool writes in all its forms; values
// that go on in the next lines are put together with blanks.
func Ethtool(text string) map[string]string {
	all := map[string]string{}
	key := ""
	for line := range strings.Lines(text) {
		k, v, ok := strings.Cut(line, ":")
		v = strings.TrimSpace(v)
		switch {
		case ok && strings.TrimSpace(k) != "":
			key = strings.TrimSpace(k)
			if all[key] != "" { // Several of one name: "Extended identifier description".
				v = all[key] + " " + v
			}
			all[key] = v
		case key != "":
			all[key] += " " + strings.TrimSpace(line)
		}
	}
	return all
}

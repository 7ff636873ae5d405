package diff

import "strings"

// noun is what a technician calls the part.
func (p *part) noun() string {
	switch p.key.Path {
	case "storage":
		switch text(p.obj["protocol"]) {
		case "nvme":
			return "NVMe"
		case "sata":
			return "SATA drive"
		case "sas":
			return "SAS drive"
		}
	case "pcie_devices":
		class := text(p.obj["class_id"])
		switch {
		case isGPU(class):
			return "GPU"
		case strings.HasPrefix(class, "0604"):
			return "PCI bridge"
		case strings.HasPrefix(class, "0108"):
			return "NVMe controller"
		case strings.HasPrefix(class, "01"):
			return "storage controller"
		case strings.HasPrefix(class, "02"):
			return "network controller"
		}
	}
	return p.key.Noun
}

// name is what the part is called where it is: "DIMM A2", "GPU at
// 0000:3b:00.0".
func (p *part) name() string {
	if p.key.single {
		return p.key.Noun
	}
	name := p.noun()
	for _, f := range p.key.Label {
		l := p.value(f)
		if l == "" {
			continue
		}
		if f == "slot" && p.common {
			l = words(p.value("bank"), l)
		}
		if f == "id" {
			if _, rest, ok := strings.Cut(l, ":"); ok {
				l = rest
			}
		}
		name = label(name, l, strings.HasSuffix(f, "address"))
		break
	}
	if p.key.sub && p.up != "" {
		name += " of " + p.up
	}
	return name
}

// label puts a noun before a name that does not begin with it.
func label(noun, l string, address bool) string {
	l = clip(l, 60)
	switch {
	case address:
		return noun + " at " + l
	case len(l) > len(noun) && strings.EqualFold(l[:len(noun)], noun):
		return l
	}
	return words(noun, l)
}

// what describes the part: "32 GiB Samsung M393A4K40CB2 SN 1234".
func (p *part) what() string {
	var all []string
	for _, fields := range p.key.Describe {
		for f := range strings.SplitSeq(fields, "|") {
			v := p.obj[f]
			if text(v) == "" {
				continue
			}
			s := value(path{p.key.Path, f}, v)
			if l := len(all); l > 0 && strings.HasPrefix(strings.ToLower(s), strings.ToLower(all[l-1])) {
				all = all[:l-1] // the model begins with the vendor's name
			}
			if strings.HasSuffix(f, "serial_number") {
				s = "SN " + s
			}
			all = append(all, s)
			break
		}
	}
	return strings.Join(all, " ")
}

// place is where the part is, in words.
func (p *part) place() string {
	for _, fields := range p.key.Place {
		if p.words(fields) == "" {
			continue
		}
		last := fields[len(fields)-1]
		v := p.value(last)
		word, field, ok := strings.Cut(last, ":")
		switch {
		case ok && word == "path":
			return clip(text(p.obj[field]), 60)
		case last == "id":
			if s := text(p.obj["slot"]); s != "" {
				if p.common {
					s = words(text(p.obj["bank"]), s)
				}
				return clip(s, 60)
			}
			if _, rest, ok := strings.Cut(v, ":"); ok {
				v = rest
			}
			return clip(v, 60)
		case strings.HasSuffix(last, "slot") || word == "slot":
			v = label("slot", v, false)
		}
		if last == "enclosure.slot" {
			if e := p.value("enclosure.id"); e != "" {
				v += " of enclosure " + clip(e, 40)
			}
		}
		return v
	}
	return ""
}

// where is the place with its preposition, for parts that are not called by
// their place.
func (p *part) where() string {
	switch s := p.place(); {
	case s == "" || p.key.byPlace:
		return ""
	case strings.HasPrefix(s, "slot"):
		return "in " + s
	default:
		return "at " + s
	}
}

func (p *part) public() *Part {
	return &Part{ID: p.id(), Place: p.place(), Description: p.what()}
}

package network

import "strings"

// isRepresentor is true for what drivers call the port of a virtual function
// or subfunction on the adapter's own switch: "pf0vf3", "c1pf0sf88", "pf1".
func isRepresentor(s string) bool {
	if rest, ok := strings.CutPrefix(s, "c"); ok {
		if s, ok = cutDigits(rest); !ok {
			return false
		}
	}
	s, ok := strings.CutPrefix(s, "pf")
	if !ok {
		return false
	}
	if s, ok = cutDigits(s); !ok || s == "" {
		return ok
	}
	for _, kind := range []string{"vf", "sf"} {
		if rest, is := strings.CutPrefix(s, kind); is {
			rest, ok = cutDigits(rest)
			return ok && rest == ""
		}
	}
	return false
}

// isUSBInterface is true for BUS-PORT[.PORT...]:CONFIGURATION.INTERFACE, such
// as "1-4.2:1.0".
func isUSBInterface(s string) bool {
	bus, ports, ok := strings.Cut(s, "-")
	if !ok {
		return false
	}
	ports, number, ok := strings.Cut(ports, ":")
	if !ok || !areNumbers(bus) || !areNumbers(strings.Split(ports, ".")...) {
		return false
	}
	configuration, number, ok := strings.Cut(number, ".")
	return ok && areNumbers(configuration, number)
}

// isSubfunction is true for names such as "mlx5_core.sf.4".
func isSubfunction(s string) bool {
	i := strings.LastIndex(s, ".sf.")
	return i >= 0 && areNumbers(s[i+len(".sf."):])
}

func areNumbers(all ...string) bool {
	for _, s := range all {
		if rest, ok := cutDigits(s); !ok || rest != "" {
			return false
		}
	}
	return true
}

// cutDigits takes the digits s begins with off it; false when there are none.
func cutDigits(s string) (rest string, ok bool) {
	rest = strings.TrimLeft(s, "0123456789")
	return rest, len(rest) < len(s)
}

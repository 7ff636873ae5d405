package push

import (
	"net"
	"net/url"
	"strings"
)

// target checks where a report is to go.
func target(o Options) (*url.URL, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, usage("URL: %w", err)
	}
	switch {
	case u.User != nil:
		return nil, usage("URL: a password there can be read by every user of this machine; use --token-file")
	case u.Host == "" || u.Hostname() == "":
		return nil, usage("URL %q: it names no host", o.URL)
	case u.Fragment != "":
		return nil, usage("URL %q: a fragment is not sent", o.URL)
	case u.Scheme == "https":
	case u.Scheme != "http":
		return nil, usage("URL %q: want https", o.URL)
	case !loopback(u.Hostname()) && !o.AllowHTTP:
		return nil, usage("URL %q: http carries serial numbers and token in the clear; use https, or --allow-http if the network is yours", o.URL)
	}
	return u, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

package push

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"
)

// client sends reports to one place.
type client struct {
	o      Options
	target *url.URL
	token  string
	http   *http.Client
}

func newClient(o Options) (*client, error) {
	u, err := target(o)
	if err != nil {
		return nil, err
	}
	c := &client{o: o, target: u}
	if c.token, err = readToken(o.TokenFile); err != nil {
		return nil, err
	}
	roots, err := authorities(o.CAFile)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: 15 * time.Second}
	if u.Scheme == "http" && !o.AllowHTTP {
		dialer.Control = onlyLoopback // "localhost" is a name like any other
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Time: o.Now},
			TLSHandshakeTimeout:    15 * time.Second,
			MaxResponseHeaderBytes: 32 << 10,
			DisableCompression:     true,
			Protocols:              protocols,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func onlyLoopback(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if !loopback(host) {
		return fmt.Errorf("%s is not this machine, and http is for this machine only", host)
	}
	return nil
}

// authorities reads the certificates to trust; nil stands for the system's.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("--ca-file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, usage("--ca-file %s: no certificate in PEM form in it", file)
	}
	return pool, nil
}

// clockError explains a certificate that is refused because of the time. The
// certificate may be fine and the clock wrong; which of the two is told from
// when this program was built and what the report says of the clock.
func (c *client) clockError(err error, r *report) error {
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) || invalid.Reason != x509.Expired || invalid.Cert == nil {
		return nil
	}
	const form = time.RFC3339
	now := c.o.Now().UTC()
	valid := fmt.Sprintf("the certificate of %s is valid from %s to %s", c.target.Hostname(), invalid.Cert.NotBefore.UTC().Format(form), invalid.Cert.NotAfter.UTC().Format(form))
	switch {
	case !c.o.Built.IsZero() && now.Before(c.o.Built):
		return fmt.Errorf("the clock of this machine is wrong: it says %s, and this program was built at %s; set the clock (%s)", now.Format(form), c.o.Built.UTC().Format(form), valid)
	case r.unsynchronized:
		return fmt.Errorf("the clock of this machine is not synchronized and says %s; %s: set the clock, or renew the certificate", now.Format(form), valid)
	}
	return fmt.Errorf("%s, and the clock of this machine says %s", valid, now.Format(form))
}

package push_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"example.com/bee/cmd/audit-push/internal/push"
)

const document = `{"schema_version":"1.0","clock_synchronized":true}` + "\n"

func sumOf(doc string) string {
	sum := sha256.Sum256([]byte(doc))
	return hex.EncodeToString(sum[:])
}

// server is a real one with certificates of its own authority.
type server struct {
	*httptest.Server
	ca string // file

	mu     sync.Mutex
	bodies []string
	heads  []http.Header
}

func (s *server) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.bodies...)
}

// serve answers with the handler; what arrives is kept. The certificate is
// valid from a day before to a day after now.
func serve(t *testing.T, now time.Time, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{ca: filepath.Join(t.TempDir(), "ca.pem")}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.bodies, s.heads = append(s.bodies, string(body)), append(s.heads, r.Header)
		s.mu.Unlock()
		answer(w, r)
	}))
	caKey, ca := certificate(t, nil, nil, now)
	key, leaf := certificate(t, caKey, ca, now)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}}}
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	t.Cleanup(s.Close)
	if err := os.WriteFile(s.ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

func certificate(t *testing.T, parentKey *ecdsa.PrivateKey, parent *x509.Certificate, now time.Time) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if parent == nil {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
		parent, parentKey = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return key, c
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// options sends the document to the server.
func options(t *testing.T, s *server) push.Options {
	t.Helper()
	return push.Options{
		File: "-", In: bytes.NewReader([]byte(document)), URL: s.URL + "/reports", CAFile: s.ca,
		Timeout: 20 * time.Second, Attempts: 3, Pause: time.Millisecond, Version: "1.2.3", Log: &bytes.Buffer{},
	}
}

// run is one push; said is what a person read.
func run(ctx context.Context, o push.Options) (said string, err error) {
	log, ok := o.Log.(*bytes.Buffer)
	if !ok {
		return "", fmt.Errorf("no log")
	}
	err = push.Run(ctx, o)
	return log.String(), err
}

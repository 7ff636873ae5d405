// Package qmp speaks QEMU's machine protocol over a Unix socket.
package qmp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"sync"
	"time"
)

// Client is one connection to a monitor. It is safe for concurrent use.
type Client struct {
	mu   sync.Mutex
	conn net.Conn
	in   *bufio.Reader
}

// Dial connects, waiting for the socket to appear until ctx ends.
func Dial(ctx context.Context, path string) (*Client, error) {
	conn, err := dialWhenThere(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("qmp %s: %w", path, err)
	}
	c := &Client{conn: conn, in: bufio.NewReader(conn)}
	if _, err := c.in.ReadBytes('\n'); err != nil {
		return nil, fmt.Errorf("qmp %s: greeting: %w", path, err)
	}
	if _, err := c.Execute(ctx, "qmp_capabilities", nil); err != nil {
		return nil, err
	}
	return c, nil
}

func dialWhenThere(ctx context.Context, path string) (net.Conn, error) {
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "unix", path)
		if err == nil {
			return conn, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Execute sends a command and returns what it returned. Events are skipped.
func (c *Client) Execute(ctx context.Context, command string, arguments any) (json.RawMessage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(30 * time.Second)
	}
	if err := c.conn.SetDeadline(deadline); err != nil {
		return nil, fmt.Errorf("qmp %s: %w", command, err)
	}
	request := struct {
		Execute   string `json:"execute"`
		Arguments any    `json:"arguments,omitempty"`
	}{command, arguments}
	if err := json.NewEncoder(c.conn).Encode(request); err != nil {
		return nil, fmt.Errorf("qmp %s: %w", command, err)
	}
	for {
		line, err := c.in.ReadBytes('\n')
		if err != nil {
			return nil, fmt.Errorf("qmp %s: %w", command, err)
		}
		var reply struct {
			Event  string          `json:"event"`
			Return json.RawMessage `json:"return"`
			Error  *struct {
				Desc string `json:"desc"`
			} `json:"error"`
		}
		if err := json.Unmarshal(line, &reply); err != nil {
			return nil, fmt.Errorf("qmp %s: %w", command, err)
		}
		switch {
		case reply.Event != "":
		case reply.Error != nil:
			return nil, fmt.Errorf("qmp %s: %s", command, reply.Error.Desc)
		default:
			return reply.Return, nil
		}
	}
}

// HMP runs a line of the human monitor and returns its text.
func (c *Client) HMP(ctx context.Context, line string) (string, error) {
	raw, err := c.Execute(ctx, "human-monitor-command", map[string]string{"command-line": line})
	if err != nil {
		return "", err
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", fmt.Errorf("qmp %s: %w", line, err)
	}
	return text, nil
}

// Close closes the connection; the machine runs on.
func (c *Client) Close() error { return c.conn.Close() }

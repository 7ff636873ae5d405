package console

import "context"

// Execute runs a command as a key does.
func Execute(ctx context.Context, c Command) ([]string, error) {
	r := run(ctx, c)
	return r.output, r.err
}

//go:build isolab

package t3

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// stageOptions is what a build is given.
type stageOptions struct {
	binaries string   // Folder of audit and its helpers.
	keys     string   // File of authorized keys; empty is none.
	args     []string // Further options of build.sh.
	// change edits the staged overlay before it is packed once more: a test
	// takes a fix out, or puts a faulty audit in.
	change func(overlay string) error
	// without are services whose runlevel links are left out.
	without []string
}

// writeStage runs the real builder as far as the apkovl.
func writeStage(ctx context.Context, top, out string, o stageOptions) error {
	builder := filepath.Join(top, "iso/builder")
	args := []string{filepath.Join(builder, "build.sh"), "--binaries", o.binaries, "--stage-only", out}
	if o.keys != "" {
		args = append(args, "--authorized-keys", o.keys)
	}
	if err := run(ctx, "sh", append(args, o.args...)...); err != nil {
		return err
	}
	if o.change == nil && o.without == nil {
		return nil
	}
	if o.change != nil {
		if err := o.change(filepath.Join(out, "overlay")); err != nil {
			return err
		}
	}
	lists := filepath.Join(out, "lists")
	if err := run(ctx, "sh", "-c", `mkdir -p "$2" && cp "$1/packages" "$1/modes" "$1/runlevels" "$2/"`, "sh", builder, lists); err != nil {
		return err
	}
	for _, service := range o.without {
		if err := run(ctx, "sed", "-i", "/^[a-z]* "+service+"$/d", filepath.Join(lists, "runlevels")); err != nil {
			return err
		}
	}
	for _, old := range []string{"bee.apkovl.tar.gz", "boot/bee.cpio"} {
		if err := os.Remove(filepath.Join(out, old)); err != nil {
			return err
		}
	}
	return run(ctx, "env", "-C", out, "BEE_OVERLAY="+filepath.Join(out, "overlay"), "BEE_BUILDER="+lists,
		"sh", filepath.Join(builder, "genapkovl-bee.sh"), "bee")
}

// compile builds audit and its helpers into a folder.
func compile(ctx context.Context, top, out string) error {
	dirs, err := filepath.Glob(filepath.Join(top, "cmd/audit*"))
	if err != nil || len(dirs) == 0 {
		return fmt.Errorf("no cmd/audit* below %s: %w", top, err)
	}
	return run(ctx, "env", append([]string{"-C", top, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "go", "build", "-trimpath", "-ldflags=-s -w", "-o", out + "/"}, dirs...)...)
}

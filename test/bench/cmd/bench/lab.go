package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/bee/test/bench/floor"
	"example.com/bee/test/bench/page"
	"example.com/bee/test/bench/score"
	"example.com/bee/test/lab"
)

// profile is a machine of the lab; "broken" is two of its faults at once.
func profile(name string) (lab.Profile, error) {
	if name != "broken" {
		p, err := lab.Lookup(name)
		p.Name = name
		return p, err
	}
	p, err := lab.Lookup("faulty-bmc")
	if err != nil {
		return p, err
	}
	smbios, err := lab.Lookup("faulty-smbios")
	p.Name, p.SMBIOS, p.Facts.SMBIOS = name, smbios.SMBIOS, smbios.Facts.SMBIOS
	return p, err
}

// Nobody makes the node of MegaRAID controllers by itself; the live image does
// at its start, and storcli or smartctl -d megaraid would need it as well.
const before = `for m in $(awk '/megaraid_sas_ioctl/{print $1}' /proc/devices); do
[ -e /dev/megaraid_sas_ioctl_node ] || mknod /dev/megaraid_sas_ioctl_node c $m 0; done
`

func (o *options) lab(ctx context.Context, name string) error {
	p, err := profile(name)
	if err != nil {
		return err
	}
	// ghw.Host gives nothing at all on a machine without a USB bus.
	p.Modules = append(p.Modules, "usbcore")
	dir, err := o.folder(name)
	if err != nil {
		return err
	}
	files, err := build(ctx, dir)
	if err != nil {
		return err
	}
	all := entries("/payload")
	data, err := json.Marshal(o.plan(all, before+traces("/payload")+" && cp /payload/trace /out/trace"))
	if err != nil {
		return err
	}
	files["plan.json"] = filepath.Join(dir, "plan.json")
	if err := os.WriteFile(files["plan.json"], data, 0o644); err != nil {
		return err
	}
	quiet(ctx, o.wait)
	loadBefore := hostLoad()
	const limit = 40 * time.Minute
	res, err := lab.Run(ctx, lab.Options{
		Profile: p, OutDir: dir, Files: files, Timeout: limit, Log: os.Stderr,
		Jobs: []lab.Job{{Name: "bench", Argv: []string{"/payload/benchrun", "/payload/plan.json", "/out"}, Timeout: limit - 2*time.Minute}},
	})
	if err != nil {
		return err
	}
	if res.ExitCode != 0 {
		j, err := res.Job("bench")
		if err != nil {
			return err
		}
		said, _ := j.Stderr()
		return fmt.Errorf("%s: exit %d: %s", name, res.ExitCode, said)
	}
	r := page.Result{Name: name, About: p.About, Command: strings.Join(append([]string{"bench"}, os.Args[1:]...), " "), Commit: commit(ctx), HostLoad: loadBefore + " before, " + hostLoad() + " after"}
	return o.finish(&r, all, res.Out(), score.Wanted(p.Facts))
}

// finish reads what came back, counts facts and writes the page.
func (o *options) finish(r *page.Result, all []entry, dir string, wanted []score.Part) error {
	data, err := os.ReadFile(filepath.Join(dir, "outcome.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &r.Outcome); err != nil {
		return err
	}
	for _, e := range all {
		row := page.Row{Name: e.name, Title: e.title, Against: e.against, Measured: r.Outcome.Peer(e.name)}
		if row.Measured == nil {
			continue
		}
		if e.read != nil && wanted != nil {
			parts, err := e.read(dir)
			if err != nil {
				say("%s: %v", e.name, err)
			}
			row.Tally = new(score.Compare(wanted, parts))
		}
		r.Rows = append(r.Rows, row)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "trace")); err == nil {
		if ops, err := floor.Decode(text); err == nil {
			r.Requests = floor.Count(ops)
		}
	}
	if data, err = json.MarshalIndent(r, "", "\t"); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(dir), "result.json"), data, 0o644); err != nil {
		return err
	}
	say("%s", r.Markdown())
	if o.page == "" {
		return nil
	}
	return page.Write(o.page, r)
}

func (o *options) folder(name string) (string, error) {
	if o.out == "" {
		return os.MkdirTemp("", "bench-"+name+"-")
	}
	dir := filepath.Join(o.out, name)
	return dir, os.MkdirAll(dir, 0o755)
}

// build makes our own programs, as they ship, and names them by their place in
// the payload.
func build(ctx context.Context, dir string) (map[string]string, error) {
	files := map[string]string{}
	for name, pkg := range map[string]string{
		"audit":    "example.com/bee/cmd/audit",
		"ghw":      "example.com/bee/test/bench/peers/ghw",
		"floor":    "example.com/bee/test/bench/cmd/floor",
		"benchrun": "example.com/bee/test/bench/cmd/benchrun",
	} {
		files[name] = filepath.Join(dir, name)
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w -X main.version=bench", "-o", files[name], pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
		}
	}
	out, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "example.com/bee/test/bench/peers/ghw").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	script, err := os.ReadFile(filepath.Join(filepath.Dir(strings.TrimSpace(string(out))), "stack.sh"))
	if err != nil {
		return nil, err
	}
	files["stack.sh"] = filepath.Join(dir, "stack.sh")
	return files, os.WriteFile(files["stack.sh"], script, 0o755)
}

func commit(ctx context.Context) string {
	if c := os.Getenv("BEE_COMMIT"); c != "" {
		return c
	}
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/bee/cmd/audit/internal/cli"
	"example.com/bee/pkg/collectors/host"
	"example.com/bee/pkg/inventory"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"audit":   main,
		"stub":    stub,
		"hanging": hanging,
		"fragile": fragile,
	})
}

func TestScript(t *testing.T) {
	t.Parallel()
	reports, err := filepath.Abs("testdata/reports")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, Cmds: commands(),
		Setup: func(e *testscript.Env) error {
			e.Setenv("REPORTS", reports)
			return nil
		},
	})
}

// hanging is audit with the stub collectors and main's handling of signals.
func hanging() {
	os.Exit(run(untilSignal(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, stubCollectors))
}

// stub is audit with collectors that end as their names say, and a user and
// terminal from the environment.
func stub() {
	euid, err := strconv.Atoi(os.Getenv("STUB_EUID"))
	if err != nil {
		euid = 0
	}
	os.Exit(cli.Run(context.Background(), cli.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Getenv:         os.Getenv,
		EUID:           euid,
		StdoutTerminal: os.Getenv("STUB_TERMINAL") != "",
		StderrTerminal: os.Getenv("STUB_TERMINAL") != "",
		Build:          cli.Build{Version: "1.2.3", Commit: "abc"},
		Collectors:     stubCollectors,
	}, os.Args[1:]))
}

func stubCollectors(*host.Host, cli.Given) []inventory.Collector {
	psu := func(name string, read func(context.Context) ([]inventory.PowerSupply, error)) inventory.Collector {
		return inventory.List(name, "power_supplies", read)
	}
	fail := func(name string, err error) inventory.Collector {
		return psu(name, func(context.Context) ([]inventory.PowerSupply, error) { return nil, err })
	}
	return []inventory.Collector{
		inventory.Single("good", "memory", func(context.Context) (*inventory.Memory, error) {
			return &inventory.Memory{Meta: inventory.Meta{ID: "memory", Sources: []string{"smbios"}}}, nil
		}),
		inventory.Single("critical", "memory", func(context.Context) (*inventory.Memory, error) {
			return &inventory.Memory{Meta: inventory.Meta{ID: "memory"}, Controllers: []inventory.MemoryController{
				{Meta: inventory.Meta{ID: "edac:mc0"}, Name: "mc0", UncorrectedNoInfo: new(uint64(2))},
			}}, nil
		}),
		psu("hostile", func(context.Context) ([]inventory.PowerSupply, error) {
			return []inventory.PowerSupply{{
				Meta:  inventory.Meta{ID: "psu:1"},
				Model: "a\x1b[31mb\x9bc\u202ed\u2028e\x7ff\u200b\U000e0041g\xff", SerialNumber: "no",
			}}, nil
		}),
		psu("partial", func(context.Context) ([]inventory.PowerSupply, error) {
			return []inventory.PowerSupply{{Meta: inventory.Meta{ID: "psu:2"}}}, errors.New("fan unread")
		}),
		psu("absent", func(context.Context) ([]inventory.PowerSupply, error) { return nil, nil }),
		fail("failed", errors.New("it broke")),
		fail("denied", fmt.Errorf("/dev/x: %w", fs.ErrPermission)),
		psu("slow", func(context.Context) ([]inventory.PowerSupply, error) {
			time.Sleep(2500 * time.Millisecond)
			return []inventory.PowerSupply{}, nil
		}),
		psu("hung", func(context.Context) ([]inventory.PowerSupply, error) {
			select {}
		}),
	}
}

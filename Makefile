# Every target works alone; `make help` lists them.
GO        = $(or $(shell .ci/go.sh),$(error no Go toolchain: see above))
VERSION   = $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
COMMIT    = $(shell git rev-parse HEAD 2>/dev/null)
LDFLAGS   = -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
FUZZTIME ?= 10s
AS_ROOT   = $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
export CGO_ENABLED = 0

.PHONY: help build run deps test race lint ports fuzz generate generated bench gate bench-peers lab lab-short faults faults-short

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

build: ## build bin/audit and its helper, static
	$(GO) build -trimpath -ldflags "$(LDFLAGS)" -o bin/ $(addprefix ./,$(wildcard cmd/audit*))

run: build ## build, then audit this machine and print a table
	$(AS_ROOT) bin/audit --format table

deps: ## install what the tests need (apt, Debian or Ubuntu)
	@sh .ci/deps.sh

test: ## run all tests that need no emulated server
	CGO_ENABLED=1 $(GO) test ./...

race: ## the same under the race detector
	CGO_ENABLED=1 $(GO) test -race ./pkg/... ./cmd/...

lint: ## linters, architecture rules, shellcheck
	sh .ci/lint.sh
	$(GO) test ./test/arch

fuzz: ## every fuzz target for FUZZTIME (10s, 10m, 1000x)
	sh .ci/fuzz.sh $(FUZZTIME)

ports: ## build audit for systems on which it only replays
	for os in darwin freebsd windows; do GOOS=$$os $(GO) build -o /dev/null ./cmd/audit || exit 1; done

generate: ## write generated files anew
	$(GO) generate ./...

generated: generate ## fail when a generated file is not what the source says
	git diff --exit-code -- docs pkg

.PHONY: vuln notices
vuln: ## known vulnerabilities in what is called; needs the Go vulnerability database
	sh .ci/vuln.sh

notices: build ## the licences of what the programs are linked with, into bin/NOTICES
	sh .ci/notices.sh >bin/NOTICES

bench: ## benchmarks with allocations
	$(GO) test -run '^$$' -bench . -benchmem ./pkg/...

gate: ## fail when a benchmark needs a tenth more instructions than it did
	sh test/bench/gate.sh

bench-peers: ## measure against other programs, into docs/benchmarks.md (an hour)
	sh test/lab/setup.sh
	$(GO) run ./test/bench/cmd/bench lab server desktop big broken --page docs/benchmarks.md
	$(GO) run ./test/bench/cmd/bench growth --page docs/benchmarks.md

lab: ## boot the emulated server; compare the report with other tools
	sh test/lab/setup.sh
	$(GO) test -tags lab -timeout 50m -v ./test/lab

lab-short: ## the machines that every change is tried on: server, desktop, damaged, BMC, storage
	sh test/lab/setup.sh
	$(GO) test -tags lab -timeout 20m -v -run '^Test(Server|Desktop|NoDMI|DamagedSMBIOS|BMC|Storage|Replay)$$' ./test/lab

faults: ## everything that goes wrong with machines, into docs/reliability.md (twenty minutes)
	sh test/lab/setup.sh
	BEE_LAB_ALL=1 BEE_RELIABILITY=docs/reliability.md $(GO) test -tags lab -count 1 -timeout 40m -v -run '^TestFaults$$' ./test/lab

faults-short: ## those of the faults that every change is tried on
	sh test/lab/setup.sh
	$(GO) test -tags lab -count 1 -timeout 20m -v -run '^TestFaults$$' ./test/lab

.PHONY: iso iso-boot iso-stage iso-test-t1 iso-test-t2 iso-test-t3 iso-test-t3-short iso-test-mutants iso-test-nvidia
iso: ## build the live image (on Alpine; docs/iso.md); ISO='--authorized-keys FILE' adds options
	sh iso/builder/build.sh $(ISO)

OUT ?= dist/stage
iso-stage: ## the overlay and apkovl of the image into OUT (any Linux)
	sh iso/builder/build.sh --stage-only $(OUT) $(ISO)

iso-test-t1: ## tests of the image's builder and artefacts, without booting
	sh iso/tests/t1.sh

iso-test-t2: ## tests of the NVIDIA driver's build and loading, with modules of our own
	sh test/lab/setup.sh
	sh iso/tests/t2.sh
	sh iso/tests/t2-vm.sh

iso-test-mutants: ## take each fix of the image out and see a test of T1 or T2 fail
	sh test/lab/setup.sh
	sh iso/tests/t1-mutants.sh

iso-test-nvidia: ## build and load the real driver of Debian non-free (fetches it)
	sh test/lab/setup.sh
	sh iso/tests/t2-nvidia.sh

iso-test-t3: ## boot the image's apkovl on a userland of Debian's in emulated servers (an hour)
	sh iso/tests/t3/setup.sh
	$(GO) test -tags isolab -count 1 -timeout 120m -v ./iso/tests/t3

iso-test-t3-short: ## those of the boots that every change is tried on: BIOS, logins, UEFI; the same bytes twice
	sh iso/tests/t3/setup.sh
	$(GO) test -tags isolab -count 1 -timeout 30m -v -run '^Test(BIOS|Password|Reproducible|UEFI)$$' ./iso/tests/t3

iso-boot: ## boot the image's apkovl in the emulated server and keep it; WORDS for its command line
	sh iso/tests/t3/setup.sh
	BEE_ISO_HOLD="$(WORDS)" $(GO) test -tags isolab -count 1 -timeout 0 -v -run '^TestHold$$' ./iso/tests/t3

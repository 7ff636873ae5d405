#!/bin/sh
# Counts the instructions of benchmarks under valgrind and compares them with
# baseline.txt: a number without noise, on any machine, however busy.
#   test/bench/gate.sh          fails when one needs a tenth more
#   test/bench/gate.sh update   writes baseline.txt anew
# An iteration's instructions are the difference of a long and a short run, so
# that the start of the program does not count. The collector of garbage is off
# and there is one processor: what is left varies by less than 1 %.
set -eu
cd "$(dirname "$0")/../.."
base=test/bench/baseline.txt
tolerance=10
GO=${GO:-$(.ci/go.sh)}
command -v valgrind >/dev/null || {
	echo "gate: valgrind is missing: apt-get install valgrind" >&2
	exit 2
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
version=$("$GO" env GOVERSION)

# package, benchmark, iterations of the short and of the long run
list() {
	cat <<-'END'
		pkg/collectors/internal/smbios Decode200 2 6
		pkg/collectors/internal/smbios Views 2 12
		pkg/collectors/internal/pciconf Decode 20 1020
		pkg/collectors/internal/nvme Decode 20 2020
		pkg/collectors/internal/scsi Decode 20 2020
		pkg/collectors/internal/ata Decode 20 2020
		pkg/collectors/internal/vpd Decode 20 1020
		pkg/collectors/internal/ipmi DecodeFRU 20 1020
		pkg/collectors/internal/ipmi DecodeRecord 20 8020
		pkg/collectors/internal/ipmi DecodeSELEntry 20 8020
		pkg/collectors/internal/pciids Device 20 16020
		pkg/collectors/internal/megaraid Decode 20 2020
		cmd/internal/render JSON 2 12
		cmd/internal/render Table 20 520
		pkg/collectors/board Read 20 220
		pkg/collectors/cpu Read 5 55
		pkg/collectors/storage Read64 1 4
		pkg/collectors/pcie Read100 1 6
		pkg/collectors/psu Read 5 55
		pkg/collectors/network Read 5 55
		pkg/collectors/bmc Collect 5 55
	END
}

# count BINARY BENCHMARK ITERATIONS: instructions of the whole run.
count() {
	(cd "$5" && GOMAXPROCS=1 GOGC=off GODEBUG=asyncpreemptoff=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$1" -test.run '^$' -test.bench "^Benchmark$2\$" -test.benchtime "$3x" -test.cpu 1 >"$4" 2>&1) || {
		cat "$4" >&2
		echo "gate: $1 $2 ended with an error" >&2
		exit 2
	}
	grep -q "^Benchmark$2" "$4" || {
		echo "gate: $1: no benchmark $2" >&2
		exit 2
	}
	sed -n 's/^==[0-9]*== Collected : //p' "$4"
}

measure() {
	echo "# $version $("$GO" env GOARCH)"
	echo "# package benchmark instructions-per-iteration; made by test/bench/gate.sh update"
	list | while read -r package bench short long; do
		binary=$work/$(echo "$package" | tr / _).test
		[ -e "$binary" ] || CGO_ENABLED=0 "$GO" test -c -o "$binary" "./$package"
		few=$(count "$binary" "$bench" "$short" "$work/out" "$package")
		many=$(count "$binary" "$bench" "$long" "$work/out" "$package")
		echo "$package $bench $(((many - few) / (long - short)))"
	done
}

if [ "${1:-}" = update ]; then
	measure >"$work/new"
	cp "$work/new" "$base"
	cat "$base"
	exit 0
fi
[ "$(sed -n 1p "$base")" = "# $version $("$GO" env GOARCH)" ] || {
	echo "gate: baseline.txt was made with $(sed -n '1s/^# //p' "$base"), this is $version: nothing to compare; run test/bench/gate.sh update"
	exit 0
}
measure >"$work/new"
awk -v tolerance="$tolerance" '
	/^#/ { next }
	NR == FNR { was[$1 " " $2] = $3; next }
	{
		key = $1 " " $2
		if (!(key in was)) { printf "%-45s %-16s %12d new: run test/bench/gate.sh update\n", $1, $2, $3; next }
		change = 100 * ($3 - was[key]) / was[key]
		verdict = change > tolerance ? "TOO MUCH" : ""
		if (change > tolerance) bad = 1
		printf "%-45s %-16s %12d %+7.1f %% %s\n", $1, $2, $3, change, verdict
	}
	END { exit bad }' "$base" "$work/new" || {
	echo "gate: more than $tolerance % more instructions than in $base" >&2
	exit 1
}

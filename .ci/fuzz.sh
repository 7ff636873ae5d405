#!/bin/sh
# fuzz.sh TIME: run every fuzz target of the tree for TIME (10s, 10m).
set -eu
cd "$(dirname "$0")/.."
time=${1:-10s}
GO=$(.ci/go.sh)
failed=0
for file in $(git grep -lE '^func Fuzz[A-Z]' -- '*_test.go'); do
	dir=./$(dirname "$file")
	# shellcheck disable=SC2013 # Names of functions hold no spaces.
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		echo "== $dir $target"
		out=$("$GO" test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x "$dir" 2>&1) || failed=1
		printf '%s\n' "$out" | grep -vE '^(fuzz: elapsed|PASS$)' | tail -n 30
	done
done
exit "$failed"

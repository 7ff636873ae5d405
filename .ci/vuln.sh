#!/bin/sh
# vuln.sh: known vulnerabilities in what bee's programs and library call, from
# the Go vulnerability database. govulncheck is built from source once, at the
# pinned version, below .cache/bin. GOVULNDB names another copy of the database
# (https://..., file:///...).
set -eu
cd "$(dirname "$0")/.."
version=v1.9.0
db=${GOVULNDB:-https://vuln.go.dev}
GO=$(.ci/go.sh)
PATH=$(dirname "$GO"):$PATH
export PATH

check=$PWD/.cache/bin/govulncheck
if ! { [ -x "$check" ] && "$GO" version -m "$check" 2>/dev/null | grep -q "golang.org/x/vuln[[:space:]]*$version"; }; then
	echo "vuln.sh: building govulncheck $version" >&2
	GOBIN=$PWD/.cache/bin "$GO" install "golang.org/x/vuln/cmd/govulncheck@$version"
fi

out=$(mktemp)
trap 'rm -f "$out"' EXIT
code=0
"$check" -db "$db" ./... >"$out" 2>&1 || code=$?
cat "$out"
if grep -q 'fetching vulnerabilities' "$out"; then
	echo "vuln.sh: the database at $db cannot be reached: NOTHING WAS CHECKED. Run this where it can be, or set GOVULNDB to a copy (file:///FOLDER)." >&2
	exit 1
fi
exit "$code"

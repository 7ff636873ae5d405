#!/bin/sh
# lint.sh: the linters over the whole tree. golangci-lint is built from source
# once, at the pinned version, below .cache/bin.
set -eu
cd "$(dirname "$0")/.."
version=v2.15.0
GO=$(.ci/go.sh)
PATH=$(dirname "$GO"):$PATH
export PATH

lint=
for candidate in "$PWD/.cache/bin/golangci-lint" "$("$GO" env GOPATH)/bin/golangci-lint"; do
	if [ -x "$candidate" ] && "$GO" version -m "$candidate" 2>/dev/null | grep -q "golangci-lint/v2[[:space:]]*$version"; then
		lint=$candidate
		break
	fi
done
if [ -z "$lint" ]; then
	echo "lint.sh: building golangci-lint $version" >&2
	GOBIN=$PWD/.cache/bin "$GO" install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
	lint=$PWD/.cache/bin/golangci-lint
fi
"$lint" run --timeout 15m ./...

# Every script, whether its name ends in .sh or not.
# shellcheck disable=SC2046 # File names of the tree hold no spaces.
shellcheck $(git ls-files | while read -r f; do
	if [ -f "$f" ] && head -n 1 "$f" | grep -qE '^#!.*(/sh|env sh|openrc-run)'; then echo "$f"; fi
done)

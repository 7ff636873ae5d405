#!/bin/sh
# notices.sh: the licences of everything that bee's programs are linked with, as
# those licences want it of whoever passes the programs on.
set -eu
cd "$(dirname "$0")/.."
GO=$(.ci/go.sh)
cat LICENSE
for dir in "$("$GO" env GOROOT)" $("$GO" list -deps -f '{{with .Module}}{{if not .Main}}{{.Dir}}{{end}}{{end}}' ./cmd/... | sort -u); do
	for file in "$dir"/LICEN* "$dir"/COPYING* "$dir"/NOTICE*; do
		[ -f "$file" ] || continue
		printf '\n==== %s: %s\n\n' "${dir##*/pkg/mod/}" "${file##*/}"
		cat "$file"
	done
done
printf '\n==== pci.ids\n\n'
cat pkg/collectors/internal/pciids/NOTICE

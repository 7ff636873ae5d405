#!/bin/sh
# t1-lint.sh: shellcheck and shfmt over every script below iso/.
# shellcheck disable=SC1091,SC2016,SC2086,SC2154 # Sourced; lists of names without spaces.
set -u
. "$(dirname "$0")/t1-lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$builder/versions.env"

# scripts: everything with a shebang of a shell or OpenRC, and what they source.
scripts() {
	find "$iso/builder" "$iso/overlay" "$iso/tests" -type f | sort | while read -r f; do
		case $f in
		*.sh) echo "$f" ;;
		*) if head -n 1 "$f" | grep -qE '^#!.*(/sh|env sh|openrc-run)|^# shellcheck shell'; then echo "$f"; fi ;;
		esac
	done
}
list=$(scripts)
ok 'scripts are found' has "$list" '/etc/init.d/bee-'
ok 'shellcheck' shellcheck $list
# With each shell that is there: Alpine's is busybox's, Debian's is dash.
for shell in dash 'busybox sh' bash; do
	command -v ${shell%% *} >/dev/null || continue
	for f in $list; do
		ok "$shell reads ${f#"$iso/"}" $shell -n "$f"
	done
done

shfmt=$(command -v shfmt || echo "$top/.cache/bin/shfmt")
if [ ! -x "$shfmt" ] && GO=$("$top/.ci/go.sh" 2>/dev/null); then
	GOBIN=$top/.cache/bin "$GO" install "mvdan.cc/sh/v3/cmd/shfmt@$SHFMT_VERSION" || true
fi
if [ -x "$shfmt" ]; then
	# The form is that of .editorconfig; OpenRC's scripts have no .sh.
	ok 'shfmt' "$shfmt" -ln posix -d $list
else
	skip 'shfmt: it is not there and could not be built'
fi
ok 'the programs of the builder are executable' sh -c 'for f in "$1"/build*.sh "$1"/genapkovl-bee.sh "$1"/netboot.sh; do [ -x "$f" ] || { echo "$f"; exit 1; }; done' - "$builder"
finish

# shellcheck shell=sh
# t1-lib.sh: what the tests of the builder share. Sourced.
# shellcheck disable=SC2034 # Variables of the tests.

me=${0##*/}
# The tree under test: BEE_ISO is another copy of iso/, for mutants.
iso=${BEE_ISO:-$(cd "$(dirname "$0")/.." && pwd)}
builder=$iso/builder
overlay=$iso/overlay
LC_ALL=C
export LC_ALL

box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
trap 'exit 1' HUP INT TERM
# SH names the shell that the builder runs with: dash, busybox sh.
printf '#!/bin/sh\nexec %s "$@"\n' "${SH:-sh}" >"$box/sh"
chmod 0755 "$box/sh"
SH=$box/sh
: "${BEE_TAR:=$(command -v tar)}"
export BEE_TAR

passed=0 failed=0 skipped=0
# ok NAME COMMAND...: one assertion, quiet when it holds.
ok() {
	ok_name=$1
	shift
	if "$@" >"$box/said" 2>&1; then
		passed=$((passed + 1))
		[ -z "${VERBOSE-}" ] || echo "ok   $ok_name"
	else
		failed=$((failed + 1))
		printf 'FAIL %s: %.300s\n' "$ok_name" "$(printf '%s' "$*" | tr '\n' ' ')"
		sed 's/^/     /' "$box/said" | tail -n 15
	fi
}
# refuses NAME PATTERN COMMAND...: it fails, and says why and what to do.
refuses() {
	refuses_name=$1 refuses_pattern=$2
	shift 2
	ok "$refuses_name" refused "$refuses_pattern" "$@"
}
refused() {
	refused_pattern=$1
	shift
	if refused_said=$("$@" 2>&1); then
		echo "it did not fail; it said: $refused_said"
		return 1
	fi
	has "$refused_said" "$refused_pattern"
}
skip() {
	skipped=$((skipped + 1))
	echo "skip $*"
}
not() { ! "$@"; }
# has TEXT PATTERN: one line of the text matches.
has() {
	printf '%s\n' "$1" | grep -qE -e "$2" && return 0
	printf 'no %s in:\n%s\n' "$2" "$1"
	return 1
}
hasnt() {
	has "$@" >/dev/null || return 0
	printf '%s is in:\n%s\n' "$2" "$1"
	return 1
}
# line FILE TEXT: the file has exactly this line.
line() {
	grep -qxF -e "$2" "$1" && return 0
	printf 'no line %s in %s\n' "$2" "$1"
	return 1
}
equal() {
	[ "$1" = "$2" ] && return 0
	printf 'is     %s\nwanted %s\n' "$1" "$2"
	return 1
}

# first NAME COMMAND...: without it there is nothing to look at.
first() {
	ok "$@"
	[ "$failed" = 0 ] || {
		finish
		exit 1
	}
}

finish() {
	printf '%s: %d passed, %d failed, %d skipped\n' "$me" "$passed" "$failed" "$skipped"
	[ "$failed" = 0 ]
}

# programs DIR: stand-ins for the compiled programs.
programs() {
	mkdir -p "$1"
	for program in audit audit-nvml audit-push audit-console; do
		printf '#!/bin/sh\necho %s\n' "$program" >"$1/$program"
		chmod 0755 "$1/$program"
	done
}

# vmlinuz FILE KVER: a header like that of a kernel's image.
vmlinuz() {
	{
		dd if=/dev/zero bs=1 count=514
		printf 'HdrS'
		dd if=/dev/zero bs=1 count=8
		printf '\000\001'
		dd if=/dev/zero bs=1 count=240
		printf '%s (nobody@nowhere) #1\000' "$2"
	} 2>/dev/null >"$1"
}

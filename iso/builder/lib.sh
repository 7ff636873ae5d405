# shellcheck shell=sh
# lib.sh: what the scripts of the builder share. Sourced, never run.

# The name that stands before every message: set by who sources this.
: "${me:=builder}"

say() { printf '%s: %s\n' "$me" "$*" >&2; }
notice() { printf '%s: notice: %s\n' "$me" "$*" >&2; }

# die MESSAGE [WHAT TO DO...]: each further argument is a line of its own.
die() {
	printf '%s: %s\n' "$me" "$1" >&2
	shift
	for die_line in "$@"; do
		printf '%s:   %s\n' "$me" "$die_line" >&2
	done
	exit 1
}

# words FILE: the lines of a list without comments.
words() { sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$1"; }

# missing_programs PROGRAM...: those that are not there, on one line.
missing_programs() (
	for p; do
		command -v "$p" >/dev/null 2>&1 || printf ' %s' "$p"
	done
)

# need WHAT PROGRAM...: stop unless all programs are there.
need() {
	need_what=$1
	shift
	need_missing=$(missing_programs "$@")
	[ -z "$need_missing" ] || die "$need_what needs programs that are not in PATH:$need_missing" \
		"looked in $PATH" "install them and run this step again"
}

sha256() { sha256sum "$1" | cut -d ' ' -f 1; }

# check_sha256 FILE WANTED: is it?
check_sha256() { [ -f "$1" ] && [ "$(sha256 "$1")" = "$2" ]; }

# hash_tree PATH...: one hash of names, modes and contents below the paths.
hash_tree() (
	find "$@" \( -type f -o -type l \) -print | LC_ALL=C sort | while IFS= read -r f; do
		if [ -L "$f" ]; then
			printf 'link %s %s\n' "$f" "$(readlink "$f")"
		elif [ -x "$f" ]; then
			printf 'exec %s %s\n' "$f" "$(sha256 "$f")"
		else
			printf 'file %s %s\n' "$f" "$(sha256 "$f")"
		fi
	done | sha256sum | cut -c 1-16
)

# fetch URL FILE SHA256: FILE is there afterwards and is what it should be, or
# nothing is there and this fails. A file that is there already is not trusted.
fetch() {
	if [ -f "$2" ]; then
		check_sha256 "$2" "$3" && return 0
		fetch_got=$(sha256 "$2")
		rm -f "$2"
		die "$2: SHA-256 is $fetch_got, not $3: removed" \
			"it was damaged or is another version: run this again to fetch it, or put the right file there"
	fi
	mkdir -p "$(dirname "$2")"
	rm -f "$2.part"
	say "fetching $1"
	if command -v curl >/dev/null 2>&1; then
		curl -fsSL --retry 3 -o "$2.part" "$1" || fetch_failed "$@"
	elif command -v wget >/dev/null 2>&1; then
		wget -q -O "$2.part" "$1" || fetch_failed "$@"
	else
		die "neither curl nor wget is there to fetch $1" "install one, or put the file at $2 by hand"
	fi
	if ! check_sha256 "$2.part" "$3"; then
		fetch_got=$(sha256 "$2.part")
		rm -f "$2.part"
		die "$1: SHA-256 is $fetch_got, not $3: not kept" \
			"the pin in iso/builder/versions.env and the file do not belong together"
	fi
	mv "$2.part" "$2"
}

fetch_failed() {
	rm -f "$2.part"
	die "$1 could not be fetched" "without a way to it: put the file at $2 by hand; its SHA-256 has to be $3"
}

# kver_of_vmlinuz FILE: the kernel's release, from the header of the image
# (Documentation/arch/x86/boot.rst, kernel_version at 020eh).
kver_of_vmlinuz() (
	magic=$(dd if="$1" bs=1 skip=514 count=4 2>/dev/null)
	[ "$magic" = HdrS ] || exit 1
	# shellcheck disable=SC2046 # Two numbers.
	set -- "$1" $(dd if="$1" bs=1 skip=526 count=2 2>/dev/null | od -An -tu1)
	[ $# = 3 ] && [ $(($2 + $3)) -gt 0 ] || exit 1
	dd if="$1" bs=1 skip=$(($2 + 256 * $3 + 512)) count=128 2>/dev/null | tr '\000' '\n' | head -n 1 | cut -d ' ' -f 1
)

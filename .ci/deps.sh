#!/bin/sh
# deps.sh [all]: install what the tests need on Debian or Ubuntu; with "all"
# also the large programs that some tests look at their results with, and skip
# without: a browser, groff, promtool, valgrind. Does nothing, and needs no
# rights, when all of it is there.
set -eu
cd "$(dirname "$0")/.."

# program=package
pairs='git=git gcc=gcc make=make curl=curl unzip=unzip shellcheck=shellcheck zbarimg=zbar-tools
	musl-gcc=musl-tools dmidecode=dmidecode lspci=pciutils strace=strace
	busybox=busybox cpio=cpio openssl=openssl'
if [ "${1-}" = all ]; then
	pairs="$pairs chromium=chromium groff=groff valgrind=valgrind"
fi
missing=
for pair in $pairs; do
	PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing="$missing ${pair#*=}"
done
# What compiling and fetching need beside the programs: recommended packages are
# not installed.
[ -e /usr/include/stdio.h ] || missing="$missing libc6-dev"
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing="$missing ca-certificates"

as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
fi
if [ -n "$missing" ]; then
	if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
		echo "deps.sh: needs root or sudo to install:$missing" >&2
		exit 1
	fi
	echo "deps.sh: installing$missing" >&2
	export DEBIAN_FRONTEND=noninteractive
	$as_root apt-get update -qq
	# shellcheck disable=SC2086 # Words.
	$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# promtool comes with a server that would be started: it is unpacked, not
# installed. Without it one test skips.
if [ "${1-}" = all ] && ! command -v promtool >/dev/null && [ ! -x .cache/bin/promtool ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	chmod 755 "$work"
	if (cd "$work" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb x) 2>/dev/null; then
		mkdir -p .cache/bin
		cp "$work/x/usr/bin/promtool" .cache/bin/
	else
		echo "deps.sh: promtool is not to be had; its test will skip" >&2
	fi
fi

#!/bin/sh
# deps.sh: install what the tests need on Debian or Ubuntu. Does nothing, and
# needs no rights, when all of it is there.
set -eu

missing=
# program=package
for pair in gcc=gcc make=make curl=curl unzip=unzip shellcheck=shellcheck zbarimg=zbar-tools \
	musl-gcc=musl-tools dmidecode=dmidecode lspci=pciutils strace=strace; do
	PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing="$missing ${pair#*=}"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "deps.sh: needs root or sudo to install:$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "deps.sh: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086 # Words.
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null

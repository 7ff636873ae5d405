#!/bin/sh
# setup.sh: install what T3 needs on Debian or Ubuntu, after test/lab/setup.sh.
# Does nothing, and needs no rights, when all of it is there.
set -eu
sh "$(dirname "$0")/../../../test/lab/setup.sh"
missing=
for p in xorriso mtools isolinux pxelinux syslinux-common grub-common grub-efi-amd64-bin squashfs-tools ipxe-qemu e2fsprogs openssh-client; do
	case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
	*' installed') ;;
	*) missing="$missing $p" ;;
	esac
done
if [ -z "$missing" ] && apt-cache show openrc dropbear-bin opendoas >/dev/null 2>&1; then
	exit 0
fi
as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "setup.sh: needs root or sudo to install:$missing" >&2
		exit 1
	}
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
if [ -n "$missing" ]; then
	echo "setup.sh: installing$missing" >&2
	# shellcheck disable=SC2086 # Words.
	$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

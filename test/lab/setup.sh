#!/bin/sh
# setup.sh: install what the lab needs on Debian or Ubuntu. Does nothing, and
# needs no rights, when all of it is there.
set -eu

kernel='linux-image-amd64 linux-headers-amd64'
# shellcheck disable=SC1091 # A file of the host.
. /etc/os-release
case " $ID ${ID_LIKE-} " in
	*' ubuntu '*) kernel='linux-image-generic linux-headers-generic' ;;
	*' debian '*) ;;
	*) echo "setup.sh: $ID is neither Debian nor Ubuntu" >&2; exit 1 ;;
esac

missing=
for p in qemu-system-x86 seabios ovmf openipmi e2fsprogs swtpm tpm2-tools $kernel gcc make kmod; do
	case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
		*' installed') ;;
		*) missing="$missing $p" ;;
	esac
done
# The guest's own packages are downloaded later; apt has to know of them.
if [ -z "$missing" ] && apt-cache show dmidecode nvme-cli >/dev/null 2>&1; then
	exit 0
fi

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "setup.sh: needs root or sudo to install:$missing" >&2; exit 1; }
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
if [ -n "$missing" ]; then
	echo "setup.sh: installing$missing" >&2
	# shellcheck disable=SC2086 # Words.
	$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

#!/bin/sh
# genapkovl-bee.sh HOSTNAME: write HOSTNAME.apkovl.tar.gz and boot/bee.cpio, the
# same as an initramfs, into the current folder. mkimage.sh runs it, copied
# into its own current folder, in the root of the medium; build.sh runs it too.
# The same input gives the same bytes.
#
# BEE_OVERLAY        the staged overlay: the only source of files
# BEE_BUILDER        the folder of packages, runlevels and modes
# SOURCE_DATE_EPOCH  the time of every file
set -eu
umask 022
LC_ALL=C
export LC_ALL

die() {
	printf 'genapkovl-bee.sh: %s\n' "$*" >&2
	exit 1
}

host=${1-}
[ -n "$host" ] || die "usage: genapkovl-bee.sh HOSTNAME"
[ -d "${BEE_OVERLAY-}" ] || die "BEE_OVERLAY names no folder: run build.sh, which stages one"
[ -f "${BEE_BUILDER-}/packages" ] || die "BEE_BUILDER does not name the folder iso/builder"
case ${SOURCE_DATE_EPOCH-} in
'' | *[!0-9]*) die "SOURCE_DATE_EPOCH is no number of seconds" ;;
esac
# BEE_TAR is for a busybox that takes its own tar whatever PATH says.
tar=${BEE_TAR:-tar}
"$tar" --version 2>/dev/null | grep -q GNU || die "needs GNU tar: apk add tar"

words() { sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$1"; }

# What packages own wins over them for good when it is shipped; a folder lib in
# the overlay would stand where the initramfs and modloop put links.
for path in etc/passwd etc/shadow etc/group etc/gshadow etc/apk lib bin sbin lib64 usr/lib/modules \
	usr/lib/firmware dev proc sys run tmp; do
	if [ -e "$BEE_OVERLAY/$path" ] || [ -L "$BEE_OVERLAY/$path" ]; then
		die "the overlay holds /$path, which belongs to packages or to the running system: change it at boot instead"
	fi
done
for path in "$BEE_OVERLAY"/etc/init.d/*; do
	case ${path##*/} in
	bee-* | '*') ;;
	*) die "the overlay holds /etc/init.d/${path##*/}: a service script of a package stays the package's; tune it in /etc/conf.d" ;;
	esac
done

out=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
root=$tmp/root
mkdir -p "$root"
cp -R -P "$BEE_OVERLAY/." "$root/"
rm -f "$root/README.md"

mkdir -p "$root/etc/apk" "$root/etc/network"
words "$BEE_BUILDER/packages" | sort >"$root/etc/apk/world"
printf '%s\n' "$host" >"$root/etc/hostname"
# An overlay may say more; without any, networking would have no lo to bring up.
[ -f "$root/etc/network/interfaces" ] || printf 'auto lo\niface lo inet loopback\n' >"$root/etc/network/interfaces"

words "$BEE_BUILDER/runlevels" >"$tmp/runlevels"
while read -r level service rest; do
	if [ -z "$service" ] || [ -n "$rest" ]; then
		die "runlevels: not LEVEL SERVICE: $level $service $rest"
	fi
	case $service in
	bee-*) [ -f "$root/etc/init.d/$service" ] || die "runlevels names $service, but the overlay has no etc/init.d/$service" ;;
	esac
	mkdir -p "$root/etc/runlevels/$level"
	ln -s "/etc/init.d/$service" "$root/etc/runlevels/$level/$service"
done <"$tmp/runlevels"

# Modes as they are meant, whatever the umask of the checkout was.
find "$root" -type d -exec chmod 0755 {} +
find "$root" -type f -perm -u+x -exec chmod 0755 {} +
find "$root" -type f ! -perm -u+x -exec chmod 0644 {} +
words "$BEE_BUILDER/modes" >"$tmp/modes"
while read -r mode path; do
	[ ! -e "$root/$path" ] || chmod "$mode" "$root/$path"
done <"$tmp/modes"

# Names, not ".": the folder of mktemp is 0700, and so would be the root.
(cd "$root" && find . -mindepth 1 | sed 's|^\./||' | sort) >"$tmp/names"
(
	cd "$root"
	"$tar" -c --format=ustar --no-recursion --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -T "$tmp/names"
) >"$tmp/apkovl.tar"
gzip -9n <"$tmp/apkovl.tar" >"$out/$host.apkovl.tar.gz"

# The same once more as an initramfs of one file: apkovl=/NAME on the command
# line then means this one, whatever other media hold. Four bytes of padding at
# most, a fixed inode: nothing of this machine is in it.
# entry NAME MODE LINKS SIZE: the header of one file, form newc.
entry() {
	set -- "$1" "$2" "$3" "$4" $((${#1} + 1))
	printf '070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\000' \
		1 "$2" 0 0 "$3" "$SOURCE_DATE_EPOCH" "$4" 0 0 0 0 "$5" 0 "$1"
	pad $((110 + $5))
}
pad() {
	case $(($1 % 4)) in
	1) printf '\000\000\000' ;;
	2) printf '\000\000' ;;
	3) printf '\000' ;;
	esac
}
mkdir -p "$out/boot"
size=$(wc -c <"$out/$host.apkovl.tar.gz")
{
	entry "$host.apkovl.tar.gz" 33152 1 "$((size))"
	cat "$out/$host.apkovl.tar.gz"
	pad "$((size))"
	entry 'TRAILER!!!' 0 1 0
} >"$out/boot/bee.cpio"

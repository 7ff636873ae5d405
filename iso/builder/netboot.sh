#!/bin/sh
# netboot.sh VMLINUZ INITRAMFS MODLOOP APKOVL.CPIO OUT: the artefacts of network
# boot. The apkovl goes into the initramfs: over plain HTTP it would be root for
# everybody on the LAN, and apkovl=/bee.apkovl.tar.gz means the one in there.
set -eu
umask 022

[ $# = 5 ] || {
	echo "usage: netboot.sh VMLINUZ INITRAMFS MODLOOP APKOVL.CPIO OUT" >&2
	exit 2
}
for f in "$1" "$2" "$3" "$4"; do
	[ -s "$f" ] || {
		echo "netboot.sh: $f is missing or empty" >&2
		exit 1
	}
done
vmlinuz=$1 initramfs=$2 modloop=$3 cpio=$4 out=$5
mkdir -p "$out"
rm -f "$out/SHA256SUMS"
cp -L "$vmlinuz" "$out/vmlinuz-lts"
cp -L "$modloop" "$out/modloop-lts"
# The kernel looks for an archive that is not compressed at multiples of four.
cp -L "$initramfs" "$out/initramfs-lts"
chmod u+w "$out/initramfs-lts"
size=$(wc -c <"$out/initramfs-lts")
pad=$(((512 - size % 512) % 512))
[ "$pad" = 0 ] || dd if=/dev/zero bs=1 count="$pad" 2>/dev/null >>"$out/initramfs-lts"
cat "$cpio" >>"$out/initramfs-lts"
(cd "$out" && sha256sum vmlinuz-lts initramfs-lts modloop-lts >SHA256SUMS.new && mv SHA256SUMS.new SHA256SUMS)

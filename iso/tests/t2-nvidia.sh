#!/bin/sh
# t2-nvidia.sh [WORK]: the real driver of Debian non-free through the builder, and
# in a kernel as far as it goes without a GPU. It fetches some 100 MB with apt,
# from a list of sources of its own; nothing is installed. WORK keeps what was
# fetched and built. BEE_VM is a command to put before the one that starts the
# guest.
# shellcheck disable=SC1091,SC2013,SC2016,SC2086,SC2154 # Sourced; patterns; words.
set -u
. "$(dirname "$0")/t1-lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=${1:-$box/work}
mkdir -p "$work"
work=$(cd "$work" && pwd)
for dir in /usr/src/linux-headers-*; do
	[ -f "$dir/include/generated/utsrelease.h" ] && headers=$dir
done
[ -n "${headers-}" ] || {
	echo 't2-nvidia.sh: there are no kernel headers: test/lab/setup.sh' >&2
	exit 1
}
kver=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$headers/include/generated/utsrelease.h")

# apt with lists of its own; its signatures are the checksums.
. /etc/os-release
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/debs"
cat >"$work/sources.list" <<END
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $VERSION_CODENAME main contrib non-free non-free-firmware
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian-security $VERSION_CODENAME-security main contrib non-free non-free-firmware
END
apt() {
	apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root "$@"
}
packages='nvidia-kernel-dkms libnvidia-ml1 nvidia-smi firmware-nvidia-gsp'
if [ ! -f "$work/debs/.complete" ]; then
	first 'the packages are listed' apt update
	cd "$work/debs" || exit
	first 'and fetched' apt download $packages
	touch .complete
fi
cd "$work" || exit
rm -rf "$work/x" "$work/run"
mkdir -p "$work/x" "$work/run/firmware"
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/x"; done
library=$(find "$work/x" -name 'libnvidia-ml.so.*.*' -type f | head -n 1)
version=${library##*/libnvidia-ml.so.}
sources=$(find "$work/x/usr/src" -maxdepth 1 -name 'nvidia-*' -type d | head -n 1)
smi=$(find "$work/x" -name nvidia-smi -type f -perm -u+x | head -n 1)
ok "the driver $version is there" test -n "$library" -a -n "$sources" -a -n "$smi"

# An installer as NVIDIA's: kernel, libraries, firmware, in one folder.
cp -R "$sources" "$work/run/kernel"
for patch in $(sed -n 's/^PATCH\[[0-9]*\]="*\([^"]*\)"*$/\1/p' "$sources/dkms.conf" 2>/dev/null); do
	[ -f "$sources/patches/$patch" ] && (cd "$work/run/kernel" && patch -s -p1 <"patches/$patch")
done
cp "$library" "$smi" "$work/run/"
find "$work/x" -name 'gsp_*.bin' -type f -exec cp {} "$work/run/firmware/" \;
sh "$here/t2-run.sh" "$work/driver.run" "$version" --from "$work/run" || exit
cat >"$work/pins" <<END
KERNEL_FLAVOUR=lts
KERNEL_SERIES=$(echo "$kver" | cut -d . -f 1-2)
NVIDIA_VERSION=$version
NVIDIA_FLAVOUR=closed
NVIDIA_SHA256=$(sha256sum "$work/driver.run" | cut -d ' ' -f 1)
NVIDIA_URL=file:///nowhere
NVIDIA_MODULES="nvidia nvidia-uvm nvidia-modeset nvidia-drm"
END
first "the modules $version build for $kver" env BEE_VERSIONS="$work/pins" \
	sh "$builder/build-nvidia-module.sh" --dist "$work/dist" --headers "$headers" --run "$work/driver.run" --print "$work/result"
r=$(cat "$work/result")
for m in nvidia nvidia-uvm nvidia-modeset nvidia-drm; do
	ok "P $m is of the kernel" equal "$(modinfo -F vermagic "$r/modules/$m.ko" | cut -d ' ' -f 1)" "$kver"
done
ok 'E the firmware, with its version' sh -c 'ls "$1"/gsp_*.bin' - "$r/firmware/$version"

# In a kernel: the apkovl with this driver and the real helper, no GPU but a
# function that looks like one.
p=$work/payload
rm -rf "$p"
mkdir -p "$p/kernel" "$p/bin"
(cd "$top" && CGO_ENABLED=0 "$("$top/.ci/go.sh")" build -o "$p/bin/" ./cmd/audit-nvml)
programs "$work/programs"
cp "$p/bin/audit-nvml" "$work/programs/"
first 'build.sh stages it' env BEE_DIST="$work/bd" BEE_VENDOR="$work/none" SOURCE_DATE_EPOCH=1700000000 \
	sh "$builder/build.sh" --binaries "$work/programs" --nvidia "$r" --stage-only "$work/staged"
echo "     the apkovl with the driver: $(($(wc -c <"$work/staged/bee.apkovl.tar.gz") / 1048576)) MiB; its modules $(du -sm "$r/modules" | cut -f 1), firmware $(du -sm "$r/firmware" | cut -f 1) MiB unpacked"
tar -xzf "$work/staged/bee.apkovl.tar.gz" -C "$p" usr/libexec usr/local usr/lib
rm -rf "$p/usr/local/lib/firmware"
# What the guest's C library lacks of this Debian's.
mkdir -p "$p/usr/lib/x86_64-linux-gnu"
cp -L /lib/x86_64-linux-gnu/libdl.so.2 /lib/x86_64-linux-gnu/libpthread.so.0 /lib/x86_64-linux-gnu/librt.so.1 /lib/x86_64-linux-gnu/libm.so.6 "$p/usr/lib/x86_64-linux-gnu/"
for module in drm drm_kms_helper video; do
	modprobe --show-depends -S "$kver" "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | sort -u | while read -r module; do cp "$module" "$p/kernel/"; done
{
	printf '\000\000\001\000\000\001\000\000'
	printf '\336\020\060\043\006\000\000\000\001\000\002\003\000\000\000\000'
	dd if=/dev/zero bs=1 count=240 2>/dev/null
} >"$p/pci.blob"
cat >"$p/run" <<-'END'
	#!/bin/sh
	cd /payload/payload || exit
	cp -R usr / && mkdir -p /run/bee "/lib/modules/$(uname -r)/extra" /usr/local/lib/firmware/nvidia
	cp kernel/* "/lib/modules/$(uname -r)/extra/" && depmod -a
	for m in drm drm_kms_helper video; do modprobe "$m"; done
	echo "insmod: $(insmod /usr/local/lib/nvidia/nvidia.ko 2>&1)"
	echo "dmesg: $(dmesg | grep -i 'no nvidia' | head -n 1)"
	echo "unknown: $(dmesg | grep -c 'Unknown symbol')"
	modprobe labpci file="$PWD/pci.blob" domain=0x1000
	/usr/libexec/bee/nvidia-start
	for _ in $(seq 200); do grep -q '^state=running' /run/bee/nvidia.status && sleep 0.3; done
	sed -n 's/^\(state\|text\)=/service \1: /p' /run/bee/nvidia.status
	echo "smi: $(/usr/local/bin/nvidia-smi 2>&1 | head -n 1)"
	/usr/local/bin/audit-nvml -fd 1 2>&1 | head -n 3 | sed 's/^/helper: /'
	: >/tmp/driver
	/usr/local/bin/audit-nvml -fd 1 -driver /tmp/driver -library /usr/lib/libnvidia-ml.so.1 2>&1 | head -n 5 | sed 's/^/library: /'
END
chmod 0755 "$p/run"
(cd "$top" && ${BEE_VM-} "$("$top/.ci/go.sh")" run ./test/lab/cmd/lab run -p desktop -t 5m "$p") >"$work/guest" 2>"$work/guest.err"
said=$(cat "$work/guest")
sed 's/^/     /' "$work/guest"
ok 'N without a GPU the kernel says no such device' has "$said" '^insmod: .*(No such device|no such device)'
ok 'N and the driver why' has "$said" '^dmesg: .*No NVIDIA GPU found'
ok 'M no symbol was unknown' has "$said" '^unknown: 0$'
ok 'the service says what the kernel said' has "$said" '^service text: .*nvidia\.ko: .*o such device'
ok 'nvidia-smi answers' has "$said" '^smi: .*(couldn.t communicate with the NVIDIA driver|NVIDIA-SMI has failed)'
ok 'the helper answers' has "$said" '^helper: .*no_driver'
ok 'and with the real library' has "$said" '^library: .*nvmlInitWithFlags.*"ret":9'
finish

#!/bin/sh
# t2-vm.sh: the driver of t2.sh in a kernel: the lab's guest, with a PCI function
# that looks like a GPU of NVIDIA. Half a minute of emulation. BEE_VM is a
# command to put before the one that starts the guest.
# shellcheck disable=SC1091,SC2016,SC2086,SC2154 # Sourced; patterns; words.
set -u
. "$(dirname "$0")/t1-lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
for dir in /usr/src/linux-headers-*; do
	[ -f "$dir/include/generated/utsrelease.h" ] && headers=$dir
done
if [ -z "${headers-}" ] || ! command -v qemu-system-x86_64 >/dev/null; then
	skip 'there are no kernel headers or no QEMU: test/lab/setup.sh'
	finish
	exit
fi
kver=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$headers/include/generated/utsrelease.h")
sh "$here/t2-run.sh" "$box/good.run" 999.1 || exit
cat >"$box/pins" <<END
KERNEL_FLAVOUR=lts
KERNEL_SERIES=$(echo "$kver" | cut -d . -f 1-2)
NVIDIA_VERSION=999.1
NVIDIA_FLAVOUR=closed
NVIDIA_SHA256=$(sha256sum "$box/good.run" | cut -d ' ' -f 1)
NVIDIA_URL=file:///nowhere
NVIDIA_MODULES="nvidia nvidia-uvm"
END
first 'the stand-in is built' env BEE_VERSIONS="$box/pins" "$SH" "$builder/build-nvidia-module.sh" --dist "$box/d" --headers "$headers" --run "$box/good.run" --print "$box/driver"
mkdir -p "$box/programs" && programs "$box/programs"
first 'build.sh stages it' env BEE_DIST="$box/bd" BEE_VENDOR="$box/none" SOURCE_DATE_EPOCH=1700000000 \
	"$SH" "$builder/build.sh" --binaries "$box/programs" --nvidia "$(cat "$box/driver")" --stage-only "$box/staged"

# The payload: the apkovl and a function of vendor 10de, class 0302, for labpci
# (bus 0, function 0, a root bus, 256 bytes).
p=$box/payload
mkdir -p "$p"
cp "$box/staged/bee.apkovl.tar.gz" "$p/"
{
	printf '\000\000\001\000\000\001\000\000'
	printf '\336\020\060\043\006\000\000\000\001\000\002\003\000\000\000\000'
	dd if=/dev/zero bs=1 count=240 2>/dev/null
} >"$p/pci.blob"
# The guest is small: drm comes along, for modprobe to find.
mkdir -p "$p/kernel"
modprobe --show-depends -S "$kver" drm | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r module; do cp "$module" "$p/kernel/"; done
cat >"$p/run" <<-'END'
	#!/bin/sh
	cd /payload/payload || cd /payload || exit
	tar -xzf bee.apkovl.tar.gz -C / usr/libexec usr/local usr/lib 2>/dev/null
	mkdir -p /run/bee "/lib/modules/$(uname -r)/extra"
	cp kernel/* "/lib/modules/$(uname -r)/extra/" && depmod -a
	state() { sed -n "s/^$1=//p" /run/bee/nvidia.status; }
	settle() { for _ in $(seq 100); do [ "$(state state)" = running ] && sleep 0.3; done; }
	/usr/libexec/bee/nvidia-start
	settle
	echo "without: $(state state)"
	modprobe labpci file="$PWD/pci.blob" domain=0x1000
	echo "class: $(cat /sys/bus/pci/devices/1000:00:00.0/class)"
	insmod /usr/local/lib/nvidia/nvidia.ko 2>/dev/null || echo "without drm: refused"
	insmod /usr/local/lib/nvidia/nvidia-uvm.ko 2>/dev/null || echo "second first: refused"
	/usr/libexec/bee/nvidia-start
	settle
	echo "with: $(state state) $(state text)"
	echo "said: $(dmesg | sed -n 's/.*bee: //p')"
	echo "modules: $(sed -n 's/^\(nvidia[^ ]*\) .*/\1/p' /proc/modules | sort | tr '\n' ' ')"
	echo "firmware: $(cat /sys/module/firmware_class/parameters/path)"
	uvm=$(awk '$2 == "nvidia-uvm" { print $1 }' /proc/devices)
	for n in nvidiactl nvidia-uvm nvidia-uvm-tools; do
		[ -c "/dev/$n" ] && echo "node: $n $(stat -c %t:%T "/dev/$n")"
	done
	printf 'uvm: %x\n' "$uvm"
END
chmod 0755 "$p/run"
(cd "$top" && ${BEE_VM-} "$("$top/.ci/go.sh")" run ./test/lab/cmd/lab run -p desktop -t 3m "$p") >"$box/guest" 2>"$box/guest.err"
said=$(cat "$box/guest")
if ! has "$said" '^with: ' >/dev/null; then
	tail -n 20 "$box/guest.err"
fi
ok 'N without a GPU: success' has "$said" '^without: absent$'
ok 'the function is a GPU' has "$said" '^class: 0x0302'
ok 'M the second alone is refused by the kernel' has "$said" '^second first: refused$'
ok 'M the first without drm too' has "$said" '^without drm: refused$'
ok 'M with a GPU: both are loaded' has "$said" '^with: done '
ok 'M both are there' has "$said" '^modules: nvidia nvidia_uvm $'
ok 'M the second called the first' has "$said" '^said: the second module heard 42$'
ok 'E firmware is looked for outside /lib' has "$said" '^firmware: /usr/local/lib/firmware$'
ok 'O nvidiactl' has "$said" '^node: nvidiactl c3:ff$'
uvm=$(printf '%s\n' "$said" | sed -n 's/^uvm: //p')
ok 'O nvidia-uvm, with the major that it got' has "$said" "^node: nvidia-uvm $uvm:0\$"
ok 'O nvidia-uvm-tools' has "$said" "^node: nvidia-uvm-tools $uvm:1\$"
finish

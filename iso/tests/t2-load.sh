#!/bin/sh
# t2-load.sh ROOT: bee-nvidia's own scripts, in ROOT (an unpacked apkovl with
# a driver), with a sysfs and programs of our own. Part of t2.sh.
# shellcheck disable=SC1091,SC2016,SC2154 # Sourced; patterns.
set -u
. "$(dirname "$0")/t1-lib.sh"
ROOT=$1
export ROOT
log=$box/log
mkdir -p "$box/bin"

# insmod knows what a kernel knows: a symbol that is not there is unknown.
cat >"$box/bin/insmod" <<-'END'
	#!/bin/sh
	name=${1##*/}
	name=$(echo "${name%.ko}" | tr - _)
	for needed in $(modinfo -F depends "$1" | tr ',' ' '); do
		[ -d "$ROOT/sys/module/$(echo "$needed" | tr - _)" ] && continue
		echo "insmod: can't insert '$1': Unknown symbol in module"
		echo "unknown $name needs $needed" >>"$LOG"
		exit 1
	done
	echo "insmod $1 with firmware from $(cat "$ROOT/sys/module/firmware_class/parameters/path")" >>"$LOG"
	mkdir -p "$ROOT/sys/module/$name"
	[ "$name" != nvidia ] || mkdir -p "$ROOT/proc/driver/nvidia"
END
cat >"$box/bin/modprobe" <<-'END'
	#!/bin/sh
	for m; do :; done
	echo "modprobe $m" >>"$LOG"
	case $m in nvidia*) exit 1 ;; esac
	mkdir -p "$ROOT/sys/module/$m"
END
cat >"$box/bin/mknod" <<-'END'
	#!/bin/sh
	echo "mknod $*" >>"$LOG"
	for a; do case $a in */dev/*) : >"$a" ;; esac; done
END
chmod 0755 "$box"/bin/*
LOG=$log
export LOG

# machine: a sysfs without any device.
machine() {
	rm -rf "${ROOT:?}/sys" "${ROOT:?}/proc" "${ROOT:?}/dev" "${ROOT:?}/run" "$log"
	mkdir -p "$ROOT/sys/module/firmware_class/parameters" "$ROOT/sys/bus/pci/devices" "$ROOT/proc" "$ROOT/dev" "$ROOT/run/bee" "$ROOT/var/log"
	: >"$ROOT/sys/module/firmware_class/parameters/path"
	: >"$ROOT/proc/cmdline"
	echo '12.00 10.00' >"$ROOT/proc/uptime"
	printf 'Character devices:\n195 nvidia\n235 nvidia-uvm\n' >"$ROOT/proc/devices"
	: >"$log"
}
# function ADDRESS VENDOR CLASS
function_() {
	mkdir -p "$ROOT/sys/bus/pci/devices/$1"
	echo "$2" >"$ROOT/sys/bus/pci/devices/$1/vendor"
	echo "$3" >"$ROOT/sys/bus/pci/devices/$1/class"
}
state() { sed -n "s/^$1=//p" "$ROOT/run/bee/nvidia.status"; }
# With ROOT set the scripts leave PATH alone: the programs of the test stand
# first. Nothing runs before that is certain, for the kernel here is real.
PATH=$box/bin:$PATH
export PATH
for program in insmod modprobe mknod; do
	found=$(/bin/sh -c '. "$ROOT/usr/libexec/bee/lib.sh" && command -v "$1"' - "$program")
	[ "$found" = "$box/bin/$program" ] || {
		echo "FAIL t2-load.sh: $program would be $found: nothing was run"
		exit 1
	}
done
sed -i "s|\(background \)/usr/libexec|\1$ROOT/usr/libexec|" "$ROOT/usr/libexec/bee/nvidia-start"
start() { "$ROOT/usr/libexec/bee/nvidia-start"; }
# What nvidia-start does in the background.
settle() {
	settle_n=0
	while [ "$(state state)" = running ] && [ $settle_n -lt 100 ]; do
		sleep 0.2
		settle_n=$((settle_n + 1))
	done
}

machine
function_ 0000:00:02.0 0x8086 0x030000
function_ 0000:01:00.1 0x10de 0x040300
ok 'N no GPU is success' start
ok 'N and says so' equal "$(state state)" absent
ok 'N nothing is loaded' equal "$(cat "$log")" ''

machine
function_ 0000:01:00.0 0x10de 0x030200
printf '#!/bin/sh\n' >"$ROOT/usr/local/bin/nvidia-smi"
ok 'a GPU' start
settle
ok 'M all are loaded' equal "$(state state)" 'done'
ok 'M no symbol was unknown' hasnt "$(cat "$log")" '^unknown'
ok 'M drm first' equal "$(head -n 1 "$log")" 'modprobe drm'
ok 'M then in this order' equal "$(sed -n 's|^insmod .*/\([^/]*\)\.ko .*|\1|p' "$log" | tr '\n' ' ')" 'nvidia nvidia-uvm '
ok 'M never by modprobe' hasnt "$(cat "$log")" '^modprobe nvidia'
ok 'S by absolute path' has "$(cat "$log")" '^insmod /.*/usr/local/lib/nvidia/nvidia\.ko '
ok 'E the firmware was found before' equal "$(grep -c 'firmware from /usr/local/lib/firmware$' "$log")" 2
ok 'O nvidiactl' grep -qE '^mknod .*/dev/nvidiactl c 195 255$' "$log"
ok 'O nvidia-uvm, major of /proc/devices' grep -qE '^mknod .*/dev/nvidia-uvm c 235 0$' "$log"
ok 'O nvidia-uvm-tools' grep -qE '^mknod .*/dev/nvidia-uvm-tools c 235 1$' "$log"
ok 'the library is where programs look' equal "$(readlink "$ROOT/usr/lib/libnvidia-ml.so.1" | sed 's|.*/||')" libnvidia-ml.so.999.1

machine
function_ 0000:01:00.0 0x10de 0x030200
mkdir -p "$ROOT/proc/driver/nvidia/gpus/0000:01:00.0"
printf 'Model: \t\t stand-in\nDevice Minor: \t 3\n' >"$ROOT/proc/driver/nvidia/gpus/0000:01:00.0/information"
start
settle
ok 'O a GPU has the minor that the driver says' grep -qE '^mknod .*/dev/nvidia3 c 195 3$' "$log"

machine
function_ 0000:01:00.0 0x10de 0x030200
mkdir -p "$ROOT/sys/bus/pci/drivers/nouveau"
ln -s ../../drivers/nouveau "$ROOT/sys/bus/pci/devices/0000:01:00.0/driver"
start
settle
ok 'U a foreign driver is a failure' equal "$(state state)" failed
ok 'U and named' has "$(state text)" '0000:01:00.0 is held by the driver nouveau'

machine
function_ 0000:01:00.0 0x10de 0x030200
sed -i 's/^\tmodprobe -q "\$module"$/\t:/' "$ROOT/usr/libexec/bee/nvidia-load"
start
settle
ok 'M without drm the test sees it' has "$(state text)" 'Unknown symbol'

machine
function_ 0000:01:00.0 0x10de 0x030200
rm -f "$ROOT"/usr/local/lib/nvidia/*.ko
start
settle
ok 'a build without modules says so' has "$(state text)" 'carries no NVIDIA modules'
finish

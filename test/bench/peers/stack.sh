#!/bin/bash
# shellcheck disable=SC2094,SC2317 # Outputs are named after the programs; functions are called by name.
# What an administrator's script starts to take stock of a machine: each
# program's output goes to $OUT/NAME. `stack.sh parallel` starts all at once.
#   stack.sh serial|parallel [PART...]
cd "${OUT:?}" || exit
mode=$1
shift
[ $# -gt 0 ] || set -- dmi pci block smart nvme bmc
dmi() { dmidecode >dmidecode; }
pci() { lspci -Dvmmnnk >lspci; }
block() { lsblk -J -b -O >lsblk; }
nvme() {
	[ -e /dev/nvme0 ] || return 0
	command nvme list -o json >nvme-list
}
one() { smartctl -j -x "/dev/$1"; }
smart() {
	drives=()
	for d in /sys/class/block/sd* /sys/class/nvme/nvme*; do
		[ -e "$d" ] && [ ! -e "$d/partition" ] && drives+=("${d##*/}")
	done
	if [ "$mode" = serial ]; then
		for d in "${drives[@]}"; do one "$d"; done >smartctl
		return
	fi
	for d in "${drives[@]}"; do one "$d" >"smart.$d" & done
	wait
	cat smart.* >smartctl 2>/dev/null
	rm -f smart.*
}
bmc() {
	[ -e /dev/ipmi0 ] || return 0
	ipmitool fru print >ipmitool-fru
	ipmitool sdr elist all >ipmitool-sdr
}
for p; do
	if [ "$mode" = serial ]; then "$p"; else "$p" & fi
done
wait
exit 0

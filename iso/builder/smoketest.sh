#!/bin/sh
# smoketest.sh: checks a booted image, in it and as root.
#
#   ssh root@HOST 'sh -s' < iso/builder/smoketest.sh
#   ssh bee@HOST 'doas sh -s' < iso/builder/smoketest.sh
#   ssh root@HOST 'sh -s -- --expect-gpus 8 --online' < iso/builder/smoketest.sh
#
#   --expect-gpus N  that many NVIDIA GPUs have to be there
#   --online         the internet has to be reachable
#   --wait SECONDS   for the audit to end (default: 420)
#
# One line a check: PASS, FAIL or SKIP(reason). Exit 0: no FAIL; 1: some; 2: usage.
# shellcheck disable=SC3043 # busybox knows local.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C

gpus='' online=no patience=420
while [ $# -gt 0 ]; do
	case $1 in
	--expect-gpus | --wait)
		case ${2-} in
		'' | *[!0-9]*)
			echo "smoketest.sh: $1 needs a number" >&2
			exit 2
			;;
		esac
		if [ "$1" = --wait ]; then patience=$2; else gpus=$2; fi
		shift
		;;
	--online) online=yes ;;
	*)
		echo "smoketest.sh: unknown option $1" >&2
		exit 2
		;;
	esac
	shift
done

passed=0 failed=0 skipped=0
pass() {
	passed=$((passed + 1))
	echo "PASS $1"
}
fail() {
	failed=$((failed + 1))
	echo "FAIL $1${2:+: $2}"
}
skip() {
	skipped=$((skipped + 1))
	echo "SKIP($2) $1"
}
# check NAME COMMAND...: passes when the command does.
check() {
	local name="$1" said
	shift
	if said=$("$@" 2>&1); then pass "$name"; else fail "$name" "$(printf '%s' "$said" | tr '\n' ' ' | cut -c 1-200)"; fi
}
field() { sed -n "s/^$2=//p" "/run/bee/$1" 2>/dev/null; }

[ "$(id -u)" = 0 ] || {
	echo "smoketest.sh: run it as root: ssh bee@HOST 'doas sh -s'" >&2
	exit 2
}

# --- the system -------------------------------------------------------------

runlevel() {
	local now
	now=$(rc-status -r 2>&1) || now="$now (rc-status failed)"
	[ "$now" = default ] && return 0
	echo "runlevel is '$now'"
	return 1
}
check "runlevel is default" runlevel

services() {
	local link name bad=
	for link in /etc/runlevels/default/*; do
		name=${link##*/}
		case $(rc-service "$name" status 2>&1) in
		*started*) ;;
		*) [ -e "/run/openrc/started/$name" ] || bad="$bad $name" ;;
		esac
	done
	[ -z "$bad" ] || {
		echo "not started:$bad"
		return 1
	}
}
check "services of the runlevel are started" services

crashed() {
	local bad
	bad=$(ls /run/openrc/failed 2>/dev/null)
	[ -z "$bad" ] || {
		echo "failed: $bad"
		return 1
	}
}
check "no service failed" crashed

host() {
	case $(hostname) in
	'' | localhost | '(none)')
		echo "hostname is '$(hostname)'"
		return 1
		;;
	esac
}
check "the machine has a name" host

modules() {
	[ -d "/lib/modules/$(uname -r)/kernel" ] || {
		echo "/lib/modules/$(uname -r)/kernel is not there"
		return 1
	}
	[ -s "/lib/modules/$(uname -r)/modules.dep" ]
}
check "modules are those of the kernel that runs" modules

mode() { # mode PATH MODE
	local got
	got=$(stat -L -c %a "$1" 2>&1)
	[ "$got" = "$2" ] || {
		echo "$1 is $got, not $2"
		return 1
	}
}
check "/ is 0755" mode / 755
check "/etc is 0755" mode /etc 755

release() { grep -q '^BEE_COMMIT=.' /etc/bee-release; }
check "/etc/bee-release names the build" release

tools() {
	local tool missing=
	[ -f /etc/alpine-release ] || return 9
	for tool in lspci dmidecode smartctl nvme ipmitool ethtool sg_inq lsblk doas openssl modprobe; do
		command -v "$tool" >/dev/null || missing="$missing $tool"
	done
	[ -z "$missing" ] || {
		echo "missing:$missing"
		return 1
	}
}
if [ -f /etc/alpine-release ]; then
	check "the world's tools are there" tools
else
	skip "the world's tools are there" "not Alpine"
fi

# --- who may log in -----------------------------------------------------------

blank() {
	local who
	who=$(
		awk -F: '$2 == "" { print $1 }' /etc/shadow
		awk -F: '$2 == "" { print $1 }' /etc/passwd
	)
	[ -z "$who" ] || {
		echo "no password at all: $who"
		return 1
	}
}
check "no account has a blank password" blank

rootlocked() {
	case $(awk -F: '$1 == "root" { print $2 }' /etc/shadow) in
	'*' | '!' | '!'*) ;;
	*)
		echo "root has a password"
		return 1
		;;
	esac
}
check "root has no password" rootlocked
check "user bee is there" grep -q '^bee:x:' /etc/passwd

dropbear_runs() {
	local pid args
	pid=$(cat /run/dropbear.pid /var/run/dropbear.pid 2>/dev/null | head -n 1)
	args=" $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" || {
		echo "dropbear does not run"
		return 1
	}
	case $args in
	*' -B '*)
		echo "dropbear takes blank passwords:$args"
		return 1
		;;
	esac
	case $args in
	*' -g '*) ;;
	*)
		echo "dropbear takes root's password:$args"
		return 1
		;;
	esac
	[ "$(cat /run/bee/login)" != keys ] || case $args in
	*' -s '*) ;;
	*)
		echo "dropbear takes passwords though there are keys:$args"
		return 1
		;;
	esac
}
check "dropbear runs as it should" dropbear_runs

listening() { awk '$4 == "0A" { print $2 }' /proc/net/tcp /proc/net/tcp6 | grep -qi ':0016$'; }
check "SSH listens on port 22" listening

keys() {
	case $(cat /run/bee/login) in
	keys)
		mode /root/.ssh 700 && mode /root/.ssh/authorized_keys 600 || return 1
		[ ! -e /run/bee/password ] || {
			echo "there are keys and a password"
			return 1
		}
		;;
	password) mode /run/bee/password 600 ;;
	hash) [ ! -e /run/bee/password ] ;;
	*)
		echo "nobody can log in: $(field ssh.status text)"
		return 1
		;;
	esac
}
check "the way in is one, and its files are root's" keys
check "logins were set up without trouble" test "$(field ssh.status state)" = 'done'

nopassword() {
	local password
	[ -f /run/bee/password ] || return 0
	password=$(cat /run/bee/password)
	# grep reads the pattern from a pipe: it is nobody's argument.
	if printf '%s\n' "$password" | grep -rlF -f - /var/log /etc /tmp 2>/dev/null | head -n 3 | grep .; then
		return 1
	fi
}
check "the password is in no log" nopassword

doas_works() { doas -n id -u >/dev/null 2>&1 && doas -C /etc/doas.conf >/dev/null; }
check "doas works" doas_works

# --- network -----------------------------------------------------------------

nics=
for dir in /sys/class/net/*; do
	[ -e "$dir/device" ] && [ "$(cat "$dir/type")" = 1 ] && nics="$nics ${dir##*/}"
done
if [ -n "$nics" ]; then pass "physical interfaces:$nics"; else fail "there is a physical interface"; fi

clients() {
	local nic count bad=
	for nic in $nics; do
		[ -e "/sys/class/net/$nic/device/physfn" ] && continue
		[ -e "/run/bee/network/$nic" ] || continue
		count=0
		for dir in /proc/[0-9]*; do
			case " $(tr '\0' ' ' <"$dir/cmdline" 2>/dev/null)" in
			*udhcpc*" -i $nic "*) count=$((count + 1)) ;;
			esac
		done
		case $(field "network/$nic" state) in
		static | off | failed) ;;
		*) [ "$count" = 1 ] || bad="$bad $nic has $count clients" ;;
		esac
	done
	[ -z "$bad" ] || {
		echo "$bad"
		return 1
	}
}
check "one DHCP client per interface" clients
check "lo is up" grep -q 1 /sys/class/net/lo/carrier

if [ $online = yes ]; then
	internet() { wget -q -T 15 -O /dev/null https://dl-cdn.alpinelinux.org/ || nslookup dl-cdn.alpinelinux.org; }
	check "the internet is reachable" internet
else
	skip "the internet is reachable" "no --online"
fi

# --- glibc's programs ----------------------------------------------------------

if [ -e /lib64/ld-linux-x86-64.so.2 ]; then
	pass "the loader of glibc's programs is there"
elif [ -f /etc/alpine-release ]; then
	fail "the loader of glibc's programs is there" "gcompat is missing"
else
	skip "the loader of glibc's programs is there" "not Alpine"
fi

# --- the audit -----------------------------------------------------------------

left=$patience
while [ "$left" -gt 0 ]; do
	case $(field audit.status state) in
	done | failed | timeout | missing) break ;;
	esac
	sleep 1
	left=$((left - 1))
done
audited() {
	[ "$(field audit.status state)" = 'done' ] && return 0
	echo "$(field audit.status state): $(field audit.status text); $(tail -n 3 /var/log/bee-audit.log 2>/dev/null)"
	return 1
}
check "the audit ended well" audited

report=/var/log/bee-audit.json
reported() {
	[ -s $report ] || {
		echo "$report is not there"
		return 1
	}
	/usr/local/bin/audit show --format json $report >/dev/null
}
check "the report can be read" reported
check "the report is root's alone" mode $report 600
section() { grep -q "\"$1\": *[[{]" $report || {
	echo "no $1 in the report"
	return 1
}; }
check "the report has CPUs" section cpus
check "the report has PCI functions" section pcie_devices
if [ -e /sys/firmware/dmi/tables/DMI ]; then
	check "the report has a board" section board
else
	skip "the report has a board" "no SMBIOS tables"
fi
if [ -e /dev/ipmi0 ]; then
	check "the report has a BMC" section bmc
else
	skip "the report has a BMC" "no /dev/ipmi0"
fi
if grep -q megaraid_sas_ioctl /proc/devices; then
	check "the MegaRAID node is there" test -c /dev/megaraid_sas_ioctl_node
else
	skip "the MegaRAID node is there" "no such controller"
fi

# --- NVIDIA --------------------------------------------------------------------

present=0 bound_by=
for dir in /sys/bus/pci/devices/*; do
	[ "$(cat "$dir/vendor")" = 0x10de ] || continue
	case $(cat "$dir/class") in
	0x03*) present=$((present + 1)) ;;
	*) continue ;;
	esac
	driver=$(readlink "$dir/driver" || :)
	case ${driver##*/} in
	'' | nvidia) ;;
	*) bound_by="$bound_by ${dir##*/} is held by ${driver##*/}" ;;
	esac
done
if [ -n "$gpus" ]; then
	if [ "$present" = "$gpus" ]; then pass "$gpus GPUs on the bus"; else fail "$gpus GPUs on the bus" "there are $present"; fi
fi
if [ "$present" -gt 0 ] || [ "${gpus:-0}" -gt 0 ]; then
	for module in nvidia nvidia_uvm nvidia_modeset nvidia_drm; do
		check "module $module is loaded" test -d "/sys/module/$module"
	done
	check "no other driver holds a GPU" test -z "$bound_by"
	check "bee-nvidia had no trouble" test "$(field nvidia.status state)" = 'done'
	for file in libnvidia-ml.so.1 libcuda.so.1; do
		check "$file leads to a file" test -s "/usr/lib/$file"
	done
	for file in nvidiactl nvidia-uvm nvidia-uvm-tools; do
		check "/dev/$file is there" test -c "/dev/$file"
	done
	sees() {
		local count
		count=$(nvidia-smi -L 2>/dev/null | grep -c '^GPU ')
		[ "$count" = "$present" ] || {
			echo "nvidia-smi sees $count of $present"
			return 1
		}
	}
	check "nvidia-smi sees every GPU" sees
	enriched() {
		local count
		count=$(grep -c '"uuid": *"GPU-' $report)
		[ "$count" -ge "$present" ] || {
			echo "the report has $count of $present"
			return 1
		}
	}
	check "the report has every GPU's data" enriched
else
	skip "NVIDIA" "no such GPU on the bus"
	check "bee-nvidia found none either" test "$(field nvidia.status state)" = absent
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

#!/bin/sh
# t1-apkovl.sh: the staged overlay and the apkovl, row by row.
# shellcheck disable=SC1091,SC2016,SC2154 # Sourced; patterns.
set -u
. "$(dirname "$0")/t1-lib.sh"
programs "$box/bin"
cd "$box" || exit
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH
BEE_DIST=$box/dist BEE_VENDOR=$box/vendor
export BEE_DIST BEE_VENDOR

# build OUT OPTION...
build() {
	build_out=$1
	shift
	"$SH" "$builder/build.sh" --binaries "$box/bin" --stage-only "$build_out" "$@"
}
# mode ARCHIVE PATH
mode() { tar -tvzf "$1" | awk -v p="$2" '$NF == p || $NF == p "/" { print $1 }'; }
names() { tar -tzf "$1" | sed 's|/$||'; }

first 'staging works' build "$box/a"
a=$box/a/bee.apkovl.tar.gz
mkdir -p "$box/ax" && tar -xzf "$a" -C "$box/ax"
x=$box/ax
list=$(names "$a")

# Row A: the audit's order; that it is in the background is T3's.
ok 'A bee-audit comes after the network, the GPUs and dropbear' sh -c '
	after=$(sed -n "s/^[[:space:]]*after //p" "$1")
	for s in bee-nvidia bee-network dropbear; do case " $after " in *" $s "*) ;; *) echo "not after $s"; exit 1 ;; esac; done' - "$x/etc/init.d/bee-audit"
ok 'A the service ends well whatever happens' grep -qE '^[[:space:]]*eend 0$' "$x/etc/init.d/bee-audit"

# Row B.
opts=$(sed -n 's/^[[:space:]]*DROPBEAR_OPTS="\(-.*\)"$/\1/p' "$x/etc/conf.d/dropbear")
ok 'B dropbear: no blank passwords' hasnt " $opts " ' -[a-zA-Z]*B'
ok 'B dropbear: root never with a password' has " $opts " ' -[a-zA-Z]*[gs]'
ok 'B nothing else gives dropbear -B' sh -c '! grep -rnE "(^|[^a-z])-[A-Za-z]*B[A-Za-z]*([^A-Za-z]|$)" "$1/etc/conf.d/dropbear" "$1/usr/libexec/bee/sshsetup"' - "$x"

# Row C: all of Alpine's own services too.
while read -r level services; do
	for s in $services; do
		ok "C $s is in $level" equal "$(readlink "$x/etc/runlevels/$level/$s")" "/etc/init.d/$s"
	done
done <<-END
	sysinit devfs dmesg mdev hwdrivers modloop
	boot modules sysctl hostname bootmisc syslog
	shutdown mount-ro killprocs savecache
	default bee-sshsetup dropbear bee-network bee-devices bee-nvidia bee-audit
END
for link in "$x"/etc/runlevels/*/bee-*; do
	s=${link##*/}
	ok "C $s has its script, executable" test -x "$x/etc/init.d/$s"
done
for script in "$x"/etc/init.d/bee-*; do
	s=${script##*/}
	ok "C $s is in a runlevel" sh -c 'ls "$1"/etc/runlevels/*/"$2"' - "$x" "$s"
done

# Row D.
ok 'D dropbear does not need the network' line "$x/etc/conf.d/dropbear" 'rc_need="!net"'
ok 'D lo comes up' line "$x/etc/network/interfaces" 'auto lo'
ok 'D the only interface of ifupdown' equal "$(grep -c '^iface' "$x/etc/network/interfaces")" 1
ok 'D bee-sshsetup needs localmount only' equal "$(sed -n 's/^[[:space:]]*need //p' "$x/etc/init.d/bee-sshsetup")" localmount
ok 'D bee-sshsetup is before dropbear' grep -qE '^[[:space:]]*before .*dropbear' "$x/etc/init.d/bee-sshsetup"

# Row E: nothing where modloop puts its links.
ok 'E no /lib' hasnt "$list" '^lib(/|$)'
ok 'E firmware is looked for outside /lib' grep -q 'firmware_class/parameters/path' "$x/usr/libexec/bee/nvidia-load"
mkdir -p "$box/e/lib/firmware"
refuses 'E an overlay with /lib' 'holds /lib,' env BEE_OVERLAY="$box/e" BEE_BUILDER="$builder" "$SH" "$builder/genapkovl-bee.sh" bee

# Row F: one client an interface, none in the foreground.
ok 'F the network begins in the background' grep -q -e '--background' "$x/etc/init.d/bee-network"
ok 'F each interface too' grep -qE '(setsid|background) .*network-up.*&?$' "$x/usr/libexec/bee/network-watch"

# Row J.
ok 'J the root has no entry' hasnt "$list" '^\./|^\.$'
ok 'J owner is root' equal "$(tar --numeric-owner -tvzf "$a" | awk '{ print $2 }' | sort -u)" 0/0
ok 'J one time' equal "$(TZ=UTC tar -tvzf "$a" | awk '{ print $4, $5 }' | sort -u)" '2023-11-14 22:13'
ok 'J names are sorted' equal "$list" "$(printf '%s\n' "$list" | sort)"
ok 'J gzip without name and time' equal "$(dd if="$a" bs=1 skip=3 count=5 2>/dev/null | od -An -tx1 | tr -d ' \n')" 0000000000
for d in etc usr usr/local usr/local/bin etc/init.d etc/bee; do
	ok "J /$d is 0755" equal "$(mode "$a" "$d")" drwxr-xr-x
done
ok 'J programs are executable' equal "$(mode "$a" usr/local/bin/audit)" -rwxr-xr-x
ok 'J with another umask' sh -c 'umask 077 && "$@"' - "$SH" "$builder/build.sh" --binaries "$box/bin" --stage-only "$box/b"
ok 'J two builds are the same bytes' cmp "$a" "$box/b/bee.apkovl.tar.gz"
ok 'J and the same initramfs' cmp "$box/a/boot/bee.cpio" "$box/b/boot/bee.cpio"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir "$box/nobody"
	# Where nobody can read: a checkout may be root's alone.
	cp -R "$builder" "$box/nobody-builder"
	chmod -R a+rX "$box/nobody-builder" "$box/a/overlay"
	chmod 0755 "$box" "$box/a" && chmod 0777 "$box/nobody"
	(cd "$box/nobody" && BEE_OVERLAY=$box/a/overlay BEE_BUILDER=$box/nobody-builder setpriv --reuid 65534 --regid 65534 --clear-groups "$SH" "$box/nobody-builder/genapkovl-bee.sh" bee) >"$box/nobody.log" 2>&1
	ok 'J somebody else makes the same bytes' cmp "$a" "$box/nobody/bee.apkovl.tar.gz"
else
	ok 'J and nobody was root' test "$(id -u)" != 0
fi
mkdir "$box/other" && cp -R "$iso" "$box/other/iso" && chmod -R g+w "$box/other"
touch "$box/other/iso/overlay/etc/inittab"
(cd "$box/other/iso/builder" && BEE_OVERLAY=$box/a/overlay BEE_BUILDER=$PWD "$SH" ./genapkovl-bee.sh bee) >/dev/null 2>&1
ok 'J from another folder too' cmp "$a" "$box/other/iso/builder/bee.apkovl.tar.gz"

# Row K: the world, from the one list.
sed -e 's/ *#.*//' -e '/^ *$/d' "$builder/packages" | sort >"$box/packages"
ok 'K the world is the list of packages' cmp "$x/etc/apk/world" "$box/packages"
for p in alpine-base dropbear gcompat kmod openssl doas ca-certificates pciutils dmidecode smartmontools nvme-cli ipmitool ethtool sg3_utils lsblk; do
	ok "K $p is in the world" line "$x/etc/apk/world" "$p"
done

# Row L: as an initramfs of one file, so that no other medium's is taken.
mkdir -p "$box/cpio"
ok 'L bee.cpio unpacks' sh -c 'cd "$1" && cpio -idu --quiet <"$2"' - "$box/cpio" "$box/a/boot/bee.cpio"
ok 'L and holds the apkovl' cmp "$box/cpio/bee.apkovl.tar.gz" "$a"
ok 'L and nothing else' equal "$(ls -A "$box/cpio")" bee.apkovl.tar.gz
# Of any length: the archive's end is found at multiples of four only.
mkdir -p "$box/small/overlay/etc" "$box/small/builder"
echo alpine-base >"$box/small/builder/packages"
: >"$box/small/builder/runlevels"
: >"$box/small/builder/modes"
for n in 1 2 3 4 5 6 7 8; do
	sha256sum "$a" | cut -c "1-$((n * 7))" >>"$box/small/overlay/etc/x"
	(cd "$box/small" && BEE_OVERLAY=$box/small/overlay BEE_BUILDER=$box/small/builder "$SH" "$builder/genapkovl-bee.sh" bee)
	size=$(wc -c <"$box/small/boot/bee.cpio")
	ok "L $((size)) bytes are a multiple of four" equal $((size % 4)) 0
	ok 'L they unpack' sh -c 'cpio -t --quiet <"$1" | grep -x bee.apkovl.tar.gz' - "$box/small/boot/bee.cpio"
done

# Rows M, N, O: the scripts say so; T2 runs them.
ok 'M drm before the modules' sh -c '[ "$(grep -n "modprobe" "$1" | head -n 1 | cut -d: -f1)" -lt "$(grep -n "insmod \"" "$1" | head -n 1 | cut -d: -f1)" ]' - "$x/usr/libexec/bee/nvidia-load"

# Row R.
for f in etc/passwd etc/shadow etc/group etc/gshadow; do
	ok "R no /$f" hasnt "$list" "^$f\$"
done
ok 'R no service scripts of packages' hasnt "$list" '^etc/init\.d/[^b]'
for f in etc/passwd etc/shadow etc/init.d/dropbear; do
	rm -rf "$box/e" && mkdir -p "$box/e/${f%/*}" && : >"$box/e/$f"
	refuses "R an overlay with /$f" "holds /$f" env BEE_OVERLAY="$box/e" BEE_BUILDER="$builder" "$SH" "$builder/genapkovl-bee.sh" bee
done
rm -rf "$box/e" && mkdir -p "$box/e/etc/init.d"
refuses 'C a runlevel without the service' 'has no etc/init.d/bee-' env BEE_OVERLAY="$box/e" BEE_BUILDER="$builder" "$SH" "$builder/genapkovl-bee.sh" bee

# Row S: nothing asserts how /lib/modules is mounted; modules go in by path.
ok 'S the driver goes in by path' grep -q 'insmod "\$lib/' "$x/usr/libexec/bee/nvidia-load"
ok 'S by its own path' grep -q '^lib=.*usr/local/lib/nvidia$' "$x/usr/libexec/bee/nvidia-load"

# Row T.
cat "$x"/etc/modules-load.d/*.conf >"$box/modules"
for m in ipmi_devintf sg; do
	ok "T $m is loaded by name" line "$box/modules" "$m"
done
ok 'T the MegaRAID node is made' grep -rq megaraid_sas_ioctl_node "$x/usr/libexec/bee"

# Row U; the boot entries are the profile's.
cat "$x"/etc/modprobe.d/*.conf >"$box/modprobe"
for m in nouveau nova_core; do
	ok "U $m is blacklisted" line "$box/modprobe" "blacklist $m"
done
ok 'U a foreign driver is named' grep -q 'held by the driver' "$x/usr/libexec/bee/nvidia-load"

# Row V: no service mounts or assembles.
ok 'V nothing assembles' sh -c '! grep -rnwE "mdadm|vgchange|lvm|zpool|dmraid|cryptsetup" "$1/etc" "$1/usr/libexec" "$1/etc/runlevels"' - "$x"
ok 'V no fstab' hasnt "$list" '^etc/fstab$'

# Row W.
for m in ipmi_si e1000e igb ixgbe i40e ice bnxt_en mlx5_core tg3; do
	ok "W $m is not loaded early" line "$box/modprobe" "blacklist $m"
done

# Row X.
ok 'X a getty on tty2' grep -qE '^tty2::respawn:.*getty' "$x/etc/inittab"
ok 'X the console on tty1' grep -qE '^tty1::respawn:/usr/libexec/bee/console' "$x/etc/inittab"
ok 'X the kernel speaks on tty3' grep -qE '^tty3::respawn:.*kernel-log' "$x/etc/inittab"

# Row Y.
ok 'Y the medium is copied' test -x "$x/etc/init.d/bee-medium"
ok 'Y in the default runlevel' equal "$(readlink "$x/etc/runlevels/default/bee-medium")" /etc/init.d/bee-medium

# Versions.
ok 'release: readable by a shell' sh -c '. "$1" && [ -n "$BEE_BUILD_INFO" ] && [ "$BEE_BUILD_TIME" = 1700000000 ] && [ "$BEE_BUILD_DATE" = 2023-11-14 ]' - "$x/etc/bee-release"
ok 'release: without keys there is a password of the boot' line "$x/etc/bee-release" BEE_LOGIN=password
ok 'README is not packed' hasnt "$list" README
finish

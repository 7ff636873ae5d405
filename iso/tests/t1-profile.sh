#!/bin/sh
# t1-profile.sh: the profile of mkimage.sh, sourced beside a stand-in for
# Alpine's own base profile.
# shellcheck disable=SC1091,SC2013,SC2016,SC2034,SC2086,SC2154 # Sourced; lists of words.
set -u
. "$(dirname "$0")/t1-lib.sh"
BEE_BUILDER=$builder
export BEE_BUILDER

# What mkimage.sh and mkimg.base.sh of Alpine 3.21 bring, as far as it is used.
profile_base() {
	kernel_flavors="lts"
	initfs_cmdline="modules=loop,squashfs,sd-mod,usb-storage quiet"
	initfs_features="ata base bootchart cdrom ext4 mmc nvme raid scsi squashfs usb virtio"
	modloop_sign=no
	grub_mod="all_video disk part_gpt part_msdos linux normal configfile search search_label efi_gop fat iso9660 cat echo ls test true help gzio"
	apks="alpine-base busybox chrony"
	apkovl=
	hostname="alpine"
}
syslinux_gen_config() { echo 'LABEL base'; }
grub_gen_config() { echo 'menuentry base'; }
ARCH=x86_64 RELEASE=0123456789-d PROFILE=bee

# mkimage.sh finds profiles with this expression.
found=$(sed -n -e 's/^profile_\(.*\)() {$/\1/p' "$builder/mkimg.bee.sh" | tr '\n' ' ')
ok 'mkimage.sh finds the profiles' equal "$found" 'bee bee_netboot '
. "$builder/mkimg.bee.sh"
ok 'sourcing changes nothing by itself' equal "$(syslinux_gen_config)" 'LABEL base'
profile_bee
syslinux_gen_config >"$box/syslinux"
grub_gen_config >"$box/grub"
base_features=$initfs_features base_grub_mod=$grub_mod

# Row K.
for p in $(sed -e 's/ *#.*//' "$builder/packages"); do
	ok "K $p of the world is in the image" has " $apks " " $p "
done
ok 'K modloop is signed' equal "$modloop_sign" yes
ok 'K and openssl is there to check it' has " $apks " ' openssl '

# Row H: a relative name, which mkimage.sh looks up in its current folder.
ok 'H the apkovl script has a relative name' equal "$apkovl" genapkovl-bee.sh
ok 'H and is there' test -x "$builder/$apkovl"

# Row I: the longest tag that build.sh makes.
ok 'I the name of the volume fits' test "$(printf 'alpine-%s %s %s' "$profile_abbrev" "$RELEASE" "$ARCH" | wc -c)" -le 32
ok 'I the file is named after the tag' equal "$output_filename" bee-0123456789-d-x86_64.iso

# Row V.
for f in raid lvm zfs cryptsetup ext2 ext3 ext4 xfs btrfs jfs f2fs gfs2 nbd nvme; do
	ok "V the initramfs has no $f" hasnt " $initfs_features " " $f "
done
for f in ata base cdrom scsi squashfs usb; do
	ok "V the initramfs has $f" has " $initfs_features " " $f "
done

# entries FILE PATTERN: each boot entry.
lines() { grep -E "$2" "$1"; }
for loader in syslinux grub; do
	case $loader in
	syslinux) pattern='APPEND ' ;;
	grub) pattern=' linux /boot' ;;
	esac
	lines "$box/$loader" "$pattern" >"$box/entries"
	ok "$loader has four entries" equal "$(wc -l <"$box/entries" | tr -d ' ')" 4
	while read -r entry; do
		ok "U $loader: nouveau and nova_core are off" has " $entry " ' modprobe\.blacklist=nouveau,nova_core '
		ok "L $loader: the apkovl is the initramfs's own" has " $entry " ' apkovl=/bee\.apkovl\.tar\.gz '
		for c in tty0 ttyS0,115200n8 ttyS1,115200n8; do
			ok "X $loader: $c" has " $entry " " console=$c "
		done
		ok "X $loader: quiet kernel, no blanking" has " $entry " ' loglevel=3 consoleblank=0 '
		ok "W $loader: no RAID controller before the services" has " $entry " ' blacklist=[^ ]*megaraid_sas,[^ ]*mpt3sas'
		ok "V $loader: no module list of disks" hasnt " $entry " ' modules=[^ ]*(raid|nvme|ext4|dm-mod)'
		ok "$loader: it fits the kernel" test ${#entry} -lt 1900
	done <"$box/entries"
	for c in tty0 ttyS0,115200n8 ttyS1,115200n8; do
		ok "X $loader: an entry speaks on $c" sh -c 'sed "s/ nomodeset$//" "$1" | grep -q " console=$2\$"' - "$box/entries" "$c"
	done
done
ok 'L syslinux loads bee.cpio in each entry' equal "$(grep -c 'INITRD /boot/initramfs-lts,/boot/bee.cpio' "$box/syslinux")" 4
ok 'L grub loads bee.cpio in each entry' equal "$(grep -c 'initrd /boot/initramfs-lts /boot/bee.cpio' "$box/grub")" 4
ok 'X syslinux has a menu on serial' line "$box/syslinux" 'SERIAL 0 115200'
ok 'X syslinux lists its entries' equal "$(grep -c '^SAY ' "$box/syslinux")" 4
ok 'X syslinux boots the first by itself' line "$box/syslinux" 'DEFAULT bee'
ok 'X grub tries both serial ports' line "$box/grub" 'for unit in 0 1; do'
ok 'X grub can' has " $grub_mod " ' serial terminal '
if command -v grub-script-check >/dev/null; then
	ok 'grub reads its configuration' grub-script-check "$box/grub"
else
	skip 'grub-script-check is not there'
fi

profile_bee_netboot
ok 'netboot: the initramfs has a network' has " $initfs_features " ' dhcp network '
ok 'netboot: and no more file systems' hasnt " $initfs_features " ' (ext4|raid|lvm|xfs|btrfs|zfs) '
ok 'netboot: a tar' equal "$output_format $image_ext" 'targz tar.gz'
ok 'netboot: no boot loader' equal "$grub_mod" ''
ok 'V the image itself has no network in its initramfs' hasnt " $base_features " ' (network|dhcp) '
ok 'the base profile stays as it is' equal "${base_grub_mod% serial terminal}" "all_video disk part_gpt part_msdos linux normal configfile search search_label efi_gop fat iso9660 cat echo ls test true help gzio"
finish

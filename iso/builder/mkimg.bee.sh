# shellcheck shell=sh
# mkimg.bee.sh: the profiles bee and bee_netboot of Alpine's mkimage.sh, which
# sources this beside its own mkimg.base.sh. BEE_BUILDER names this folder.
# shellcheck disable=SC2034,SC2086,SC2153,SC2154,SC2317 # Variables of mkimage.sh; lists of words.

# Everything that the image boots with, on each entry. No service mounts or
# assembles a disk of the machine, and neither does the initramfs: it has the
# drivers of USB, optical and SATA media only. blacklist= counts in the
# initramfs alone: a RAID controller or HBA there may take a minute to start,
# and its disks are none of the initramfs's business.
bee_initfs_cmdline() {
	printf '%s' "modules=loop,squashfs,sd-mod,sr-mod,usb-storage,isofs" \
		" blacklist=3w_9xxx,3w_sas,aacraid,arcmsr,be2iscsi,bfa,fnic,hpsa,isci,lpfc,megaraid_sas," \
		"mpi3mr,mpt3sas,mvsas,pm80xx,qedf,qedi,qla2xxx,smartpqi" \
		" apkovl=/$hostname.apkovl.tar.gz"
}

bee_kernel_cmdline() {
	printf '%s' "modprobe.blacklist=nouveau,nova_core loglevel=3 consoleblank=0"
}

# bee_entries: NAME, title and consoles of each boot entry. The last console is
# /dev/console, where services speak; the kernel speaks on all of them, and one
# that is not there is passed over.
bee_entries() {
	cat <<-END
		bee|Audit this server|console=ttyS1,115200n8 console=ttyS0,115200n8 console=tty0
		com1|Audit, messages on serial port 1 (ttyS0)|console=tty0 console=ttyS1,115200n8 console=ttyS0,115200n8
		com2|Audit, messages on serial port 2 (ttyS1), often serial over LAN|console=tty0 console=ttyS0,115200n8 console=ttyS1,115200n8
		plain|Audit, plain graphics (nomodeset)|console=ttyS1,115200n8 console=ttyS0,115200n8 console=tty0 nomodeset
	END
}

bee_syslinux_config() {
	cat <<-END
		SERIAL 0 115200
		CONSOLE 1
		TIMEOUT 30
		PROMPT 1
		DEFAULT bee
	END
	bee_entries | while IFS='|' read -r name title consoles; do
		printf 'SAY %-6s %s\n' "$name" "$title"
	done
	bee_entries | while IFS='|' read -r name title consoles; do
		cat <<-END

			LABEL $name
			  MENU LABEL $title
			  KERNEL /boot/vmlinuz-$kernel_flavors
			  INITRD /boot/initramfs-$kernel_flavors,/boot/bee.cpio
			  APPEND $initfs_cmdline $kernel_cmdline $consoles
		END
	done
}

bee_grub_config() {
	cat <<-END
		set timeout=3
		set default=bee
		for unit in 0 1; do
		  if serial --unit=\$unit --speed=115200; then
		    terminal_input --append serial_com\$unit
		    terminal_output --append serial_com\$unit
		  fi
		done
	END
	bee_entries | while IFS='|' read -r name title consoles; do
		cat <<-END

			menuentry "$title" --id $name {
			  linux /boot/vmlinuz-$kernel_flavors $initfs_cmdline $kernel_cmdline $consoles
			  initrd /boot/initramfs-$kernel_flavors /boot/bee.cpio
			}
		END
	done
}

profile_bee() {
	profile_base
	title="bee"
	desc="Tells what a server is made of and whether it is healthy."
	profile_abbrev="bee"
	arch="x86_64"
	image_ext="iso"
	output_format="iso"
	image_name="bee"
	output_filename="bee-$RELEASE-$ARCH.iso"
	hostname="bee"
	apkovl="genapkovl-bee.sh"

	kernel_flavors="lts"
	kernel_addons=""
	# Without raid, lvm, zfs, cryptsetup, ext4, xfs, btrfs: what is not packed
	# cannot be mounted or assembled.
	initfs_features="ata base cdrom scsi squashfs usb virtio"
	# The initramfs then adds openssl to the world.
	modloop_sign=yes
	apks=$(sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$BEE_BUILDER/packages" | tr '\n' ' ')
	initfs_cmdline=$(bee_initfs_cmdline)
	kernel_cmdline=$(bee_kernel_cmdline)
	grub_mod="$grub_mod serial terminal"

	# Only within this profile: mkimage.sh builds each in a subshell.
	syslinux_gen_config() { bee_syslinux_config; }
	grub_gen_config() { bee_grub_config; }
}

# The same for network boot: the initramfs knows network cards, and there is no
# boot loader. build.sh puts the apkovl into the initramfs.
profile_bee_netboot() {
	profile_bee
	image_ext="tar.gz"
	output_format="targz"
	image_name="bee-netboot"
	output_filename="bee-netboot-$RELEASE-$ARCH.tar.gz"
	initfs_features="ata base cdrom dhcp network scsi squashfs usb virtio"
	grub_mod=""
}

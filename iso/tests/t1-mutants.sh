#!/bin/sh
# t1-mutants.sh [ROW...]: take each fix out of a copy of iso/, and see a test of
# that row fail. A mutant that changes nothing, or that no test of its row
# sees, is a failure here.
# shellcheck disable=SC1091,SC2016,SC2154 # Sourced; expressions of sed.
set -u
. "$(dirname "$0")/t1-lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
rows=" $* "
copy=$box/iso
seen=

# run PART COPY: the tests of one part against the copy.
run() {
	case $1 in
	load)
		rm -rf "$box/root"
		cp -R -P "$box/kept" "$box/root"
		cp "$2/overlay/usr/libexec/bee"/* "$box/root/usr/libexec/bee/" 2>/dev/null
		BEE_ISO=$2 sh "$here/t2-load.sh" "$box/root"
		;;
	t2) BEE_ISO=$2 sh "$here/t2.sh" ;;
	*) BEE_ISO=$2 sh "$here/t1-$1.sh" ;;
	esac
}

# mutant ROW PART FILE EXPRESSION WHAT: what the expression takes out.
mutant() {
	case "$rows" in
	'  ' | *" $1 "*) ;;
	*) return ;;
	esac
	if [ "$2" = load ] && [ ! -d "$box/kept" ]; then
		T2_KEEP=$box/kept sh "$here/t2.sh" >"$box/t2" 2>&1 || {
			cat "$box/t2"
			die 't2.sh fails by itself'
		}
	fi
	rm -rf "$copy"
	cp -R "$iso" "$copy"
	sed -i "$4" "$copy/$3"
	if cmp -s "$iso/$3" "$copy/$3"; then
		failed=$((failed + 1))
		echo "FAIL $1 $5: the expression changes nothing in $3"
		return
	fi
	run "$2" "$copy" >"$box/result" 2>&1
	# A builder that only stopped being a program proves nothing.
	if grep -qi 'syntax error' "$box/result"; then
		failed=$((failed + 1))
		echo "FAIL $1 $5: the expression breaks the script"
		return
	fi
	if grep -q "^FAIL $1 " "$box/result"; then
		passed=$((passed + 1))
		case $seen in
		*"$1"*) ;;
		*) seen=$seen$1 ;;
		esac
		printf 'seen %s %s: %s\n' "$1" "$5" "$(grep "^FAIL $1 " "$box/result" | head -n 1 | cut -c 6-90)"
	else
		failed=$((failed + 1))
		echo "FAIL $1 $5: no test of the row sees it"
		tail -n 5 "$box/result"
	fi
}

die() {
	echo "t1-mutants.sh: $*" >&2
	exit 1
}
o=overlay b=builder

mutant A apkovl $o/etc/init.d/bee-audit 's/ dropbear//' 'the audit does not wait for dropbear'
mutant A apkovl $o/etc/init.d/bee-audit 's/eend 0/eend $?/' 'the audit may fail the boot'
mutant B apkovl $o/etc/conf.d/dropbear 's/"-s -g"/"-R -B"/' 'blank passwords'
mutant B build $b/credentials.sh 's/= "\$1" \]; then/= "" ]; then/' 'known passwords are taken'
mutant B build $b/credentials.sh "s/'') die .*/'') return ;;/" 'a blank hash is taken'
mutant B build $b/credentials.sh 's/^\t\*\[!.*no crypt hash.*$//; s/^\tprintf .*grep -qE.*$/\ttrue ||/' 'clear text is taken'
for service in modloop hwdrivers hostname mount-ro bee-devices; do
	mutant C apkovl $b/runlevels "/ $service\$/d" "no $service"
done
mutant C apkovl $b/genapkovl-bee.sh '/has no etc\/init.d\//d' 'a service without script'
mutant D apkovl $o/etc/conf.d/dropbear 's/!net/net/' 'dropbear needs the network'
mutant D apkovl $o/etc/network/interfaces '/auto lo/d' 'no lo'
mutant E apkovl $b/genapkovl-bee.sh 's/etc\/apk lib bin/etc\/apk bin/' 'an overlay with /lib'
mutant E load $o/usr/libexec/bee/nvidia-load '/^if \[ -d "\$firmware\/nvidia" \]/,/^fi/d' 'the path of the firmware is not set'
mutant G build $b/image.sh 's|"\$work"/mk/apkovl_\* ||' 'the apkovl section is kept'
mutant H build $b/image.sh 's|^\tcp "\$builder/genapkovl-bee.sh" "\$work/run/"|\ttrue|; s|^\tchmod 0755 "\$work/run/.*|\ttrue|' 'the script is not in the current folder'
mutant H profile $b/mkimg.bee.sh 's|apkovl="genapkovl|apkovl="/x/genapkovl|' 'an absolute name'
mutant I build $b/image.sh 's/-gt 14 \]/-gt 140 ]/' 'a long tag'
mutant I build $b/image.sh 's/^\t\[ -s "\$work\/out\/\$2" \].*/\ttrue/' 'no image is no failure'
mutant I build $b/image.sh 's/^\t\trm -f "\$work\/out\/\$2"/\t\ttrue/' 'an old image is taken'
mutant I build $b/image.sh 's/^\t\[ "\$got_id" = "\$wanted_id" \].*/\ttrue/' 'the name of the volume is not looked at'
mutant J apkovl $b/genapkovl-bee.sh 's/ --owner=0 --group=0//' 'owners'
mutant J apkovl $b/genapkovl-bee.sh 's/ --mtime="@\$SOURCE_DATE_EPOCH"//' 'times'
mutant J apkovl $b/genapkovl-bee.sh "s/ | sed 's|^\\\\.\\/||' | sort//; s/ -mindepth 1//" 'the entry of the root'
mutant J apkovl $b/genapkovl-bee.sh "s/^(cd .*find .*/(cd \"\$root\" \&\& find . -mindepth 1 | sed 's|^..||' | sort -r) >\"\$tmp\/names\"/" 'the order of names'
mutant J apkovl $b/genapkovl-bee.sh 's/gzip -9n/gzip -9/' 'the time in the gzip'
mutant J apkovl $b/genapkovl-bee.sh 's/^find "\$root" -type d -exec chmod.*/find "$root" -type d -exec chmod 0700 {} +/' 'modes of folders'
mutant K apkovl $b/packages '/^gcompat/d' 'a package less'
mutant K profile $b/mkimg.bee.sh 's/^\tapks=.*/\tapks="alpine-base"/' 'packages of the world that the image lacks'
mutant K profile $b/mkimg.bee.sh 's/modloop_sign=yes/modloop_sign=no/' 'modloop unsigned'
mutant K build $b/image.sh 's/^\tcheck_world "\$1"/\ttrue/' 'the medium is not looked at'
mutant F apkovl $o/etc/init.d/bee-network 's/--background //' 'the network in the foreground'
mutant L profile $b/mkimg.bee.sh 's/ apkovl=\/\$hostname.apkovl.tar.gz//' 'the apkovl is not pinned'
mutant L profile $b/mkimg.bee.sh 's/,\/boot\/bee.cpio//' 'syslinux does not load it'
mutant L profile $b/mkimg.bee.sh 's/ \/boot\/bee.cpio$//' 'grub does not load it'
mutant L build $b/netboot.sh 's/^\[ "\$pad" = 0 \].*/printf x >>"$out\/initramfs-lts"/' 'where the kernel does not look'
mutant L apkovl $b/genapkovl-bee.sh 's/^\tpad "\$((size))"/\ttrue/' 'an archive that is not aligned'
mutant M load $o/usr/libexec/bee/nvidia-load 's/^for module in \$(cat .*/for module in nvidia-uvm nvidia; do/' 'the order of names'
mutant M load $o/usr/libexec/bee/nvidia-load 's/^for module in drm .*/for module in x; do/' 'no drm'
mutant M load $o/usr/libexec/bee/nvidia-load 's/insmod "\$lib/modprobe "$lib/' 'modprobe'
mutant M t2 $b/build-nvidia-module.sh "s/^\tprintf '%s.n' .NVIDIA_MODULES/\tprintf '%s\\\\n' nvidia-uvm nvidia/" 'another order is written down'
mutant M t2 $b/build-nvidia-module.sh 's/^\tcheck_order$/\ttrue/' 'the list is not held against the modules'
mutant N load $o/usr/libexec/bee/nvidia-start 's/0x03\*/0x0*/' 'another class'
mutant N load $o/usr/libexec/bee/nvidia-start 's/ = 0x10de \]/ != "" ]/' 'another vendor'
mutant O load $o/usr/libexec/bee/nvidia-load 's/^\tmake nvidiactl.*//' 'no nvidiactl'
mutant O load $o/usr/libexec/bee/nvidia-load 's/make nvidia-uvm "\$(major nvidia-uvm)"/make nvidia-uvm 195/' 'a fixed major'
mutant P t2 $b/build-nvidia-module.sh 's/^\t\[ \$# = 1 \] || die.*/\ttrue ||/' 'two trees'
mutant P t2 $b/build-nvidia-module.sh 's/ "\$want_kver" != "\$kver" \]/ "" != "" ]/' 'another kernel'
mutant P t2 $b/build-nvidia-module.sh 's/= "\$kver" \] || die "\$module.ko is/= "$kver" ] || notice "$module.ko is/' 'a module of another kernel'
mutant P build $b/image.sh 's/^\tdrop_kernels$/\ttrue/' 'a kept kernel of another release'
mutant P build $b/image.sh 's/^\t\t\tdie "the image.s kernel is \$got_kver, the NVIDIA.*/\t\t\tnotice "x" \\/' 'another kernel twice'
mutant P build $b/image.sh 's/^\t\t"\$KERNEL_SERIES"\.\*) ;;/\t\t*) ;;/' 'another series'
mutant Q build $b/stage.sh 's|^\tmv "\$new" "\$overlay"|\tcp "$new/etc/bee-release" "$top/iso/overlay/etc/"; mv "$new" "$overlay"|' 'generated files in the tree'
mutant R apkovl $b/genapkovl-bee.sh 's/ etc\/shadow / /' 'an overlay with shadow'
mutant R apkovl $b/genapkovl-bee.sh 's/^\tbee-\* | .*/\t*) ;;/' "a package's service script"
mutant S apkovl $o/usr/libexec/bee/nvidia-load 's/insmod "\$lib/modprobe "$lib/' 'the driver out of /lib/modules'
mutant T apkovl $o/etc/modules-load.d/bee.conf '/^ipmi_devintf/d' 'no ipmi_devintf'
mutant T apkovl $o/etc/modules-load.d/bee.conf '/^sg$/d' 'no sg'
mutant U profile $b/mkimg.bee.sh 's/modprobe.blacklist=nouveau,nova_core //' 'nouveau on the command line'
mutant U apkovl $o/etc/modprobe.d/bee-nouveau.conf '/nova_core/d' 'nova_core in modprobe.d'
mutant U load $o/usr/libexec/bee/nvidia-load "s/^\t'' | nvidia) ;;/\t*) ;;/" 'a foreign driver'
mutant V profile $b/mkimg.bee.sh 's/scsi squashfs usb virtio"$/raid scsi squashfs usb virtio"/' 'raid in the initramfs'
mutant V profile $b/mkimg.bee.sh 's/initfs_features="ata base/initfs_features="ata base ext4 xfs/' 'file systems in the initramfs'
mutant W profile $b/mkimg.bee.sh 's/megaraid_sas,/x,/' 'RAID controllers in the initramfs'
mutant W apkovl $o/etc/modprobe.d/bee-slow.conf '/ipmi_si$/d' 'ipmi_si early'
mutant X profile $b/mkimg.bee.sh '/SERIAL 0 115200/d' 'no menu on serial'
mutant X profile $b/mkimg.bee.sh '/^\t\tcom2|/d' 'nobody speaks on ttyS1'
mutant X profile $b/mkimg.bee.sh 's/grub_mod serial terminal/grub_mod/' 'grub without serial'
mutant X apkovl $o/etc/inittab '/^tty2/d' 'no getty'
mutant Y apkovl $b/runlevels '/ bee-medium$/d' 'the medium is not copied'
echo "rows with a mutant that was seen: $seen"
finish

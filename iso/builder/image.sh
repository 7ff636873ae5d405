# shellcheck shell=sh
# image.sh: the steps that need Alpine. Sourced by build.sh.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154 # Variables shared with build.sh and stage.sh.

# image_tag: of the version, as much as fits: the volume's name is
# "alpine-bee TAG x86_64", and with more than 32 characters xorriso writes
# nothing and mkimage.sh ends well.
image_tag() (
	tag=${version#v}
	if [ ${#tag} -gt 14 ] || [ "$tag" = devel ]; then
		tag=$(printf '%.10s' "$commit")
		[ "$dirty" = no ] || tag=$tag-d
	fi
	printf '%s' "$tag" | tr -c 'A-Za-z0-9.-' '-'
)

# check_alpine: everything that is missing, said at once.
check_alpine() {
	check_release=$(cat "${BEE_ETC-/etc}/alpine-release" 2>/dev/null || echo none)
	case $check_release in
	"$ALPINE_VERSION".*) ;;
	none) die "this step needs Alpine $ALPINE_VERSION and this machine is not Alpine (no /etc/alpine-release)" \
		"as far as the apkovl any Linux does: build.sh --stage-only OUT" \
		"or run build.sh in a container or machine of Alpine $ALPINE_VERSION: docs/iso.md" ;;
	*) die "this is Alpine $check_release, the image is made of $ALPINE_VERSION" "the kernel's headers here would not fit the image's kernel" ;;
	esac
	mkimage=$aports/scripts/mkimage.sh
	if [ -z "$aports" ] || [ ! -f "$mkimage" ]; then
		mkimage=$(command -v mkimage.sh) ||
			die "mkimage.sh is not there: tried --aports, APORTS (${aports:-not set}) and PATH" \
				"git clone --depth 1 -b $ALPINE_VERSION-stable https://gitlab.alpinelinux.org/alpine/aports.git" \
				"and name it with --aports"
	fi
	check_programs='apk abuild-sign abuild-apk fakeroot xorrisofs mformat mcopy grub-mkimage mksquashfs update-kernel tar'
	[ -z "$sign_key" ] || check_programs="$check_programs sbsign sbverify"
	# shellcheck disable=SC2086 # Words.
	check_missing=$(missing_programs $check_programs)
	[ -z "$check_missing" ] || die "mkimage.sh needs programs that are not in PATH:$check_missing" \
		"apk add abuild alpine-conf fakeroot syslinux xorriso mtools dosfstools grub-efi squashfs-tools tar${sign_key:+ sbsigntool}"
	check_abuild=${ABUILD_USERDIR:-${HOME-/root}/.abuild}
	if [ -z "${PACKAGER_PRIVKEY-}" ] && ! grep -qs '^PACKAGER_PRIVKEY=' "$check_abuild/abuild.conf"; then
		die "there is no key to sign the package index and modloop with: $check_abuild/abuild.conf names none" "make one with: abuild-keygen -a -i -n"
	fi
}

# prepare_mkimage: a current folder and a HOME for mkimage.sh. It looks for
# profiles in $HOME/.mkimage and for a relative apkovl script in its current
# folder; of an absolute one it does not find the checksum.
prepare_mkimage() {
	mkdir -p "$work/mk" "$work/run" "$work/tmp" "$work/out" "$work/home/.mkimage" "$work/wrap"
	cp "$builder/mkimg.bee.sh" "$builder/genapkovl-bee.sh" "$work/home/.mkimage/"
	cp "$builder/genapkovl-bee.sh" "$work/run/"
	chmod 0755 "$work/run/genapkovl-bee.sh"
	rm -f "$work/home/.abuild"
	ln -s "$check_abuild" "$work/home/.abuild"
	# mkimage.sh keys the apkovl by the script's content alone: with the old
	# section there, a changed overlay would not be packed. And an image
	# that is made of old sections only is not written again.
	rm -rf "$work"/mk/apkovl_* "$work"/mk/image-*
	sign_setup
}

# sign_setup: programs of mkimage.sh that sign what they made, and no section
# that was made with another key.
sign_setup() {
	rm -f "$work/wrap/grub-mkimage" "$work/wrap/update-kernel"
	sign_id=none
	[ -z "$sign_key" ] || sign_id=$(sha256 "$sign_cert")
	if [ "$(cat "$work/sign.id" 2>/dev/null || echo none)" != "$sign_id" ]; then
		rm -rf "$work"/mk/kernel_* "$work"/mk/grub_*
	fi
	echo "$sign_id" >"$work/sign.id"
	[ -n "$sign_key" ] || return 0
	for sign_program in grub-mkimage update-kernel; do
		sed -e "s|@REAL@|$(command -v "$sign_program")|" -e "s|@KEY@|$(absolute "$sign_key")|" -e "s|@CERT@|$(absolute "$sign_cert")|" \
			"$builder/sign-$sign_program.sh" >"$work/wrap/$sign_program"
		chmod 0755 "$work/wrap/$sign_program"
	done
}

absolute() (cd "$(dirname "$1")" && printf '%s/%s\n' "$PWD" "$(basename "$1")")

# run_mkimage PROFILE
run_mkimage() {
	(
		cd "$work/run"
		BEE_OVERLAY=$stage/overlay BEE_BUILDER=$builder HOME=$work/home TMPDIR=$work/tmp PATH=$work/wrap:$PATH
		export BEE_OVERLAY BEE_BUILDER HOME TMPDIR PATH
		[ -z "$aports" ] || APORTS=$(absolute "$aports/.")
		[ -z "$aports" ] || export APORTS
		sh "$mkimage" --tag "$tag" --arch "$ALPINE_ARCH" --profile "$1" --outdir "$work/out" --workdir "$work/mk" \
			--repository "$ALPINE_MIRROR/v$ALPINE_VERSION/main" \
			--extra-repository "$ALPINE_MIRROR/v$ALPINE_VERSION/community"
	) || die "mkimage.sh failed for the profile $1" "its own messages are above; its folder is $work/mk"
}

# drop_kernels: no kernel section whose kernel is not the modules' own.
drop_kernels() {
	[ "$staged_kver" != any ] || return 0
	for section in "$work"/mk/kernel_*; do
		[ -d "$section" ] || continue
		section_kver=$(kver_of_vmlinuz "$section/boot/vmlinuz-$KERNEL_FLAVOUR" || echo unreadable)
		[ "$section_kver" != "$staged_kver" ] || continue
		notice "dropped ${section##*/}: its kernel is $section_kver, the modules are for $staged_kver"
		rm -rf "$section"
		kernel_dropped=yes
	done
}

# built_kver PROFILE: the kernel that the image was really made with.
built_kver() (
	for image in "$work"/mk/image-*-"$ALPINE_ARCH-$1"; do
		[ -e "$image/boot/vmlinuz-$KERNEL_FLAVOUR" ] || continue
		kver_of_vmlinuz "$image/boot/vmlinuz-$KERNEL_FLAVOUR"
		exit
	done
	exit 1
)

# check_world PROFILE: the initramfs passes over a package that the medium lacks,
# and says nothing.
check_world() {
	world_missing=
	words "$builder/packages" >"$work/world"
	while read -r package; do
		set -- "$1" "$work"/mk/image-*-"$ALPINE_ARCH-$1/apks/$ALPINE_ARCH/$package"-[0-9]*.apk
		[ -e "$2" ] || world_missing="$world_missing $package"
	done <"$work/world"
	[ -z "$world_missing" ] || die "the medium lacks packages of the world:$world_missing" "iso/builder/packages names packages, not what they provide"
}

# build_image PROFILE FILE: mkimage.sh, once more when the kernel is not the one
# that the modules are for, and then no more.
build_image() {
	staged_kver=$(sed -n 's/^BEE_KVER=//p' "$stage/overlay/etc/bee-release")
	kernel_dropped=no
	drop_kernels
	for attempt in first second; do
		# What is there afterwards is of this build, and not of another one.
		rm -f "$work/out/$2"
		run_mkimage "$1"
		got_kver=$(built_kver "$1") || die "mkimage.sh left no kernel to look at below $work/mk/image-*" "what it said is above"
		case $got_kver in
		"$KERNEL_SERIES".*) ;;
		*) die "the image's kernel is $got_kver, pinned is the series $KERNEL_SERIES" "change KERNEL_SERIES and NVIDIA_VERSION in iso/builder/versions.env together" ;;
		esac
		if [ "$staged_kver" = any ] || [ "$got_kver" = "$staged_kver" ]; then
			break
		fi
		if [ "$attempt" = second ] || [ "$kernel_dropped" = yes ]; then
			die "the image's kernel is $got_kver, the NVIDIA modules are for $staged_kver: they would not load" \
				"tried: dropping the cached kernel and building again" \
				"update both from the same mirror: apk update && apk upgrade, then build.sh nvidia stage apkovl iso"
		fi
		notice "the image's kernel is $got_kver, the modules are for $staged_kver: building the kernel's section again"
		rm -rf "$work"/mk/image-*
		drop_kernels
	done
	kver=$got_kver
	check_world "$1"
	[ -s "$work/out/$2" ] || die "mkimage.sh ended well, and there is no $work/out/$2" "its own messages are above: a volume name that is too long looks like this"
}

# volume_id FILE: the name in the primary volume descriptor (ECMA-119, 8.4.7).
volume_id() { dd if="$1" bs=1 skip=$((32768 + 40)) count=32 2>/dev/null | sed 's/ *$//'; }

step_iso() {
	[ -f "$stage/overlay/etc/bee-release" ] || die "there is no $stage/overlay" "run the step stage first"
	check_alpine
	tag=$(image_tag)
	wanted_id="alpine-bee $tag $ALPINE_ARCH"
	[ ${#wanted_id} -le 32 ] || die "the volume's name '$wanted_id' has ${#wanted_id} characters; 32 are possible" "choose a shorter tag"
	prepare_mkimage
	iso=bee-$tag-$ALPINE_ARCH.iso
	build_image bee "$iso"
	got_id=$(volume_id "$work/out/$iso")
	[ "$got_id" = "$wanted_id" ] || die "the image's volume is named '$got_id', not '$wanted_id'" "the boot loader would not find it"
	mkdir -p "$out"
	mv "$work/out/$iso" "$out/$iso.new"
	mv "$out/$iso.new" "$out/$iso"
	(cd "$out" && sha256sum "$iso" >"$iso.sha256")
	say "made $out/$iso (kernel $kver, $(($(wc -c <"$out/$iso") / 1048576)) MiB)"
}

step_netboot() {
	[ -f "$stage/overlay/etc/bee-release" ] || die "there is no $stage/overlay" "run the step stage first"
	check_alpine
	tag=$(image_tag)
	prepare_mkimage
	tarball=bee-netboot-$tag-$ALPINE_ARCH.tar.gz
	build_image bee_netboot "$tarball"
	rm -rf "$work/netboot" "$out/netboot"
	mkdir -p "$work/netboot" "$out/netboot"
	tar -xzf "$work/out/$tarball" -C "$work/netboot"
	sh "$builder/netboot.sh" "$work/netboot/boot/vmlinuz-$KERNEL_FLAVOUR" "$work/netboot/boot/initramfs-$KERNEL_FLAVOUR" \
		"$work/netboot/boot/modloop-$KERNEL_FLAVOUR" "$work/netboot/boot/bee.cpio" "$out/netboot"
	# Signed by the key that the initramfs carries: these may come over HTTP.
	cp -R "$work/netboot/apks" "$out/netboot/"
	hostname=bee
	# shellcheck source=/dev/null
	. "$builder/mkimg.bee.sh"
	printf '%s %s %s\n' "$(bee_initfs_cmdline)" "$(bee_kernel_cmdline)" \
		"ip=dhcp alpine_repo=http://SERVER/bee/apks modloop=http://SERVER/bee/modloop-lts" >"$out/netboot/cmdline"
	say "made $out/netboot (kernel $kver)"
}

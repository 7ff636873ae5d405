#!/bin/sh
# t1-build.sh: build.sh with stand-ins for Alpine's programs in PATH.
# shellcheck disable=SC1091,SC2016,SC2154 # Sourced; hashes.
set -u
. "$(dirname "$0")/t1-lib.sh"

# A tree of its own, committed: what a build does to it is seen.
tree=$box/tree
mkdir -p "$tree/.ci" "$tree/cmd/audit" "$tree/cmd/audit-nvml" "$tree/pkg" "$box/bin"
cp -R "$iso" "$tree/iso"
rm -rf "$tree/iso/vendor/files"
builder=$tree/iso/builder
# What the tier pins itself, so that a new pin changes no test.
cat >"$box/pins" <<-END
	$(grep -vE '^(KERNEL_SERIES|ALPINE_VERSION)=' "$builder/versions.env")
	ALPINE_VERSION=3.21
	KERNEL_SERIES=6.12
END
printf 'module m\n' >"$tree/go.mod"
: >"$tree/go.sum"
echo 'package main' | tee "$tree/cmd/audit/main.go" >"$tree/cmd/audit-nvml/main.go"
cat >"$box/bin/go" <<-'END'
	#!/bin/sh
	case $1 in
	version) echo go version go1.26 linux/amd64 ;;
	build)
		echo compile >>"$COUNT"
		while [ $# -gt 1 ]; do
			[ "$1" = -o ] && out=$2
			shift
		done
		echo "$1" >"$out/${1##*/}"
		chmod 755 "$out/${1##*/}"
		;;
	esac
END
printf '#!/bin/sh\necho "%s/bin/go"\n' "$box" >"$tree/.ci/go.sh"
chmod 0755 "$box/bin/go" "$tree/.ci/go.sh"
printf '/dist/\n' >"$tree/.gitignore"
git() { command git -c user.name=t -c user.email=t@example.com -c init.defaultBranch=main "$@"; }
# commit_all TAG: the tree as it is, with a fixed time.
commit_all() {
	git -C "$tree" add -A
	GIT_COMMITTER_DATE=@1700000000 GIT_AUTHOR_DATE=@1700000000 git -C "$tree" commit -qm t --allow-empty
	git -C "$tree" tag -f "$1" >/dev/null 2>&1
}
git -C "$tree" init -q
commit_all v1.2

# Stand-ins for Alpine. mkimage.sh says where and how it was run, and makes what
# the real one makes: a kernel section that it keeps, an image of links.
mkdir -p "$box/etc" "$box/home/.abuild"
echo 3.21.4 >"$box/etc/alpine-release"
echo 'PACKAGER_PRIVKEY="/k.rsa"' >"$box/home/.abuild/abuild.conf"
for p in apk abuild-sign abuild-apk xorrisofs mformat mcopy grub-mkimage mksquashfs update-kernel; do
	printf '#!/bin/sh\nexit 0\n' >"$box/bin/$p"
done
printf '#!/bin/sh\nexec "$@"\n' >"$box/bin/fakeroot"
cat >"$box/bin/mkimage.sh" <<-'END'
	#!/bin/sh
	set -eu
	echo run >>"$LOG/runs"
	pwd >"$LOG/cwd"
	env >"$LOG/env"
	echo "$*" >"$LOG/args"
	ls "${PWD}" >"$LOG/cwd.ls"
	while [ $# -gt 0 ]; do
		case $1 in
		--tag) tag=$2 ;;
		--outdir) outdir=$2 ;;
		--workdir) workdir=$2 ;;
		--profile) profile=$2 ;;
		esac
		shift 2
	done
	ls "$workdir" >"$LOG/sections"
	ls "$HOME/.mkimage" >"$LOG/plugins"
	[ -z "${STUB_FAIL-}" ] || exit 1
	[ -d "$workdir/kernel_a" ] || {
		mkdir -p "$workdir/kernel_a/boot"
		cp "$LOG/vmlinuz" "$workdir/kernel_a/boot/vmlinuz-lts"
		echo initramfs >"$workdir/kernel_a/boot/initramfs-lts"
		echo modloop >"$workdir/kernel_a/boot/modloop-lts"
	}
	mkdir -p "$workdir/apks_a/apks" "$workdir/apkovl_bee_b"
	# The real one looks for the relative name here, in $HOME/.mkimage and
	# beside itself; its checksum it takes from here only.
	[ -f "$PWD/genapkovl-bee.sh" ] || echo "no genapkovl-bee.sh in $PWD" >&2
	(cd "$workdir/apkovl_bee_b" && fakeroot sh "$HOME/.mkimage/genapkovl-bee.sh" bee)
	image=$workdir/image-1-x86_64-$profile
	mkdir -p "$image/boot" "$image/apks/x86_64"
	sed -e 's/ *#.*//' -e '/^ *$/d' "$BEE_BUILDER/packages" | while read -r p; do
		[ "$p" = "${STUB_LACKS-}" ] || : >"$image/apks/x86_64/$p-1.2-r0.apk"
	done
	for f in "$workdir"/kernel_a/boot/* "$workdir"/apkovl_bee_b/boot/*; do ln -s "$f" "$image/boot/${f##*/}"; done
	ln -s "$workdir/apkovl_bee_b/bee.apkovl.tar.gz" "$image/"
	cp "$workdir/apkovl_bee_b/bee.apkovl.tar.gz" "$LOG/packed"
	[ -z "${STUB_NOTHING-}" ] || exit 0
	case $profile in
	bee)
		{
			dd if=/dev/zero bs=1 count=32808
			printf '%-32s' "alpine-${STUB_ABBREV:-bee} $tag x86_64"
		} 2>/dev/null >"$outdir/bee-$tag-x86_64.iso"
		;;
	*)
		tar -chzf "$outdir/bee-netboot-$tag-x86_64.tar.gz" -C "$image" boot apks
		;;
	esac
END
chmod 0755 "$box"/bin/*
LOG=$box/log COUNT=$box/compiled
mkdir -p "$LOG"
vmlinuz "$LOG/vmlinuz" 6.12.8-0-lts
export LOG COUNT

# build ARGUMENT...: in that world.
build() {
	env PATH="$box/bin:$PATH" HOME="$box/home" BEE_ETC="$box/etc" BEE_WORK="$box/made" BEE_VERSIONS="$box/pins" \
		BEE_DIST="$tree/dist" APORTS='' "$SH" "$builder/build.sh" "$@"
}
status() { git -C "$tree" status --porcelain --untracked-files=all; }
# driver DIR KVER: a finished folder of build-nvidia-module.sh.
driver() {
	mkdir -p "$1/modules" "$1/lib" "$1/bin" "$1/firmware/580.1"
	for m in nvidia nvidia-uvm; do echo "$m" >"$1/modules/$m.ko"; done
	printf 'nvidia\nnvidia-uvm\n' >"$1/modules/load.order"
	echo ml >"$1/lib/libnvidia-ml.so.580.1"
	ln -sf libnvidia-ml.so.580.1 "$1/lib/libnvidia-ml.so.1"
	echo gsp >"$1/firmware/580.1/gsp_ga10x.bin"
	printf '#!/bin/sh\n' >"$1/bin/nvidia-smi" && chmod 0755 "$1/bin/nvidia-smi"
	echo 580.1-closed >"$1/VERSION"
	echo "$2" >"$1/KVER"
	echo key >"$1/.complete"
}

# The whole way.
first 'the image is built' build --no-nvidia
isofile=$tree/dist/iso/bee-1.2-x86_64.iso
ok 'it is there' test -s "$isofile"
ok 'with its checksum' sh -c 'cd "$1" && sha256sum -c --quiet bee-1.2-x86_64.iso.sha256' - "$tree/dist/iso"
ok 'Q the tree is as it was' equal "$(status)" ''
ok 'Q the commit is stamped clean' line "$tree/dist/stage/overlay/etc/bee-release" BEE_DIRTY=no
ok 'H mkimage.sh runs in its own folder' equal "$(cat "$LOG/cwd")" "$box/made/run"
ok 'H the apkovl script is in it' line "$LOG/cwd.ls" genapkovl-bee.sh
ok 'mkimage.sh finds the profile' line "$LOG/plugins" mkimg.bee.sh
ok 'temporary files are with the work' line "$LOG/env" "TMPDIR=$box/made/tmp"
ok 'the overlay is the staged one' line "$LOG/env" "BEE_OVERLAY=$tree/dist/stage/overlay"
ok 'both repositories' has "$(cat "$LOG/args")" 'v3.21/main .*v3.21/community'
ok 'one time for all' line "$LOG/env" SOURCE_DATE_EPOCH=1700000000
ok 'compiled once' equal "$(sort "$COUNT" | uniq -c | tr -s ' ')" ' 2 compile'

# Caches: by content.
ok 'again' build --no-nvidia
ok 'nothing is compiled again' equal "$(wc -l <"$COUNT" | tr -d ' ')" 2
touch "$tree/cmd/audit/main.go"
build --no-nvidia compile >/dev/null 2>&1
ok 'nor for a new time of a file' equal "$(wc -l <"$COUNT" | tr -d ' ')" 2
echo '// changed' >>"$tree/cmd/audit/main.go"
build --no-nvidia compile >/dev/null 2>&1
ok 'for a new content it is' equal "$(wc -l <"$COUNT" | tr -d ' ')" 4
ok 'Q a changed tree is stamped so' sh -c '"$@" 2>&1 | grep "not committed"' - env PATH="$box/bin:$PATH" BEE_DIST="$tree/dist" "$SH" "$builder/build.sh" compile
git -C "$tree" checkout -q .

# Row G.
ok 'G no apkovl section is kept' hasnt "$(cat "$LOG/sections")" '^apkovl_'
ok 'G the others are' has "$(cat "$LOG/sections")" '^kernel_a'
ok 'G and no image' hasnt "$(cat "$LOG/sections")" '^image-'
echo '# new' >>"$tree/iso/overlay/etc/inittab"
build --no-nvidia >/dev/null 2>&1
ok 'G a changed overlay is packed' sh -c 'tar -xzOf "$1" etc/inittab | grep -q "# new"' - "$LOG/packed"
git -C "$tree" checkout -q .

# Row I.
rm -f "$isofile"
refuses 'I no image is a failure' 'there is no .*bee-1.2-x86_64.iso' env STUB_NOTHING=1 PATH="$box/bin:$PATH" HOME="$box/home" \
	BEE_ETC="$box/etc" BEE_WORK="$box/made" BEE_VERSIONS="$box/pins" BEE_DIST="$tree/dist" APORTS='' "$SH" "$builder/build.sh" --no-nvidia
ok 'I and leaves none' test ! -e "$isofile"
echo old >"$box/made/out/bee-1.2-x86_64.iso"
STUB_NOTHING=1
export STUB_NOTHING
refuses 'I an old image is none' 'there is no .*bee-1.2-x86_64.iso' build --no-nvidia
unset STUB_NOTHING
STUB_ABBREV=other
export STUB_ABBREV
refuses 'I the volume has its name' "named 'alpine-other 1.2" build --no-nvidia
unset STUB_ABBREV
STUB_LACKS=ipmitool
export STUB_LACKS
refuses 'K a package of the world that is not on the medium' 'lacks packages of the world: ipmitool' build --no-nvidia
unset STUB_LACKS
STUB_FAIL=1
export STUB_FAIL
refuses 'mkimage.sh fails' 'mkimage.sh failed' build --no-nvidia
unset STUB_FAIL
commit_all v1.2.3-with-a-very-long-name
ok 'I with a long tag' build --no-nvidia
ok 'I the tag is cut' has "$(cat "$LOG/args")" '^--tag [0-9a-f]{10} '
ok 'I 32 characters' test "$(sed -n 's/^--tag \([^ ]*\) .*/alpine-bee \1 x86_64/p' "$LOG/args" | tr -d '\n' | wc -c)" -le 32
echo dirt >"$tree/dirt"
ok 'I and dirty' build --no-nvidia
ok 'I which is still short' has "$(cat "$LOG/args")" '^--tag [0-9a-f]{10}-d '
rm -f "$tree/dirt"
git -C "$tree" tag -d v1.2.3-with-a-very-long-name >/dev/null

# Row P: kernel and modules are a pair.
driver "$box/drv" 6.12.9-0-lts
: >"$LOG/runs"
vmlinuz "$LOG/vmlinuz" 6.12.9-0-lts
ok 'P a kept kernel of another release' build --nvidia "$box/drv"
ok 'P is dropped before' hasnt "$(cat "$LOG/sections")" '^kernel_'
ok 'P and built once' equal "$(wc -l <"$LOG/runs" | tr -d ' ')" 1
ok 'P the same kernel is kept' sh -c '"$@" >/dev/null 2>&1' - env PATH="$box/bin:$PATH" HOME="$box/home" BEE_ETC="$box/etc" BEE_WORK="$box/made" \
	BEE_VERSIONS="$box/pins" BEE_DIST="$tree/dist" APORTS='' "$SH" "$builder/build.sh" --nvidia "$box/drv"
ok 'P with its section' has "$(cat "$LOG/sections")" '^kernel_a'
vmlinuz "$LOG/vmlinuz" 6.12.7-0-lts
rm -rf "$box/made/mk/kernel_a"
: >"$LOG/runs"
refuses 'P another kernel twice' 'the NVIDIA modules are for 6.12.9-0-lts: they would not load' build --nvidia "$box/drv"
ok 'P is tried again once' equal "$(wc -l <"$LOG/runs" | tr -d ' ')" 2
vmlinuz "$LOG/vmlinuz" 6.18.1-0-lts
rm -rf "$box/made/mk/kernel_a"
refuses 'P a kernel of another series' 'pinned is the series 6.12' build --no-nvidia
vmlinuz "$LOG/vmlinuz" 6.12.9-0-lts
rm -rf "$box/made/mk/kernel_a"

# The driver in the overlay.
ok 'the driver is staged' build --nvidia "$box/drv" stage apkovl
o=$tree/dist/stage/overlay
ok 'M modules outside /lib' test -f "$o/usr/local/lib/nvidia/nvidia-uvm.ko"
ok 'M with their order' test -f "$o/usr/local/lib/nvidia/load.order"
ok 'E firmware outside /lib' test -f "$o/usr/local/lib/firmware/nvidia/580.1/gsp_ga10x.bin"
ok 'the library has its link' equal "$(readlink -f "$o/usr/lib/libnvidia-ml.so.1")" "$o/usr/local/lib/nvidia/libnvidia-ml.so.580.1"
ok 'nvidia-smi' test -x "$o/usr/local/bin/nvidia-smi"
ok 'P its kernel is written down' line "$o/etc/bee-release" BEE_KVER=6.12.9-0-lts
ok 'its version too' line "$o/etc/bee-release" BEE_NVIDIA=580.1-closed

# Netboot.
ok 'netboot' build --no-nvidia stage apkovl netboot
n=$tree/dist/iso/netboot
ok 'netboot: checksums' sh -c 'cd "$1" && sha256sum -c --quiet SHA256SUMS && [ "$(wc -l <SHA256SUMS)" = 3 ]' - "$n"
size=$(wc -c <"$n/initramfs-lts")
cpio_size=$(wc -c <"$box/made/netboot/boot/bee.cpio")
ok 'L netboot: the apkovl is at the end of the initramfs' sh -c 'tail -c "$1" "$2" | cmp - "$3"' - "$cpio_size" "$n/initramfs-lts" "$box/made/netboot/boot/bee.cpio"
ok 'L netboot: where the kernel looks for it' equal $(((size - cpio_size) % 4)) 0
ok 'U netboot: nouveau is off' has "$(cat "$n/cmdline")" ' modprobe.blacklist=nouveau,nova_core '
ok 'L netboot: the apkovl is its own' has "$(cat "$n/cmdline")" ' apkovl=/bee.apkovl.tar.gz '
ok 'netboot: the apkovl does not lie beside' test -z "$(find "$n" -name '*apkovl*')"

# Signing.
printf '#!/bin/sh\necho "$@" >>"%s/signed"\nwhile [ $# -gt 1 ]; do [ "$1" = --output ] && out=$2; shift; done\ncp "$1" "$out"\n' "$LOG" >"$box/bin/sbsign"
printf '#!/bin/sh\nexit 0\n' >"$box/bin/sbverify"
chmod 0755 "$box/bin/sbsign" "$box/bin/sbverify"
echo key >"$box/k" && echo cert >"$box/c"
ok 'signing' build --no-nvidia --sign-key "$box/k" --sign-cert "$box/c"
ok 'signing: sections of another key are not kept' hasnt "$(cat "$LOG/sections")" '^kernel_'
printf '#!/bin/sh\necho "$*" >"%s/real"\nfor a; do case $a in --output=*) echo img >"${a#--output=}" ;; esac; done\n' "$LOG" >"$box/bin/grub-mkimage"
sed -i "s|^\"[^\"]*\" --disable|\"$box/bin/grub-mkimage\" --disable|" "$box/made/wrap/grub-mkimage"
ok 'signing: the boot loader' env PATH="$box/bin:$PATH" sh "$box/made/wrap/grub-mkimage" --output="$box/g.efi" linux
ok 'signing: without a shim' has "$(cat "$LOG/real")" '--disable-shim-lock'
ok 'signing: with the key' has "$(cat "$LOG/signed")" "--key $box/k --cert $box/c --output $box/g.efi"
refuses 'signing: a key alone' '--sign-cert' build --sign-key "$box/k" compile
ok 'signing: off again' build --no-nvidia
ok 'signing: nothing signed is kept' hasnt "$(cat "$LOG/sections")" '^kernel_'
ok 'signing: no more' test ! -e "$box/made/wrap/grub-mkimage"

# Access.
stage() {
	stage_out=$1
	shift
	build --stage-only "$stage_out" "$@"
}
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9aq8N3 me@here' >"$box/key.pub"
ok 'access: a key' stage "$box/k1" --authorized-keys "$box/key.pub"
ok 'access: 0600' equal "$(tar -tvzf "$box/k1/bee.apkovl.tar.gz" root/.ssh/authorized_keys | cut -c 1-10)" -rw-------
ok 'access: its folder 0700' has "$(tar -tvzf "$box/k1/bee.apkovl.tar.gz")" '^drwx------ .* root/\.ssh/$'
ok 'access: /root 0700' has "$(tar -tvzf "$box/k1/bee.apkovl.tar.gz")" '^drwx------ .* root/$'
ok 'access: keys of the command line are refused' test ! -e "$box/k1/overlay/etc/bee/allow-cmdline-keys"
ok 'access: unless built so' stage "$box/k2" --authorized-keys "$box/key.pub" --allow-cmdline-keys
ok 'access: which is a file' test -e "$box/k2/overlay/etc/bee/allow-cmdline-keys"
echo '-----BEGIN OPENSSH PRIVATE KEY-----' >"$box/key"
refuses 'access: a private key' 'private key' stage "$box/k3" --authorized-keys "$box/key"
: >"$box/empty"
refuses 'access: an empty file' 'holds no key' stage "$box/k3" --authorized-keys "$box/empty"
echo 'ssh-dss AAAAB3NzaC1kc3M' >"$box/dss"
refuses 'access: a kind that dropbear does not know' 'no public key that dropbear knows' stage "$box/k3" --authorized-keys "$box/dss"
refuses 'access: no such file' 'there is no file' stage "$box/k3" --authorized-keys "$box/nowhere"
good=$(openssl passwd -6 -salt abcdefgh 'dr1nk-the-0cean-8')
ok 'B a hash' stage "$box/h1" --password-hash "$good"
ok 'B is carried' line "$box/h1/overlay/etc/bee/password-hash" "$good"
ok 'B 0600' equal "$(tar -tvzf "$box/h1/bee.apkovl.tar.gz" etc/bee/password-hash | cut -c 1-10)" -rw-------
refuses 'B clear text' 'no crypt hash' stage "$box/h2" --password-hash 'Tr0ub4dor'
ok 'B and it is not repeated' sh -c '! "$@" 2>&1 | grep -q Tr0ub4dor' - "$SH" "$builder/build.sh" --password-hash 'Tr0ub4dor' compile
refuses 'B a blank hash' 'blank' stage "$box/h2" --password-hash ''
refuses 'B the hash of nothing' 'well-known' stage "$box/h2" \
	--password-hash '$6$saltsalt$qkTgsCrWMTAS9gBGcf9W60sFfH.hU0oTCAOJjhbz5tSp/sU3/xXZK4OFwCtq8lIIdpJ6CatVdOTSHKp97TPkt/'
for p in bee root alpine calvin ADMIN; do
	refuses "B the hash of the known password '$p'" 'well-known' stage "$box/h2" --password-hash "$(openssl passwd -6 -salt saltsalt "$p")"
done
refuses 'B the same with SHA-256' 'well-known' stage "$box/h2" --password-hash "$(openssl passwd -5 -salt saltsalt password)"
refuses 'B MD5' 'too weak' stage "$box/h2" --password-hash "$(openssl passwd -1 -salt saltsalt 'dr1nk-the-0cean-8')"
refuses 'B yescrypt, which musl does not know' 'not known to musl' stage "$box/h2" --password-hash '$y$j9T$abcdefgh$0123456789012345678901234567890123456789012'
refuses 'B keys and a hash' 'exclude each other' stage "$box/h2" --password-hash "$good" --authorized-keys "$box/key.pub"

mkdir -p "$tree/iso/overlay/etc/bee"
echo token >"$tree/iso/overlay/etc/bee/push-token"
chmod 0644 "$tree/iso/overlay/etc/bee/push-token"
ok 'access: a token of a private checkout' stage "$box/t1"
ok 'access: is 0600' equal "$(tar -tvzf "$box/t1/bee.apkovl.tar.gz" etc/bee/push-token | cut -c 1-10)" -rw-------
rm "$tree/iso/overlay/etc/bee/push-token"

# Vendors' binaries.
mkdir -p "$tree/iso/vendor/files"
echo storcli >"$tree/iso/vendor/files/storcli64"
refuses 'vendor: a file without a hash' 'no SHA-256 for it' stage "$box/v1"
sum=$(sha256sum "$tree/iso/vendor/files/storcli64" | cut -d ' ' -f 1)
sed -i "s/^\(storcli64 *[^ ]* *\)-/\1$sum/" "$tree/iso/vendor/manifest"
ok 'vendor: with its hash' stage "$box/v1"
ok 'vendor: it is in' test -x "$box/v1/overlay/usr/local/bin/storcli64"
echo more >>"$tree/iso/vendor/files/storcli64"
refuses 'vendor: another content' 'the manifest says' stage "$box/v1"
rm "$tree/iso/vendor/files/storcli64"
ok 'vendor: none is a notice' sh -c '"$@" 2>&1 | grep "storcli64 is not in"' - env PATH="$box/bin:$PATH" BEE_DIST="$tree/dist" "$SH" "$builder/build.sh" vendor
echo x >"$tree/iso/vendor/files/unknown"
refuses 'vendor: an unknown file' 'not in iso/vendor/manifest' stage "$box/v1"
rm "$tree/iso/vendor/files/unknown"
echo burn >"$tree/iso/vendor/files/gpu_burn"
sum=$(sha256sum "$tree/iso/vendor/files/gpu_burn" | cut -d ' ' -f 1)
sed -i "s/^\(gpu_burn *[^ ]* *\)-/\1$sum/" "$tree/iso/vendor/manifest"
refuses 'vendor: gpu_burn without compare.ptx' 'together or not at all' stage "$box/v1"
ok 'vendor: files are not tracked' hasnt "$(status)" 'vendor/files'
rm -rf "$tree/iso/vendor/files"
git -C "$tree" checkout -q .

# What is wrong is said.
refuses 'an unknown option' 'unknown option --nope' build --nope
refuses 'an unknown step' 'the steps are' build nope
refuses 'an option without value' 'needs a value' build --out
refuses 'iso without stage' 'run the step stage' env BEE_DIST="$box/d2" "$SH" "$builder/build.sh" iso
refuses 'not on Alpine' 'this machine is not Alpine' env BEE_ETC="$box/nowhere" BEE_DIST="$tree/dist" "$SH" "$builder/build.sh" iso
echo 3.20.1 >"$box/etc/alpine-release"
refuses 'another Alpine' 'this is Alpine 3.20.1' build iso
echo 3.21.4 >"$box/etc/alpine-release"
rm "$box/bin/mformat"
[ -n "$(command -v mformat)" ] || refuses 'a program that is missing is named' 'not in PATH: mformat' build iso
printf '#!/bin/sh\n' >"$box/bin/mformat" && chmod 0755 "$box/bin/mformat"
rm "$box/home/.abuild/abuild.conf"
refuses 'no key of abuild' 'abuild-keygen' build iso
ok 'help' sh -c '"$1" "$2" --help | grep -q -- --stage-only' - "$SH" "$builder/build.sh"
ok 'Q the tree is clean in the end' equal "$(status)" ''
finish

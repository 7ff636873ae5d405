#!/bin/sh
# t2.sh: the second tier: NVIDIA's driver without NVIDIA. Modules of our own out
# of a stand-in for their installer are built against the headers of this
# Debian; then the service that loads them runs in a root of its own.
# Headers: BEE_HEADERS, else the newest of /usr/src.
# shellcheck disable=SC1091,SC2012,SC2016,SC2154 # Sourced; patterns.
set -u
. "$(dirname "$0")/t1-lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$box" || exit
version=999.1

if [ -z "${BEE_HEADERS-}" ]; then
	for dir in /usr/src/linux-headers-*; do
		[ -f "$dir/include/generated/utsrelease.h" ] && BEE_HEADERS=$dir
	done
fi
if [ -z "${BEE_HEADERS-}" ]; then
	echo 't2.sh: there are no kernel headers: apt-get install linux-headers-amd64' >&2
	exit 1
fi
kver=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$BEE_HEADERS/include/generated/utsrelease.h")
series=$(echo "$kver" | cut -d . -f 1-2)

# pins FILE SHA256 [SERIES]
pins() {
	cat >"$1" <<-END
		KERNEL_FLAVOUR=lts
		KERNEL_SERIES=${3:-$series}
		NVIDIA_VERSION=$version
		NVIDIA_FLAVOUR=${flavour:-closed}
		NVIDIA_SHA256=$2
		NVIDIA_URL=https://example.com/NVIDIA.run
		NVIDIA_MODULES="nvidia nvidia-uvm"
	END
}
sha() { sha256sum "$1" | cut -d ' ' -f 1; }
sh "$here/t2-run.sh" "$box/good.run" "$version" || exit
pins "$box/pins" "$(sha "$box/good.run")"

# curl of the test: brings SERVED, and counts.
mkdir -p "$box/bin"
printf '#!/bin/sh\necho fetch >>"%s/fetched"\nwhile [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done\n[ -f "$SERVED" ] && cp "$SERVED" "$out"\n' "$box" >"$box/bin/curl"
chmod 0755 "$box/bin/curl"
SERVED=$box/good.run
export SERVED
fetched() { if [ -f "$box/fetched" ]; then wc -l <"$box/fetched" | tr -d ' '; else echo 0; fi; }

# make_driver DIST OPTION...
make_driver() {
	make_dist=$1
	shift
	env PATH="$box/bin:$PATH" BEE_VERSIONS="${PINS:-$box/pins}" BEE_USR_SRC="${USR_SRC:-$box/none}" \
		"$SH" "$builder/build-nvidia-module.sh" --dist "$make_dist" "$@"
}
# The same with the headers of this machine.
driver() {
	driver_dist=$1
	shift
	make_driver "$driver_dist" --headers "$BEE_HEADERS" "$@"
}

first 'the stand-in is built' driver "$box/d" --print "$box/printed"
r=$box/d/nvidia-$version-closed-$kver
ok 'the result says where it is' equal "$(cat "$box/printed")" "$r"
ok 'fetched once' equal "$(fetched)" 1
for m in nvidia nvidia-uvm; do
	ok "P $m is of the kernel" equal "$(modinfo -F vermagic "$r/modules/$m.ko" | cut -d ' ' -f 1)" "$kver"
done
ok 'P the kernel is written down' equal "$(cat "$r/KVER")" "$kver"
ok 'M the second needs the first' equal "$(modinfo -F depends "$r/modules/nvidia-uvm.ko")" nvidia
ok 'M the first needs drm' has "$(modinfo -F depends "$r/modules/nvidia.ko")" drm
ok 'stripped' sh -c '! readelf -S "$1" | grep -q "\.debug_info"' - "$r/modules/nvidia.ko"
ok 'E the firmware, with its version' test -f "$r/firmware/$version/gsp_ga10x.bin"
ok 'the libraries have their links' equal "$(readlink "$r/lib/libnvidia-ml.so.1") $(readlink "$r/lib/libcuda.so.1")" "libnvidia-ml.so.$version libcuda.so.$version"
ok 'nvidia-smi' equal "$("$r/bin/nvidia-smi")" "stand-in $version"
ok 'nothing else is left' equal "$(ls -A "$box/d" | tr '\n' ' ')" "NVIDIA-Linux-x86_64-$version.run nvidia-$version-closed-$kver "

# The cache.
before=$(stat -c %i "$r")
ok 'again' driver "$box/d"
ok 'from the cache' equal "$(stat -c %i "$r")" "$before"
ok 'nothing fetched' equal "$(fetched)" 1
echo x >>"$r/modules/nvidia.ko"
ok 'a damaged result is built again' sh -c '"$@" 2>&1 | grep "is damaged: building again"' - env PATH="$box/bin:$PATH" BEE_VERSIONS="$box/pins" "$SH" "$builder/build-nvidia-module.sh" --dist "$box/d" --headers "$BEE_HEADERS"
ok 'and whole' sh -c 'cd "$1" && sha256sum -c --quiet SHA256SUMS' - "$r"
ok 'without another fetch' equal "$(fetched)" 1

# Checksums.
echo more >>"$box/d/NVIDIA-Linux-x86_64-$version.run"
rm -rf "$r"
refuses 'a kept installer of another content' 'SHA-256 is .*, not .*: removed' driver "$box/d"
ok 'which is removed' test ! -e "$box/d/NVIDIA-Linux-x86_64-$version.run"
sh "$here/t2-run.sh" "$box/other.run" 999.2
SERVED=$box/other.run
refuses 'a download of another content' 'SHA-256 is .*: not kept' driver "$box/d"
ok 'which is not kept' test -z "$(find "$box/d" -name 'NVIDIA*')"
SERVED=$box/nowhere
refuses 'a download that fails' 'could not be fetched' driver "$box/d"
ok 'and leaves nothing' test -z "$(find "$box/d" -name 'NVIDIA*')"
SERVED=$box/good.run
sed '$ s/$/x/' "$box/good.run" >"$box/broken.run"
PINS=$box/broken.pins
pins "$PINS" "$(sha "$box/broken.run")"
refuses 'an installer that is broken inside' 'its own check fails' driver "$box/d2" --run "$box/broken.run"
unset PINS

# Row P.
refuses 'P the headers of another kernel' 'the image.s kernel is 6.12.8-0-lts' driver "$box/d" --kver 6.12.8-0-lts
PINS=$box/series.pins
pins "$PINS" "$(sha "$box/good.run")" 6.99
refuses 'P a kernel of another series' 'is not of the series 6.99' driver "$box/d"
unset PINS
# tree NAME RELEASE: headers that only say what they are of.
tree() {
	mkdir -p "$box/src/linux-headers-$1/include/generated"
	printf '#define UTS_RELEASE "%s"\n' "$2" >"$box/src/linux-headers-$1/include/generated/utsrelease.h"
}
USR_SRC=$box/src
export USR_SRC
refuses 'P no headers' 'there are no kernel headers' make_driver "$box/d"
tree "$series.1-0-lts" "$series.2-0-lts"
refuses 'P headers whose name says something else' "says it is of kernel $series.2-0-lts" make_driver "$box/d"
rm -rf "$box/src"
tree "$series.1-0-lts" "$series.1-0-lts"
tree "$series.2-0-lts" "$series.2-0-lts"
refuses 'P two trees' 'there are 2 trees of kernel headers' make_driver "$box/d"
rm -rf "$box/src"
mkdir -p "$box/src/linux-headers-x"
refuses 'P a tree that says nothing' 'does not say which kernel' make_driver "$box/d"
rm -rf "$box/src" && mkdir "$box/src"
ln -s "$BEE_HEADERS" "$box/src/linux-headers-$kver"
printf '#!/bin/sh\necho "$*" >"%s/apk"\n' "$box" >"$box/bin/apk"
chmod 0755 "$box/bin/apk"
ok 'P the only tree is taken' make_driver "$box/d"
ok 'P after the package was updated' has "$(cat "$box/apk")" '^add .*--update-cache linux-lts-dev$'
rm "$box/bin/apk"
unset USR_SRC
sh "$here/t2-run.sh" "$box/stale.run" "$version" stale
PINS=$box/stale.pins
pins "$PINS" "$(sha "$box/stale.run")"
refuses 'P a module of another kernel' 'nvidia.ko is of kernel .*-old, not' driver "$box/d3" --run "$box/stale.run"

# Row M: the list of versions.env is held against the modules themselves.
sh "$here/t2-run.sh" "$box/order.run" "$version" order
pins "$PINS" "$(sha "$box/order.run")"
refuses 'M a list in the wrong order' 'loads nvidia before nvidia-uvm, whose symbols it needs' driver "$box/d4" --run "$box/order.run"
for variant in nosmi noml; do
	sh "$here/t2-run.sh" "$box/$variant.run" "$version" $variant
	pins "$PINS" "$(sha "$box/$variant.run")"
	refuses "an installer without ${variant#no}" 'holds no' driver "$box/d5" --run "$box/$variant.run"
done
flavour=open
pins "$PINS" "$(sha "$box/good.run")"
flavour=
refuses 'a flavour that is not in it' 'has no modules of the flavour open' driver "$box/d6" --run "$box/good.run"
unset PINS

# The whole builder takes it.
mkdir -p "$box/programs" && programs "$box/programs"
ok 'build.sh stages it' env BEE_DIST="$box/bd" BEE_VENDOR="$box/none" SOURCE_DATE_EPOCH=1700000000 \
	"$SH" "$builder/build.sh" --binaries "$box/programs" --nvidia "$r" --stage-only "$box/staged"
root=$box/root
mkdir -p "$root"
ok 'the apkovl unpacks' tar -xzf "$box/staged/bee.apkovl.tar.gz" -C "$root"
lib=$root/usr/local/lib/nvidia
ok 'the modules arrive as they were' cmp "$lib/nvidia-uvm.ko" "$r/modules/nvidia-uvm.ko"
# T2_KEEP: for mutants, which need no other driver.
[ -z "${T2_KEEP-}" ] || cp -R -P "$root" "$T2_KEEP"
sh "$here/t2-load.sh" "$root" || failed=$((failed + 1))
finish

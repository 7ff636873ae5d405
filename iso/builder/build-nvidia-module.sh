#!/bin/sh
# build-nvidia-module.sh: NVIDIA's kernel modules, libraries, nvidia-smi and GSP
# firmware for one kernel, kept in DIST/nvidia-VERSION-KVER. --help says how.
# shellcheck disable=SC1090,SC1091,SC2034 # What is sourced is checked alone.
set -eu
umask 022
LC_ALL=C
export LC_ALL

me=build-nvidia-module.sh
builder=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$builder/../.." && pwd)
. "${BEE_VERSIONS-$builder/versions.env}"
. "$builder/lib.sh"

usage() {
	cat <<END
build-nvidia-module.sh [OPTION...]: build NVIDIA's driver for the image's kernel.

  --headers DIR    the kernel's headers (default: the only /usr/src/linux-headers-*)
  --kver KVER      the kernel that the headers have to be of (default: theirs)
  --dist DIR       cache of downloads and results (default: dist)
  --run FILE       NVIDIA's installer (default: fetched into the cache)
  --print FILE     write the name of the result's folder here
  --help           this text

Version, flavour, checksum and modules are pinned in iso/builder/versions.env,
or in the file that BEE_VERSIONS names.
END
}

headers='' want_kver='' dist=${BEE_DIST-$top/dist} run='' print=''
usr_src=${BEE_USR_SRC-/usr/src}
while [ $# -gt 0 ]; do
	case $1 in
	--help | -h)
		usage
		exit 0
		;;
	--headers | --kver | --dist | --run | --print)
		[ $# -gt 1 ] || die "$1 needs a value"
		case $1 in
		--headers) headers=$2 ;;
		--kver) want_kver=$2 ;;
		--dist) dist=$2 ;;
		--run) run=$2 ;;
		--print) print=$2 ;;
		esac
		shift
		;;
	*) die "unknown argument $1" "build-nvidia-module.sh --help lists the options" ;;
	esac
	shift
done

# find_headers: the one tree of headers that there is. With two it is not known
# which of them is the image's.
find_headers() {
	if [ -n "$headers" ]; then
		[ -d "$headers" ] || die "--headers: there is no folder $headers"
		return
	fi
	if command -v apk >/dev/null 2>&1; then
		# Always, so that the headers are of today's kernel, as mkimage's is.
		apk add --quiet --update-cache "linux-$KERNEL_FLAVOUR-dev" ||
			die "apk could not install linux-$KERNEL_FLAVOUR-dev" "its messages are above; as root, and with the main repository"
	fi
	set -- "$usr_src"/linux-headers-*
	[ -d "$1" ] || die "there are no kernel headers: no folder $usr_src/linux-headers-*" \
		"on Alpine: apk add linux-$KERNEL_FLAVOUR-dev; elsewhere name them with --headers"
	[ $# = 1 ] || die "there are $# trees of kernel headers: $*" \
		"which of them is the image's is not known: remove the others, or name one with --headers"
	headers=$1
}

# find_kver: the release that the headers are of; their name has to agree.
find_kver() {
	# What modules are stamped with; include/config/kernel.release is another
	# thing on Debian.
	kver=$(sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' "$headers/include/generated/utsrelease.h" 2>/dev/null || true)
	[ -n "$kver" ] || die "$headers does not say which kernel it is of: no include/generated/utsrelease.h" "they are no prepared headers"
	case ${headers##*/} in
	linux-headers-*) [ "${headers##*/linux-headers-}" = "$kver" ] ||
		die "$headers says it is of kernel $kver" "folder and content do not belong together: install the headers again" ;;
	esac
	if [ -n "$want_kver" ] && [ "$want_kver" != "$kver" ]; then
		die "the headers are of kernel $kver, the image's kernel is $want_kver" \
			"modules of one do not load in the other: update both from the same mirror"
	fi
	case $kver in
	"$KERNEL_SERIES".*) ;;
	*) die "kernel $kver is not of the series $KERNEL_SERIES, which the driver $NVIDIA_VERSION is pinned with" \
		"change KERNEL_SERIES and NVIDIA_VERSION in iso/builder/versions.env together" ;;
	esac
}

# cached: is the result of the same inputs there, and still what it was?
cached() {
	[ "$(cat "$result/.complete" 2>/dev/null)" = "$key" ] || return 1
	(cd "$result" && sha256sum -c --quiet SHA256SUMS) >/dev/null 2>&1 || {
		notice "$result is damaged: building again"
		return 1
	}
}

extract() {
	run=${run:-$dist/NVIDIA-Linux-x86_64-$NVIDIA_VERSION.run}
	fetch "$NVIDIA_URL" "$run" "$NVIDIA_SHA256"
	sh "$run" --check >/dev/null || die "$run: its own check fails" "remove it and run this again"
	rm -rf "$work"
	mkdir -p "$work"
	sh "$run" --extract-only --target "$work/x" >/dev/null || die "$run could not be extracted to $work/x" "is there room? df $work"
}

compile() {
	sources=$work/x/kernel
	[ "$NVIDIA_FLAVOUR" = closed ] || sources=$work/x/kernel-open
	[ -d "$sources" ] || die "$run holds no ${sources##*/}: it has no modules of the flavour $NVIDIA_FLAVOUR" "the flavours are closed and open"
	# Debian has the sources in a tree of their own, which the Makefile of
	# the prepared one includes.
	set -- SYSSRC="$headers"
	if [ ! -f "$headers/include/linux/module.h" ]; then
		common=$(sed -n 's|^include \(.*\)/Makefile$|\1|p' "$headers/Makefile" | head -n 1)
		[ -f "$common/include/linux/module.h" ] || die "$headers holds no include/linux/module.h" "they are no complete headers"
		set -- SYSSRC="$common" SYSOUT="$headers"
	fi
	say "building the $NVIDIA_FLAVOUR modules $NVIDIA_VERSION for $kver"
	make -C "$sources" -j "$(nproc 2>/dev/null || echo 1)" KERNEL_UNAME="$kver" "$@" modules >"$work/make.log" 2>&1 || {
		tail -n 30 "$work/make.log" >&2
		cp "$work/make.log" "$dist/nvidia-make.log"
		die "the $NVIDIA_FLAVOUR modules $NVIDIA_VERSION do not build for $kver (all of it: $dist/nvidia-make.log)" \
			"driver and kernel are a pair: another NVIDIA_VERSION in iso/builder/versions.env may know this kernel"
	}
	mkdir -p "$work/out/modules"
	for module in $NVIDIA_MODULES; do
		[ -f "$sources/$module.ko" ] || die "$module.ko was not built" "NVIDIA_MODULES in iso/builder/versions.env lists it"
		cp "$sources/$module.ko" "$work/out/modules/"
		strip --strip-debug "$work/out/modules/$module.ko"
		magic=$(module_field vermagic "$work/out/modules/$module.ko")
		[ "${magic%% *}" = "$kver" ] || die "$module.ko is of kernel ${magic%% *}, not $kver" "the headers are not what they say"
	done
	check_order
	# For the service that loads them.
	# shellcheck disable=SC2086 # Words.
	printf '%s\n' $NVIDIA_MODULES >"$work/out/modules/load.order"
}

# module_field FIELD FILE: of a module, without needing modinfo.
module_field() { tr '\000' '\n' <"$2" | sed -n "s/^$1=//p" | head -n 1; }

# check_order: each module comes after those of ours whose symbols it needs.
check_order() {
	seen=
	for module in $NVIDIA_MODULES; do
		for needed in $(module_field depends "$work/out/modules/$module.ko" | tr ',' ' '); do
			for ours in $NVIDIA_MODULES; do
				[ "$(echo "$ours" | tr - _)" = "$(echo "$needed" | tr - _)" ] || continue
				case " $seen " in
				*" $ours "*) ;;
				*) die "NVIDIA_MODULES loads $module before $ours, whose symbols it needs" "change the order in iso/builder/versions.env" ;;
				esac
			done
		done
		seen="$seen $module"
	done
}

# collect: what runs without a GPU's graphics: management, compute, firmware.
collect() {
	x=$work/x
	mkdir -p "$work/out/lib" "$work/out/bin" "$work/out/firmware"
	for library in libnvidia-ml libcuda libnvidia-ptxjitcompiler; do
		file=$library.so.$NVIDIA_VERSION
		if [ ! -f "$x/$file" ]; then
			[ "$library" != libnvidia-ml ] || die "$run holds no $file" "without it nobody can ask a GPU anything"
			notice "$run holds no $file"
			continue
		fi
		cp "$x/$file" "$work/out/lib/"
		ln -s "$file" "$work/out/lib/$library.so.1"
	done
	for program in nvidia-smi nvidia-persistenced; do
		[ -f "$x/$program" ] || continue
		install -m 0755 "$x/$program" "$work/out/bin/"
	done
	[ -f "$work/out/bin/nvidia-smi" ] || die "$run holds no nvidia-smi"
	if ls "$x"/firmware/gsp_*.bin >/dev/null 2>&1; then
		mkdir -p "$work/out/firmware/$NVIDIA_VERSION"
		cp "$x"/firmware/gsp_*.bin "$work/out/firmware/$NVIDIA_VERSION/"
	else
		notice "$run holds no GSP firmware: GPUs since Turing need it"
	fi
	echo "$NVIDIA_VERSION-$NVIDIA_FLAVOUR" >"$work/out/VERSION"
	echo "$kver" >"$work/out/KVER"
	(cd "$work/out" && find . -type f | sort | xargs sha256sum) >"$work/sums"
	mv "$work/sums" "$work/out/SHA256SUMS"
	echo "$key" >"$work/out/.complete"
}

mkdir -p "$dist"
dist=$(cd "$dist" && pwd)
find_headers
headers=$(cd "$headers" && pwd)
find_kver
result=$dist/nvidia-$NVIDIA_VERSION-$NVIDIA_FLAVOUR-$kver
# Which inputs this result would be of: pins, kernel and symbols, this script.
key=$({
	echo "$NVIDIA_VERSION $NVIDIA_FLAVOUR $NVIDIA_SHA256 $NVIDIA_MODULES $kver"
	[ ! -f "$headers/Module.symvers" ] || sha256 "$headers/Module.symvers"
	sha256 "$0"
} | sha256sum | cut -c 1-32)
if cached; then
	say "cached: $result"
else
	need "building the modules" make gcc strip
	work=$dist/.nvidia-work
	extract
	compile
	collect
	rm -rf "$result"
	mv "$work/out" "$result"
	rm -rf "$work"
	say "made $result"
fi
[ -z "$print" ] || printf '%s\n' "$result" >"$print"

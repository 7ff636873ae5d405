#!/bin/sh
# build.sh: build the live image, or one step of it. --help says how.
# shellcheck disable=SC1090,SC1091,SC2031,SC2034 # What is sourced is checked alone; it uses the variables.
set -eu
umask 022
LC_ALL=C
export LC_ALL

me=build.sh
builder=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$builder/../.." && pwd)
. "${BEE_VERSIONS-$builder/versions.env}"
. "$builder/lib.sh"
. "$builder/stage.sh"
. "$builder/credentials.sh"
. "$builder/image.sh"

steps="compile vendor nvidia stage apkovl iso"

usage() {
	cat <<END
build.sh [OPTION...] [STEP...]: build the live image.

Steps, in this order when none is named:
  compile   audit and its helpers, static
  vendor    check what iso/vendor/files holds against the manifest
  nvidia    the driver's modules and libraries, for the kernel of the image
  stage     lay overlay, programs, keys and versions into one folder
  apkovl    pack that folder: bee.apkovl.tar.gz
  iso       mkimage.sh of Alpine: the image (needs Alpine $ALPINE_VERSION)
  netboot   kernel, initramfs with the apkovl inside, modloop (needs Alpine;
            only when named, or with --netboot)
Compiled programs and driver modules are kept by the content of what they are
made from; the apkovl is always packed anew.

Options:
  --authorized-keys FILE  root logs in with these keys, and nobody with a password
  --password-hash HASH    user bee has this password, instead of one made at each
                          boot: a crypt hash ("openssl passwd -6"), never clear text
  --allow-cmdline-keys    bee.keys= of the kernel's command line is taken even when
                          keys are built in
  --stage-only OUT        compile, vendor, stage, apkovl into OUT, and stop: runs on
                          Debian too. OUT/overlay, OUT/bee.apkovl.tar.gz
  --out DIR               where the image goes (default: dist/iso)
  --no-nvidia             without the NVIDIA driver
  --nvidia DIR            take the driver from this folder of build-nvidia-module.sh
  --binaries DIR          take audit, audit-nvml... from here: nothing is compiled
  --netboot               make the netboot artefacts too
  --sign-key KEY --sign-cert CERT
                          sign kernel and boot loader for UEFI Secure Boot with
                          this key, whose certificate is in the firmware's db
  --aports DIR            checkout of Alpine's aports, branch $ALPINE_VERSION-stable
  --help                  this text

Environment: SOURCE_DATE_EPOCH (default: the time of the commit), BEE_DIST
(default: dist), BEE_WORK (mkimage's folder; default: /var/tmp/bee-iso),
ALPINE_MIRROR.
END
}

keys='' hash='' cmdline_keys=no stage_only='' out='' with_nvidia=yes nvidia_dir='' binaries=''
netboot=no sign_key='' sign_cert='' aports=${APORTS-}

# value OPTION [VALUE]: an option without its value is a mistake.
value() {
	if [ $# -lt 2 ] || [ -z "$2" ]; then
		die "$1 needs a value" "build.sh --help lists the options"
	fi
}

wanted=
while [ $# -gt 0 ]; do
	case $1 in
	--authorized-keys) value "$@" && keys=$2 && shift ;;
	--password-hash)
		[ $# -gt 1 ] || die "--password-hash needs a value"
		hash=$2
		check_hash "$hash"
		shift
		;;
	--allow-cmdline-keys) cmdline_keys=yes ;;
	--stage-only) value "$@" && stage_only=$2 && shift ;;
	--out) value "$@" && out=$2 && shift ;;
	--no-nvidia) with_nvidia=no ;;
	--nvidia) value "$@" && nvidia_dir=$2 && shift ;;
	--binaries) value "$@" && binaries=$2 && shift ;;
	--netboot) netboot=yes ;;
	--sign-key) value "$@" && sign_key=$2 && shift ;;
	--sign-cert) value "$@" && sign_cert=$2 && shift ;;
	--aports) value "$@" && aports=$2 && shift ;;
	--help | -h)
		usage
		exit 0
		;;
	-*) die "unknown option $1" "build.sh --help lists the options" ;;
	compile | vendor | nvidia | stage | apkovl | iso | netboot) wanted="$wanted $1" ;;
	*) die "unknown step $1" "the steps are: $steps netboot" ;;
	esac
	shift
done

if [ -n "$keys" ] && [ -n "$hash" ]; then
	die "--authorized-keys and --password-hash exclude each other" "with keys built in, no password works"
fi
[ -z "$keys" ] || check_keys "$keys"
if [ -n "$sign_key$sign_cert" ]; then
	[ -f "$sign_key" ] || die "--sign-key: there is no file '$sign_key'" "signing takes both --sign-key and --sign-cert"
	[ -f "$sign_cert" ] || die "--sign-cert: there is no file '$sign_cert'" "signing takes both --sign-key and --sign-cert"
fi

dist=${BEE_DIST-$top/dist}
work=${BEE_WORK-/var/tmp/bee-iso}
out=${out:-$dist/iso}
stage=${stage_only:-$dist/stage}
if [ -n "$stage_only" ]; then
	[ -z "$wanted" ] || die "--stage-only names its steps itself:$wanted is too much"
	wanted="compile vendor stage apkovl"
	[ -z "$nvidia_dir" ] || wanted="compile vendor nvidia stage apkovl"
	[ -n "$nvidia_dir" ] || with_nvidia=no
fi
if [ -z "$wanted" ]; then
	wanted=$steps
	[ "$netboot" = no ] || wanted="$wanted netboot"
fi
mkdir -p "$dist" "$stage"
dist=$(cd "$dist" && pwd)
stage=$(cd "$stage" && pwd)

identify
for step in $wanted; do
	say "step $step"
	"step_$step"
done

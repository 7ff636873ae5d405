#!/bin/sh
# grub-mkimage of a signed build: the image is signed after it was made. Without
# a shim there is nobody who could be asked about the kernel but the firmware.
set -eu
image=
for argument; do
	case $argument in
	--output=*) image=${argument#--output=} ;;
	esac
done
[ -n "$image" ] || {
	echo "grub-mkimage: no --output= to sign" >&2
	exit 1
}
"@REAL@" --disable-shim-lock "$@"
sbsign --key "@KEY@" --cert "@CERT@" --output "$image.signed" "$image"
sbverify --cert "@CERT@" "$image.signed"
mv "$image.signed" "$image"

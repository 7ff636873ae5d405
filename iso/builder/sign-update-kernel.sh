#!/bin/sh
# update-kernel of a signed build: the kernel is signed after it was put into
# the medium's folder, which is the last argument.
set -eu
"@REAL@" "$@"
for folder; do :; done
for kernel in "$folder"/boot/vmlinuz-*; do
	sbsign --key "@KEY@" --cert "@CERT@" --output "$kernel.signed" "$kernel"
	sbverify --cert "@CERT@" "$kernel.signed"
	mv "$kernel.signed" "$kernel"
done

#!/bin/sh
# t1.sh [PART...]: the first tier of the image's tests: what can be said about
# scripts and packed files in seconds, without Alpine and without a machine to
# boot. Parts: lint apkovl profile build. BEE_ISO names another copy of iso/.
# A name begins with the letter of the row in docs/iso.md that it holds.
set -u
cd "$(dirname "$0")/../.." || exit
here=iso/tests
result=0
for part in "${@:-lint apkovl profile build}"; do
	for p in $part; do
		sh "$here/t1-$p.sh" || result=1
	done
done
# Alpine's shell is busybox's: once more with it.
if [ $# = 0 ] && command -v busybox >/dev/null; then
	for p in apkovl build; do
		echo "with busybox sh:"
		SH='busybox sh' sh "$here/t1-$p.sh" || result=1
	done
fi
exit "$result"

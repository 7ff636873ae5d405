#!/bin/sh
# build-gpu-burn.sh [OUT]: gpu_burn and compare.ptx, from the pinned commit, with
# an installed CUDA toolkit; into iso/vendor/files. Both are made or neither.
# shellcheck disable=SC1090,SC1091,SC2034 # What is sourced is checked alone.
set -eu
umask 022
LC_ALL=C
export LC_ALL

me=build-gpu-burn.sh
builder=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$builder/../.." && pwd)
. "${BEE_VERSIONS-$builder/versions.env}"
. "$builder/lib.sh"

case ${1-} in
--help | -h)
	echo "build-gpu-burn.sh [OUT]: gpu_burn and compare.ptx with CUDA $CUDA_MINIMUM or newer (CUDA_HOME, /usr/local/cuda or PATH)"
	exit 0
	;;
-*) die "unknown option $1" "build-gpu-burn.sh --help" ;;
esac
out=${1:-$top/iso/vendor/files}
dist=${BEE_DIST-$top/dist}

cuda=${CUDA_HOME-}
if [ -z "$cuda" ]; then
	if nvcc=$(command -v nvcc); then
		cuda=$(cd "$(dirname "$(readlink -f "$nvcc")")/.." && pwd)
	else
		cuda=/usr/local/cuda
	fi
fi
[ -x "$cuda/bin/nvcc" ] || die "there is no CUDA toolkit: no nvcc in $cuda/bin" \
	"tried CUDA_HOME (${CUDA_HOME-not set}), PATH and /usr/local/cuda" \
	"install CUDA $CUDA_MINIMUM or newer on a glibc machine, or build the image without gpu_burn"
found=$("$cuda/bin/nvcc" --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')
[ "$(printf '%s\n%s\n' "$CUDA_MINIMUM" "${found:-0}" | sort -V | head -n 1)" = "$CUDA_MINIMUM" ] ||
	die "CUDA is ${found:-unknown}, and $CUDA_MINIMUM is the first that knows every GPU" "name a newer one with CUDA_HOME"
need "building gpu_burn" git g++

source=$dist/gpu-burn-$GPU_BURN_COMMIT
if [ "$(git -C "$source" rev-parse HEAD 2>/dev/null)" != "$GPU_BURN_COMMIT" ]; then
	rm -rf "$source"
	mkdir -p "$source"
	git -C "$source" init -q
	git -C "$source" fetch -q --depth 1 "$GPU_BURN_URL" "$GPU_BURN_COMMIT" ||
		die "$GPU_BURN_URL: the commit $GPU_BURN_COMMIT could not be fetched" "without a way to it: put a checkout of it at $source"
	git -C "$source" checkout -q --detach "$GPU_BURN_COMMIT"
fi
[ -z "$(git -C "$source" status --porcelain --untracked-files=no)" ] || die "$source is not what the commit says" "remove it and run this again"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# The oldest architecture that this CUDA knows runs on all newer ones, too: a
# PTX is compiled by the driver. The libraries go in: the image has none.
arch=$("$cuda/bin/nvcc" --list-gpu-arch | sort -V | head -n 1)
"$cuda/bin/nvcc" -arch="$arch" -ptx "$source/compare.cu" -o "$work/compare.ptx"
g++ -O3 -Wno-unused-result -std=c++11 -DIS_JETSON=false -I"$cuda/include" -c "$source/gpu_burn-drv.cpp" -o "$work/gpu_burn.o"
g++ -O3 -o "$work/gpu_burn" "$work/gpu_burn.o" -L"$cuda/lib64" -L"$cuda/lib64/stubs" \
	-lcuda -lcublas_static -lcublasLt_static -lculibos -lcudart_static -lpthread -ldl -lrt
if [ ! -s "$work/gpu_burn" ] || [ ! -s "$work/compare.ptx" ]; then
	die "the compilers ended well and did not make both gpu_burn and compare.ptx"
fi
mkdir -p "$out"
cp "$work/gpu_burn" "$out/gpu_burn.new"
cp "$work/compare.ptx" "$out/compare.ptx.new"
mv "$out/gpu_burn.new" "$out/gpu_burn"
mv "$out/compare.ptx.new" "$out/compare.ptx"
say "made $out/gpu_burn and compare.ptx; for iso/vendor/manifest:"
(cd "$out" && sha256sum gpu_burn compare.ptx)

#!/bin/sh
# go.sh: print the path of a Go toolchain new enough for go.mod. One that is
# installed is taken; else the pinned release is fetched through the module
# proxy, checked and kept below .cache/go.
set -eu
cd "$(dirname "$0")/.."

release=1.26.8
sha256_amd64=30c2b1bf7dcc88d3eb0a1364e47ddd9128edb3110a30e8a0ef61cd5856b31de7
sha256_arm64=02b36b6787b3ac767668f630e2998df45a3b1f9ffee08d1bf3ef6487cd658d99

wanted=$(sed -n 's/^go //p' go.mod)

# new_enough GO: is this toolchain at least as new as go.mod wants?
new_enough() {
	have=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null | sed 's/^go//; s/[^0-9.].*//') || return 1
	[ -n "$have" ] && [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -n 1)" = "$wanted" ]
}

for go in "${GO-}" go /usr/local/go/bin/go .cache/go/bin/go; do
	[ -n "$go" ] || continue
	path=$(command -v "$go") || continue
	if new_enough "$path"; then
		case $path in /*) ;; *) path=$PWD/$path ;; esac
		echo "$path"
		exit 0
	fi
done

case $(uname -m) in
	x86_64) arch=amd64 sha256=$sha256_amd64 ;;
	aarch64) arch=arm64 sha256=$sha256_arm64 ;;
	*) echo "go.sh: no Go $wanted found, and none pinned for $(uname -m): install it and try again" >&2; exit 1 ;;
esac
for tool in curl unzip sha256sum; do
	command -v "$tool" >/dev/null || { echo "go.sh: $tool is missing: apt-get install curl unzip" >&2; exit 1; }
done

proxy=${GOPROXY:-https://proxy.golang.org}
proxy=${proxy%%[,|]*}
case $proxy in
	*://*) ;;
	*) echo "go.sh: no Go $wanted or newer found, and GOPROXY=$proxy lets none be fetched: install it, or set GOPROXY" >&2; exit 1 ;;
esac
name=v0.0.1-go$release.linux-$arch
echo "go.sh: fetching Go $release from $proxy" >&2
mkdir -p .cache
work=$(mktemp -d .cache/go-fetch.XXXXXX)
trap 'rm -rf "$work"' EXIT
curl -fsSL --retry 3 -o "$work/go.zip" "$proxy/golang.org/toolchain/@v/$name.zip"
echo "$sha256  $work/go.zip" | sha256sum -c --quiet >&2 || { echo "go.sh: the download is not what it should be: nothing was installed" >&2; exit 1; }
unzip -q "$work/go.zip" -d "$work"
chmod -R a+x "$work/golang.org/toolchain@$name/bin" "$work/golang.org/toolchain@$name/pkg/tool"
rm -rf .cache/go
mv "$work/golang.org/toolchain@$name" .cache/go
echo "$PWD/.cache/go/bin/go"

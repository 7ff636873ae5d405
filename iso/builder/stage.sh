# shellcheck shell=sh
# stage.sh: the steps that any Linux can do. Sourced by build.sh.
# shellcheck disable=SC2034,SC2154 # Variables shared with build.sh and image.sh.

# identify: which state of the project this is. Nothing here changes the tree.
identify() {
	version=devel commit=unknown dirty=no
	if git -C "$top" rev-parse HEAD >/dev/null 2>&1; then
		version=$(git -C "$top" describe --tags --always --abbrev=10)
		commit=$(git -C "$top" rev-parse HEAD)
		if [ -n "$(git -C "$top" status --porcelain)" ]; then
			dirty=yes version=$version-dirty commit=$commit-dirty
			notice "the tree holds changes that are not committed: the image says $version"
		fi
		: "${SOURCE_DATE_EPOCH:=$(git -C "$top" log -1 --format=%ct)}"
	fi
	if [ -z "${SOURCE_DATE_EPOCH-}" ]; then
		SOURCE_DATE_EPOCH=$(date +%s)
		notice "no commit to take a time from: SOURCE_DATE_EPOCH is now, and the next build differs"
	fi
	export SOURCE_DATE_EPOCH
	nvidia=none kver=
}

step_compile() {
	[ -z "$binaries" ] || return 0
	need "compiling" git
	GO=$(cd "$top" && .ci/go.sh) || die "there is no Go toolchain" "tried .ci/go.sh, which says why"
	compile_flags="-s -w -X main.version=$version -X main.commit=$commit"
	compile_key=$({
		hash_tree "$top/cmd" "$top/pkg" "$top/go.mod" "$top/go.sum"
		"$GO" version
		echo "$compile_flags"
	} | sha256sum | cut -c 1-16)
	compiled=$dist/bin-$compile_key
	if [ -f "$compiled/.complete" ]; then
		say "compiled already: ${compiled#"$top/"}"
		return
	fi
	rm -rf "$dist"/bin-*
	mkdir -p "$compiled"
	for dir in "$top"/cmd/audit*; do
		say "compiling ${dir##*/}"
		(cd "$top" && CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOFLAGS=-mod=readonly \
			"$GO" build -trimpath -buildvcs=false -ldflags "$compile_flags" -o "$compiled/" "./cmd/${dir##*/}")
	done
	touch "$compiled/.complete"
}

# step_vendor: what lies in iso/vendor/files is listed, with the right hash.
step_vendor() {
	vendor_files=${BEE_VENDOR-$top/iso/vendor/files}
	words "$top/iso/vendor/manifest" >"$stage/.vendor"
	vendor_found=
	while read -r name version_ sha _; do
		if [ ! -f "$vendor_files/$name" ]; then
			notice "$name is not in ${vendor_files#"$top/"}: the image goes without it (iso/vendor/README.md says where to get it)"
			continue
		fi
		case $sha in
		-) die "$name: the manifest has no SHA-256 for it" \
			"check where your copy comes from, then write this into iso/vendor/manifest: $(sha256 "$vendor_files/$name")" ;;
		esac
		check_sha256 "$vendor_files/$name" "$sha" ||
			die "$vendor_files/$name: SHA-256 is $(sha256 "$vendor_files/$name"), the manifest says $sha" \
				"it is not $name $version_, or it is damaged: put the right file there, or take it away"
		vendor_found="$vendor_found $name"
	done <"$stage/.vendor"
	rm -f "$stage/.vendor"
	for file in "$vendor_files"/*; do
		[ -f "$file" ] || continue
		case " $vendor_found " in
		*" ${file##*/} "*) ;;
		*) die "$file is not in iso/vendor/manifest: nothing unknown is shipped" "list it there with its SHA-256 and licence, or take it away" ;;
		esac
	done
	# gpu_burn looks for its kernel beside itself: one without the other is
	# worth nothing.
	case " $vendor_found " in
	*' gpu_burn '*' compare.ptx '* | *' compare.ptx '*' gpu_burn '*) ;;
	*' gpu_burn '* | *' compare.ptx '*) die "gpu_burn and compare.ptx ship together or not at all" "build-gpu-burn.sh makes both" ;;
	esac
}

step_nvidia() {
	[ "$with_nvidia" = yes ] || return 0
	if [ -z "$nvidia_dir" ]; then
		sh "$builder/build-nvidia-module.sh" --dist "$dist" --print "$dist/.nvidia"
		nvidia_dir=$(cat "$dist/.nvidia")
	fi
	[ -f "$nvidia_dir/.complete" ] || die "$nvidia_dir holds no finished driver" "build-nvidia-module.sh makes one"
}

step_stage() {
	overlay=$stage/overlay
	rm -rf "$overlay" "$stage/overlay.new"
	mkdir -p "$stage/overlay.new/usr/local/bin" "$stage/overlay.new/etc/bee"
	cp -R -P "$top/iso/overlay/." "$stage/overlay.new/"
	new=$stage/overlay.new
	rm -f "$new/README.md"

	bin=${binaries:-${compiled-}}
	[ -n "$bin" ] || { step_compile && bin=$compiled; }
	for program in audit audit-nvml; do
		[ -f "$bin/$program" ] || die "there is no $program in $bin" "the step compile makes it"
	done
	for program in "$bin"/audit*; do
		install -m 0755 "$program" "$new/usr/local/bin/${program##*/}"
	done
	[ -n "${vendor_found+set}" ] || step_vendor
	for program in $vendor_found; do
		install -m 0755 "$vendor_files/$program" "$new/usr/local/bin/$program"
	done
	[ ! -f "$new/usr/local/bin/compare.ptx" ] || chmod 0644 "$new/usr/local/bin/compare.ptx"

	stage_nvidia
	if [ -n "$keys" ]; then
		mkdir -p "$new/root/.ssh"
		cp "$keys" "$new/root/.ssh/authorized_keys"
		chmod 0700 "$new/root" "$new/root/.ssh"
		chmod 0600 "$new/root/.ssh/authorized_keys"
	elif [ -n "$hash" ]; then
		(umask 077 && printf '%s\n' "$hash" >"$new/etc/bee/password-hash")
	fi
	[ "$cmdline_keys" = no ] || : >"$new/etc/bee/allow-cmdline-keys"
	write_release
	mv "$new" "$overlay"
}

# stage_nvidia: the modules lie outside /lib, where modloop's link is, and the
# firmware too.
stage_nvidia() {
	if [ "$with_nvidia" = no ]; then
		return
	fi
	[ -n "$nvidia_dir" ] || step_nvidia
	nvidia=$(cat "$nvidia_dir/VERSION")
	kver=$(cat "$nvidia_dir/KVER")
	mkdir -p "$new/usr/local/lib/nvidia" "$new/usr/local/lib/firmware/nvidia" "$new/usr/lib"
	cp -P "$nvidia_dir"/modules/*.ko "$nvidia_dir/modules/load.order" "$new/usr/local/lib/nvidia/"
	cp -P "$nvidia_dir"/lib/* "$new/usr/local/lib/nvidia/"
	cp -R "$nvidia_dir"/firmware/. "$new/usr/local/lib/firmware/nvidia/"
	cp -P "$nvidia_dir"/bin/* "$new/usr/local/bin/"
	for link in "$new"/usr/local/lib/nvidia/lib*.so.1; do
		[ -e "$link" ] || continue
		ln -sf "../local/lib/nvidia/${link##*/}" "$new/usr/lib/${link##*/}"
	done
}

# write_release: what the running system knows of its build. Read by shells.
write_release() {
	build_date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)
	login=password
	[ -z "$hash" ] || login='hash'
	[ -z "$keys" ] || login=keys
	cat >"$new/etc/bee-release" <<END
NAME=bee
BEE_VERSION=$version
BEE_COMMIT=$commit
BEE_DIRTY=$dirty
BEE_BUILD_TIME=$SOURCE_DATE_EPOCH
BEE_BUILD_DATE=$build_date
BEE_ALPINE=$ALPINE_VERSION
BEE_NVIDIA=$nvidia
BEE_KVER=${kver:-any}
BEE_LOGIN=$login
BEE_BUILD_INFO="bee $version, built $build_date, Alpine $ALPINE_VERSION, NVIDIA $nvidia"
END
}

step_apkovl() {
	[ -d "$stage/overlay" ] || die "there is no $stage/overlay" "run the step stage first"
	rm -f "$stage/bee.apkovl.tar.gz" "$stage/boot/bee.cpio"
	(cd "$stage" && BEE_OVERLAY=$stage/overlay BEE_BUILDER=$builder sh "$builder/genapkovl-bee.sh" bee)
	say "made $stage/bee.apkovl.tar.gz ($(($(wc -c <"$stage/bee.apkovl.tar.gz") / 1024)) KiB)"
}

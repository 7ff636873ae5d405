#!/bin/sh
# t2-run.sh OUT VERSION [VARIANT | --from DIR]: a stand-in for NVIDIA's installer: a script
# that extracts itself, knows -x, --extract-only, --target and --check as theirs
# does, and holds two small modules of our own, of which the second needs a
# symbol of the first. VARIANT: order (they need each other's the other way
# round), stale (a module of another kernel), nosmi, noml. With --from, it holds
# what is in DIR.
set -eu
out=$1 version=$2 variant=${3-}
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
trap 'exit 1' HUP INT TERM

# pack DIR: the script and, after its last line, a tar.
pack() {
	(cd "$1" && tar -c --sort=name --owner=0 --group=0 --mtime=@0 .) >"$box/payload"
	sum=$(sha256sum "$box/payload" | cut -d ' ' -f 1)
	cat >"$out" <<-END
		#!/bin/sh
		set -eu
		sum=$sum
		payload() { sed '1,/^#payload\$/d' "\$0"; }
		check() { [ "\$(payload | sha256sum | cut -d ' ' -f 1)" = "\$sum" ]; }
		target= action=
		while [ \$# -gt 0 ]; do
			case \$1 in
			-x | --extract-only) action=extract ;;
			--target) target=\$2 && shift ;;
			--check) action=check ;;
			*) echo "unknown option \$1" >&2 && exit 2 ;;
			esac
			shift
		done
		case \$action in
		check) check ;;
		extract)
			check
			[ ! -e "\$target" ] || { echo "\$target is there already" >&2 && exit 1; }
			mkdir -p "\$target"
			payload | tar -x -C "\$target"
			;;
		*) echo 'nothing is ever installed from here' >&2 && exit 1 ;;
		esac
		exit
		#payload
	END
	cat "$box/payload" >>"$out"
	chmod 0755 "$out"
}
if [ "$variant" = --from ]; then
	pack "$4"
	exit
fi

x=$box/x
mkdir -p "$x/kernel" "$x/firmware"

first=nvidia second=nvidia-uvm
[ "$variant" != order ] || { first=nvidia-uvm && second=nvidia; }
# drm_dev_put: like NVIDIA's own, it does not load without the kernel's drm. It
# shows itself as theirs does: character devices and /proc/driver/nvidia.
cat >"$x/kernel/$first.c" <<-'END'
	#include <linux/fs.h>
	#include <linux/module.h>
	#include <linux/proc_fs.h>
	struct drm_device;
	void drm_dev_put(struct drm_device *dev);
	int bee_answer(void);
	int bee_answer(void)
	{
		return 42;
	}
	EXPORT_SYMBOL_GPL(bee_answer);
	static const struct file_operations bee_fops = { .owner = THIS_MODULE };
	static int __init bee_init(void)
	{
		drm_dev_put(NULL);
		proc_mkdir("driver/nvidia", NULL);
		return register_chrdev(195, "nvidia", &bee_fops);
	}
	module_init(bee_init);
	MODULE_LICENSE("GPL");
	MODULE_DESCRIPTION("stand-in, first");
END
cat >"$x/kernel/$second.c" <<-'END'
	#include <linux/fs.h>
	#include <linux/module.h>
	int bee_answer(void);
	static const struct file_operations bee_fops = { .owner = THIS_MODULE };
	static int __init bee_init(void)
	{
		int major = register_chrdev(0, "nvidia-uvm", &bee_fops);
		pr_info("bee: the second module heard %d\n", bee_answer());
		return major < 0 ? major : 0;
	}
	module_init(bee_init);
	MODULE_LICENSE("GPL");
	MODULE_DESCRIPTION("stand-in, second");
END
stale=
[ "$variant" != stale ] || stale="; sed -i 's/vermagic=\([^ ]*\).\{4\} /vermagic=\1-old /' nvidia.ko"
cat >"$x/kernel/Makefile" <<-END
	obj-m := nvidia.o nvidia-uvm.o
	modules:; [ "\$(KERNEL_UNAME)" ] || exit 1; \$(MAKE) -C \$(or \$(SYSOUT),\$(SYSSRC)) M=\$(CURDIR) modules$stale
END
echo ml >"$x/libnvidia-ml.so.$version"
echo cuda >"$x/libcuda.so.$version"
echo gsp >"$x/firmware/gsp_ga10x.bin"
printf '#!/bin/sh\necho "stand-in %s"\n' "$version" >"$x/nvidia-smi"
chmod 0755 "$x/nvidia-smi"
[ "$variant" != nosmi ] || rm "$x/nvidia-smi"
[ "$variant" != noml ] || rm "$x/libnvidia-ml.so.$version"

pack "$x"

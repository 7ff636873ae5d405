# shellcheck shell=sh disable=SC3043 # busybox knows local.
# lib.sh: what the scripts of the live system share. ROOT is for tests.

: "${ROOT=}"
RUN=$ROOT/run/bee
# Also the scripts that are started by a service or by init.
[ -n "$ROOT" ] || export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# option NAME [DEFAULT]: the last NAME=VALUE of the kernel's command line.
# Quotes keep words together, as for the kernel itself.
option() {
	awk -v want="$1=" -v value="${2-}" '
		{
			word = ""
			quoted = 0
			for (i = 1; i <= length($0) + 1; i++) {
				c = substr($0, i, 1)
				if (c == "\"") {
					quoted = !quoted
					continue
				}
				if (c != "" && (c != " " || quoted)) {
					word = word c
					continue
				}
				if (index(word, want) == 1)
					value = substr(word, length(want) + 1)
				word = ""
			}
		}
		END { print value }' "$ROOT/proc/cmdline" 2>/dev/null
}

number() { # number VALUE MIN MAX DEFAULT: VALUE when it is a number between them.
	case "$1" in
	'' | *[!0-9]* | ????????*) echo "$4" ;;
	*) if [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]; then echo "$1"; else echo "$4"; fi ;;
	esac
}

# status FILE STATE [TEXT [LINE...]]: writes a status file whole.
status() {
	local file="$RUN/$1" state="$2" text="${3-}" new
	shift 2
	[ $# -gt 0 ] && shift
	new="${file%/*}/.${file##*/}.$$"
	mkdir -p "${file%/*}"
	{
		printf 'state=%s\nsince=%s\nuptime=%s\ntext=%s\n' "$state" "$(date +%s)" "$(uptime_seconds)" "$text"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >"$new" && chmod 644 "$new" && mv "$new" "$file"
}

# state FILE: the state in a status file.
state() { sed -n 's/^state=//p' "$RUN/$1" 2>/dev/null; }

# field FILE KEY: any other line of it.
field() { sed -n "s/^$2=//p" "$RUN/$1" 2>/dev/null; }

uptime_seconds() { cut -d. -f1 "$ROOT/proc/uptime" 2>/dev/null || echo 0; }

# await FILE SECONDS: waits while the state is "running", or not there yet.
await() {
	local left="$2"
	while [ "$left" -gt 0 ]; do
		case "$(state "$1")" in
		'' | running | waiting) ;;
		*) return 0 ;;
		esac
		sleep 1
		left=$((left - 1))
	done
	return 1
}

# background COMMAND...: starts a program that outlives the service and holds
# none of its files.
background() {
	setsid "$@" </dev/null >/dev/null 2>&1 &
}

# alive PIDFILE NAME: whether the process of the file runs and has NAME in its
# command line.
alive() {
	local pid
	pid=$(cat "$1" 2>/dev/null) || return 1
	[ -n "$pid" ] && tr '\0' ' ' <"$ROOT/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2"
}

# serial: the system's serial number as a host name can hold it.
serial() {
	local file value
	for file in product_serial chassis_serial board_serial; do
		value=$(tr -cd 'A-Za-z0-9-' <"$ROOT/sys/class/dmi/id/$file" 2>/dev/null | cut -c 1-40)
		value=${value#"${value%%[!-]*}"}
		value=${value%"${value##*[!-]}"}
		case "$(printf '%s' "$value" | tr '[:upper:]' '[:lower:]')" in
		'' | none | unknown | default | defaultstring | tobefilledbyoem | notspecified | notapplicable | na | systemserialnumber | 0 | 00000000 | 0123456789 | 123456789) ;;
		*)
			echo "$value"
			return 0
			;;
		esac
	done
	return 1
}

log() { logger -t bee "$*" 2>/dev/null || :; }

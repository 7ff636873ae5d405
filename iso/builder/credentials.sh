# shellcheck shell=sh
# credentials.sh: who may log in, checked before anything is built. Sourced.
# shellcheck disable=SC2016 # Dollars of hashes.

# check_keys FILE: a file of public keys, and of nothing else.
check_keys() {
	[ -f "$1" ] || die "--authorized-keys: there is no file $1" "name a file of public keys, such as ~/.ssh/id_ed25519.pub"
	if grep -q 'PRIVATE KEY' "$1"; then
		die "--authorized-keys: $1 holds a private key" "the image takes the public one: the file that ends in .pub"
	fi
	keys_lines=$(grep -cvE '^[[:space:]]*(#|$)' "$1" || true)
	[ "$keys_lines" -gt 0 ] || die "--authorized-keys: $1 holds no key" "with an empty file nobody could log in"
	keys_bad=$(grep -vE '^[[:space:]]*(#|$)' "$1" | grep -cvE '(^|[[:space:]])(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)[[:space:]]+AAAA[A-Za-z0-9+/]+=*([[:space:]]|$)' || true)
	[ "$keys_bad" = 0 ] || die "--authorized-keys: $keys_bad lines of $1 are no public key that dropbear knows" \
		"known are ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256/384/521 and their sk- forms"
}

# check_hash HASH: a crypt hash that the image's C library knows and whose
# password is none of those that everybody tries first. Never printed.
check_hash() {
	case $1 in
	'') die "--password-hash: the hash is blank: anybody could log in" "make one with: openssl passwd -6" ;;
	'$y$'* | '$gy$'* | '$7$'*) die "--password-hash: yescrypt and scrypt are not known to musl, the image's C library" "make one with: openssl passwd -6" ;;
	'$1$'*) die "--password-hash: MD5 is too weak for a password that opens root" "make one with: openssl passwd -6" ;;
	*[!./A-Za-z0-9\$=,]*) die "--password-hash: this is no crypt hash" "clear text is never taken: make a hash with: openssl passwd -6" ;;
	esac
	printf '%s\n' "$1" | grep -qE '^\$(5\$(rounds=[0-9]+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}|6\$(rounds=[0-9]+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}|2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53})$' ||
		die "--password-hash: this is no crypt hash" "clear text is never taken: make a hash with: openssl passwd -6"
	for hash_guess in '' bee root alpine admin password Password passw0rd toor live linux calvin ADMIN changeme \
		default guest user test 1234 12345 123456 12345678 123456789 qwerty letmein secret ubuntu debian nvidia superuser; do
		if [ "$(crypt_of "$hash_guess" "$1")" = "$1" ]; then
			die "--password-hash: this is the hash of a blank or a well-known password" "choose another: 12 characters and more"
		fi
	done
}

# crypt_of PASSWORD HASH: crypt(3) of a well-known password with the salt of
# HASH. Perl knows all forms that its C library knows, openssl two of them.
crypt_of() {
	if command -v perl >/dev/null 2>&1; then
		perl -e 'print crypt($ARGV[0], $ARGV[1]) // ""' -- "$1" "$2"
		return
	fi
	# busybox's, which every Alpine has, knows two forms.
	case $2 in
	'$'[56]'$rounds='* | '$2'*) die "--password-hash: only perl can check this form of hash" "install perl, or make a hash with: openssl passwd -6" ;;
	esac
	hash_kind=${2#?}
	hash_salt=${2#?[56]?}
	case ${hash_kind%%\$*} in
	5) hash_kind=sha256 ;;
	6) hash_kind=sha512 ;;
	esac
	busybox mkpasswd -m "$hash_kind" -S "${hash_salt%%\$*}" "$1" 2>/dev/null ||
		die "--password-hash: nothing here can check whether this is a well-known password" "install perl"
}

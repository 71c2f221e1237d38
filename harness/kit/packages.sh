# The Debian packages of harness/packages: see what is missing, say it, install it.
# Sourced by harness/certify and harness/check; needs a POSIX shell, dpkg and apt alone, so that
# it works on a machine with neither Python nor a compiler. Expects $here (the harness folder) and
# $command (how the user calls this), and exits with 2 when the packages are not there at the end.

service_policy=/usr/sbin/policy-rc.d

packages_wanted() {
	sed 's/#.*//' "$here/packages"
}

package_installed() {
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

packages_missing() {
	for package in $(packages_wanted); do
		package_installed "$package" || printf ' %s' "$package"
	done
}

complain() {
	printf '%s: %s\n' "$command" "$1" >&2
	exit 2
}

# Sets $root to what turns a command into one of the administrator: nothing, or sudo.
find_root() {
	root=
	[ "$(id -u)" -eq 0 ] && return
	command -v sudo >/dev/null || complain "--install needs root or sudo"
	root=sudo
}

# dpkg's own way to keep a new package's service from being started: a policy that says no. An
# administrator's own policy is never touched; ours is gone again however this script ends.
services_forbid() {
	[ -e "$service_policy" ] && return
	trap services_allow EXIT
	trap 'exit 2' INT TERM HUP
	printf '#!/bin/sh\nexit 101\n' | $root sh -c "umask 022; cat >'$service_policy' && chmod 755 '$service_policy'"
}

services_allow() {
	$root rm -f "$service_policy"
	trap - EXIT INT TERM HUP
}

apt() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" >>"$apt_log" 2>&1 && return
	tail -n 20 "$apt_log" >&2
	complain "apt-get $1 failed; the whole log is $apt_log"
}

# $1: the missing packages, separated by spaces.
packages_install() {
	apt_log=$here/../build/apt.log
	mkdir -p "$here/../build"
	: >"$apt_log"
	printf 'installing Debian packages:%s\n' "$1"
	find_root
	services_forbid
	apt update
	# shellcheck disable=SC2086 # a list of words
	apt install --no-install-recommends $1
	services_allow
}

# $1: yes to install what is missing.
packages_ensure() {
	command -v dpkg-query >/dev/null || complain "dpkg-query not found: this needs Debian 12 or a relative of it"
	missing=$(packages_missing)
	[ -z "$missing" ] && return
	if [ "$1" = yes ]; then
		packages_install "$missing"
		missing=$(packages_missing)
		[ -z "$missing" ] && return
	fi
	complain "Debian packages are missing; install them, as root and after apt-get update, with
    apt-get install --no-install-recommends$missing
or let $command --install do it"
}

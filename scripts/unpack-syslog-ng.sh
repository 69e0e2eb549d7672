#!/usr/bin/env bash
# Unpacks Debian's syslog-ng into a directory, for tests/e2e. Debian lets no second system log be installed beside
# rsyslog, and both are needed. Needs apt's package lists, no root.
#   scripts/unpack-syslog-ng.sh [DIRECTORY]    where the tests look for it, unless told otherwise
set -euo pipefail
cd "$(dirname "$0")/.."
into=$(realpath -m "${1:-node_modules/.cache/syslog-ng}")
if [ -x "$into/bin/syslog-ng" ]; then exit 0; fi

# What apt would install with it on this machine: the libraries that are missing, whatever they are called here.
mapfile -t packages < <(apt-get --simulate --no-install-recommends install syslog-ng-core 2>/dev/null | awk '$1 == "Inst" { print $2 }')
[ ${#packages[@]} -gt 0 ] || { echo "unpack-syslog-ng.sh: apt knows no syslog-ng-core; run apt-get update" >&2; exit 1; }

mkdir -p "$into/packages" "$into/root" "$into/bin"
(cd "$into/packages" && apt-get download -q "${packages[@]}")
for package in "$into"/packages/*.deb; do dpkg --extract "$package" "$into/root"; done

modules=$(dirname "$(find "$into/root" -name libafsocket.so -print -quit)")
libraries=$(find "$into/root" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
cat >"$into/bin/syslog-ng" <<EOF
#!/bin/sh
LD_LIBRARY_PATH='$libraries' exec '$into/root/usr/sbin/syslog-ng' --module-path '$modules' "\$@"
EOF
chmod +x "$into/bin/syslog-ng"

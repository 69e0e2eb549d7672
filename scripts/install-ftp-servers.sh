#!/usr/bin/env bash
# vsftpd and Pure-FTPd for tests/e2e. As packages they exclude ProFTPD and each other (each is *the* ftp-server), so they
# are unpacked beside it, without their services. Debian; needs root.
set -euo pipefail
target=/opt/phi-egress-e2e

if [ -x "$target/usr/sbin/vsftpd" ] && [ -x "$target/usr/sbin/pure-ftpd" ]; then exit 0; fi
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
  libcap2 libpam0g libpam-modules libsodium23 libssl3 libwrap0
packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT
# apt-get drops to this user to fetch them.
chmod 0755 "$packages"
chown _apt "$packages"
(cd "$packages" && apt-get download -q vsftpd pure-ftpd pure-ftpd-common)
mkdir -p "$target"
for package in "$packages"/*.deb; do dpkg-deb -x "$package" "$target"; done
ldd "$target/usr/sbin/vsftpd" "$target/usr/sbin/pure-ftpd" | grep 'not found' && exit 1
echo "vsftpd and Pure-FTPd are in $target"

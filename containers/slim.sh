#!/bin/sh
# Takes out of a Debian image with Python what a running program never needs: installers,
# package managers, Perl, documents. /var/lib/dpkg/status stays, for scanners to read.
set -eu

library=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
for folder in "$library/site-packages" /usr/lib/python3/dist-packages; do
	rm -rf "$folder"/pip "$folder"/pip-* "$folder"/setuptools* "$folder"/wheel* \
		"$folder"/pkg_resources "$folder"/_distutils_hack "$folder"/distutils-precedence.pth
done
(cd "$library" && rm -rf ensurepip idlelib lib2to3 pydoc_data test tkinter turtledemo config-* \
	distutils/command/*.exe)
find /usr/lib/python3* /usr/local/lib/python3* -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
python3 -m compileall -q --invalidation-mode unchecked-hash "$library" || true

rm -rf /usr/local/bin/pip* /usr/local/bin/idle* /usr/local/bin/2to3* /usr/local/bin/pydoc* \
	/usr/bin/pip* /usr/bin/apt* /usr/bin/dpkg* /usr/bin/perl* /usr/bin/deb* \
	/usr/lib/apt /usr/lib/dpkg /usr/share/perl* /usr/share/dpkg /usr/share/debconf \
	/usr/lib/*/perl* /usr/lib/*/perl-base /usr/lib/*/libapt-* /usr/lib/*/gconv \
	/usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /usr/share/lintian \
	/usr/share/zoneinfo /usr/share/gcc /usr/share/gdb /usr/share/bash-completion \
	/var/cache/* /var/log/* /var/lib/apt /var/lib/dpkg/info "$HOME"/.cache /tmp/*

mkdir -p /data
chown 65532:65532 /data
chmod 0700 /data
echo 'infrazen:x:65532:65532:InfraZen:/tmp:/usr/sbin/nologin' >>/etc/passwd
echo 'infrazen:x:65532:' >>/etc/group
rm -f "$0"

#!/bin/bash
# Builds the node's own image archives into $INFRAZEN_TEST_CACHE/images: pause and coredns
# (one static file each), base (Debian with Python), python (with pip, too: it stands for
# python:3.11-slim), postgres and redis (they stand for official ones). Skips what is there.
#
#   build-images.sh [NAME...]            these, or all
#   build-images.sh --missing [NAME...]  only says which would be built
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/versions.env"
cache=${INFRAZEN_TEST_CACHE:-$HOME/.cache/infrazen-test}
out=$cache/images
mkdir -p "$out"

only_say=
if [ "${1:-}" = --missing ]; then only_say=1 && shift; fi
if [ -z "$only_say" ]; then
	exec 9>"$cache/.images.lock"
	flock 9
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What a change of which makes the image anew.
version() { # NAME
	case $1 in
	base) { echo "$DEBIAN_SUITE" && declare -f base shrink; } | sha256sum | cut -c1-16 ;;
	python) echo "$PIP_VERSION on $(version base)" ;;
	postgres | redis) echo "$(cat "$here/$1"/* | sha256sum | cut -c1-16) on $(version base)" ;;
	*) sed -n "s/^$1 //p" "$cache/bin/VERSIONS" 2>/dev/null || true ;;
	esac
}
save() { # CONTAINER NAME: commits and writes the archive
	buildah commit -q --rm "$1" "localhost/$2:1" >/dev/null
	rm -f "$out/$2.tar"
	buildah push -q "localhost/$2:1" "docker-archive:$out/$2.tar:localhost/$2:1"
}
static() { # NAME ENTRYPOINT
	local c
	c=$(buildah from scratch)
	buildah copy -q "$c" "$cache/bin/$1" "$2" >/dev/null
	buildah config --entrypoint "[\"$2\"]" "$c"
	save "$c" "$1"
}
pause() { static pause /pause; }
coredns() { static coredns /coredns; }
base() {
	local c
	debootstrap --variant=minbase --include=python3-minimal,python3,ca-certificates,netbase,tzdata "$DEBIAN_SUITE" "$work/root" >"$out/base.log"
	shrink "$work/root"
	c=$(buildah from scratch)
	buildah add -q "$c" "$work/root" / >/dev/null
	buildah config --cmd '["python3"]' --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$c"
	save "$c" base
}
shrink() { # ROOT: what Debian's slim images leave out, too
	rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/var/log/* "$1"/usr/share/{doc,man,info,locale,lintian,linda,groff}/*
}
# The package of pip is unpacked where Debian's Python looks for packages.
python() {
	local c
	buildah inspect localhost/base:1 >/dev/null 2>&1 || buildah pull -q "docker-archive:$out/base.tar" >/dev/null
	python3 -m pip download -q --no-deps -d "$work" "pip==$PIP_VERSION"
	python3 -m zipfile -e "$work"/pip-*.whl "$work/packages"
	c=$(buildah from localhost/base:1)
	buildah add -q "$c" "$work/packages" /usr/lib/python3/dist-packages >/dev/null
	save "$c" python
}
postgres() { on_base postgres; }
redis() { on_base redis; }
on_base() { # NAME: by its Dockerfile
	buildah inspect localhost/base:1 >/dev/null 2>&1 || buildah pull -q "docker-archive:$out/base.tar" >/dev/null
	buildah bud -q --isolation chroot --format docker --tag "localhost/$1:1" "$here/$1" >/dev/null
	rm -f "$out/$1.tar"
	buildah push -q "localhost/$1:1" "docker-archive:$out/$1.tar:localhost/$1:1"
}

for name in ${*:-pause coredns base python postgres redis}; do
	wanted=$(version "$name")
	if [ -s "$out/$name.tar" ] && [ "$(cat "$out/$name.version" 2>/dev/null)" = "$wanted" ]; then continue; fi
	if [ -n "$only_say" ]; then echo "$name" && continue; fi
	t0=$SECONDS
	"$name"
	echo "$wanted" >"$out/$name.version"
	echo "$name $((SECONDS - t0)) s, $(du -m "$out/$name.tar" | cut -f1) MB"
done

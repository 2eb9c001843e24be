#!/bin/bash
# Builds the cluster's programs from Go modules into $INFRAZEN_TEST_CACHE/bin; what is
# there at the wanted version stays.
#
#   build-programs.sh [NAME...]            these, or all
#   build-programs.sh --missing [NAME...]  only says which would be built
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/versions.env"
cache=${INFRAZEN_TEST_CACHE:-$HOME/.cache/infrazen-test}
bin=$cache/bin
mkdir -p "$bin"

only_say=
if [ "${1:-}" = --missing ]; then only_say=1 && shift; fi
want=("$@")

# Two that build at once would disturb each other.
if [ -z "$only_say" ]; then
	exec 9>"$cache/.programs.lock"
	flock 9
fi

# ---- Go ---------------------------------------------------------------------

# Go 1.21 and newer fetch the toolchain that a module asks for. Debian 12's is older, but
# it can fetch that toolchain, which is a module like any other.
find_go() {
	command -v go >/dev/null || { echo "Go is needed: apt-get install golang-go" >&2; exit 1; }
	local minor
	minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	[ "${minor:-0}" -lt 21 ] || return 0
	local root=$cache/go-$GO_VERSION
	[ -x "$root/bin/go" ] || fetch_go "$root"
	export PATH="$root/bin:$PATH"
	unset GOROOT
}
fetch_go() { # FOLDER
	local module from
	module=golang.org/toolchain@v0.0.1-go$GO_VERSION.linux-$(go env GOARCH)
	from=$(cd "$cache" && GOFLAGS='' go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",\?$/\1/p')
	rm -rf "$1.part"
	cp -r "$from" "$1.part"
	chmod -R u+w "$1.part"
	chmod +x "$1.part"/bin/* "$1.part"/pkg/tool/*/*
	mv "$1.part" "$1"
}

# ---- building ---------------------------------------------------------------

export GOFLAGS="-buildvcs=false -trimpath" GOTOOLCHAIN=auto
ver=k8s.io/component-base/version
minor=${KUBE_VERSION#1.}
kube_ld="-X $ver.gitVersion=v$KUBE_VERSION -X $ver.gitMajor=1 -X $ver.gitMinor=${minor%%.*}"
ctrd=github.com/containerd/containerd/v2
helm_ld="-X helm.sh/helm/v4/internal/version.version=v$HELM_VERSION"
# Helm 3 renders for the Kubernetes that it is told of here.
helm3_ld="-X helm.sh/helm/v3/internal/version.version=v$HELM3_VERSION"
for part in pkg/chartutil pkg/lint/rules; do
	helm3_ld+=" -X helm.sh/helm/v3/$part.k8sVersionMajor=1 -X helm.sh/helm/v3/$part.k8sVersionMinor=${minor%%.*}"
done
ctrd_ld="-X $ctrd/version.Version=v$CONTAINERD_VERSION"

# NAME VERSION COMMAND...: builds it, says how long that took, records the version.
build() {
	local name=$1 version=$2 t0 t1
	shift 2
	if [ "${#want[@]}" -gt 0 ] && [[ " ${want[*]} " != *" $name "* ]]; then return; fi
	if [ -x "$bin/$name" ] && grep -qxF "$name $version" "$bin/VERSIONS" 2>/dev/null; then return; fi
	if [ -n "$only_say" ]; then echo "$name" && return; fi
	find_go
	t0=$(date +%s%N)
	"$@" || { echo "$name: build failed" >&2; exit 1; }
	t1=$(date +%s%N)
	{ grep -v "^$name " "$bin/VERSIONS" 2>/dev/null || true; echo "$name $version"; } >"$bin/.versions"
	mv "$bin/.versions" "$bin/VERSIONS"
	printf '%-24s %-8s %6.1f s\n' "$name" "$version" "$(((t1 - t0) / 1000000))e-3"
}
# Programs that run in an image without a C library are built without cgo.
static() { CGO_ENABLED=0 ours "$@"; }
ours() { go build -C "$here/programs/$1" -mod=readonly -o "$bin/$2" -ldflags "-s -w ${4:-}" "$3"; }
theirs() { GOBIN=$bin go install -tags "no_btrfs no_zfs no_devmapper" -ldflags "-s -w ${2:-}" "$1"; }
helm3() { # beside Helm 4, so under another name
	GOBIN=$bin/.helm3 go install -ldflags "-s -w $helm3_ld" "helm.sh/helm/v3/cmd/helm@v$HELM3_VERSION" &&
		mv "$bin/.helm3/helm" "$bin/helm3" && rmdir "$bin/.helm3"
}

build pause 1 static pause pause .
for c in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
	build "$c" "$KUBE_VERSION" ours kube "$c" "k8s.io/kubernetes/cmd/$c" "$kube_ld"
done
# Debian's etcd 3.4 lacks the watch progress that this API server relies on.
etcd=$(sed -n 's|.*go.etcd.io/etcd/server/v3 v\([^ ]*\).*|\1|p' "$here/programs/kube/go.mod")
build etcd "$etcd" ours kube etcd go.etcd.io/etcd/server/v3
for c in containerd containerd-shim-runc-v2 ctr; do
	build "$c" "$CONTAINERD_VERSION" theirs "$ctrd/cmd/$c@v$CONTAINERD_VERSION" "$ctrd_ld"
done
build metrics-server "$METRICS_SERVER_VERSION" theirs "sigs.k8s.io/metrics-server/cmd/metrics-server@v$METRICS_SERVER_VERSION"
build coredns "$COREDNS_VERSION" static dns coredns .
build kubeconform "$KUBECONFORM_VERSION" theirs "github.com/yannh/kubeconform/cmd/kubeconform@v$KUBECONFORM_VERSION"
build helm "$HELM_VERSION" theirs "helm.sh/helm/v4/cmd/helm@v$HELM_VERSION" "$helm_ld"
build helm3 "$HELM3_VERSION" helm3

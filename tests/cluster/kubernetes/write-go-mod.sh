#!/bin/bash
# Writes go.mod and go.sum of the two modules of programs (kube, dns) at the versions
# in versions.env. Run only to change a version; the results are kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/versions.env"

# k8s.io/kubernetes points its libraries at ./staging, which a consumer cannot
# use: redirect each of them to the published v0.x of the same release.
src=$(cd "${TMPDIR:-/tmp}" && go mod download -json "k8s.io/kubernetes@v$KUBE_VERSION" |
	sed -n 's/^\t"GoMod": "\(.*\)",\?$/\1/p')
lib=v0.${KUBE_VERSION#1.}
staged=$(sed -n 's|^.*\(k8s\.io/[a-z0-9-]*\) => \./staging/.*|\1|p' "$src" | sort -u)
[ -n "$staged" ] || { echo "no staging list in $src" >&2; exit 1; }
gover=$(sed -n 's/^go //p' "$src")

cd "$here/programs/kube"
rm -f go.sum
{
	printf 'module infrazen-test/kube\n\ngo %s\n\nrequire k8s.io/kubernetes v%s\n\n' "$gover" "$KUBE_VERSION"
	sed -n '/^godebug [^(]/p' "$src"
	printf 'replace (\n'
	for m in $staged; do printf '\t%s => %s %s\n' "$m" "$m" "$lib"; done
	printf ')\n'
} >go.mod
etcd=$(sed -n 's|.*go.etcd.io/etcd/client/v3 \(v[^ ]*\).*|\1|p' "$src" | head -1)
go get -tool "go.etcd.io/etcd/server/v3@$etcd" $(for c in kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do
	echo "k8s.io/kubernetes/cmd/$c@v$KUBE_VERSION"; done)

cd "$here/programs/dns"
rm -f go.mod go.sum
go mod init infrazen-test/dns
go get "github.com/coredns/coredns@v$COREDNS_VERSION"
go mod tidy

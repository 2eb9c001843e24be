#!/bin/bash
# One-node Kubernetes for tests. A full cluster lives in its own pid, mount and
# network namespaces, so two of them never clash and `down` leaves nothing.
#
#   cluster.sh up RUN_DIR [--control-plane] [--while PID] [--proxy-mode iptables|nftables]
#   cluster.sh down RUN_DIR
#   cluster.sh load-image RUN_DIR TAR...
#   cluster.sh user RUN_DIR NAME [GROUP]     client certificate and kubeconfig
#   cluster.sh start|stop|restart RUN_DIR PROCESS
#   cluster.sh exec RUN_DIR COMMAND...       inside the cluster's namespaces
#   cluster.sh metrics RUN_DIR on|off        what pods take, for scalers and kubectl top
#   cluster.sh status RUN_DIR
#
# --while PID: the cluster goes down with that process, however it ends.
# Environment: INFRAZEN_TEST_CACHE, KUBEBUILDER_ASSETS (programs of a control plane),
# INFRAZEN_TEST_NETWORK (second byte of 10.x, 200), KCM_FLAGS and APISERVER_FLAGS
# (added to the command line).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/versions.env"
cache=${INFRAZEN_TEST_CACHE:-$HOME/.cache/infrazen-test}
export PATH="${KUBEBUILDER_ASSETS:-$cache/bin}:$cache/bin:$PATH"
die() { echo "cluster.sh: $*" >&2; exit 1; }

action=${1:-}
[ -n "$action" ] && [ -n "${2:-}" ] || { sed -n '2,18s/^# \{0,1\}//p' "$0"; exit 2; }
mkdir -p "$2"
run=$(cd "$2" && pwd)
shift 2
pki=$run/pki
node=node1

# ---- processes --------------------------------------------------------------

alive() { [ -f "$run/init.pid" ] && kill -0 "$(cat "$run/init.pid")" 2>/dev/null; }
joined=(--all)
[ "$(id -u)" = 0 ] || joined=(--user --preserve-credentials --mount --pid --ipc)
ns() { nsenter "${joined[@]}" -t "$(cat "$run/init.pid")" -- "$@"; }

# define NAME COMMAND...: writes the start script that start/restart use.
define() {
	local name=$1
	shift
	{ echo '#!/bin/sh'; printf 'exec'; printf ' %q' "$@"; echo; } >"$run/cmd/$name"
	chmod +x "$run/cmd/$name"
}
start() {
	ns sh -c 'cd "$1" && setsid "cmd/$2" >>"log/$2" 2>&1 </dev/null & echo $! >"$1/pid/$2"' - "$run" "$1"
}
stop() {
	local pid
	pid=$(cat "$run/pid/$1")
	ns kill "$pid" 2>/dev/null || return 0
	for _ in $(seq 50); do ns kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
	ns kill -9 "$pid" 2>/dev/null || true
}
wait_for() { # SECONDS WHAT COMMAND...
	local limit=$1 what=$2
	shift 2
	for _ in $(seq $((limit * 10))); do
		if "$@" >/dev/null 2>&1; then return 0; fi
		sleep 0.1
	done
	die "no $what after $limit s; see $run/log"
}
k() { kubectl --kubeconfig "$run/kubeconfig" "$@"; }

# ---- certificates -----------------------------------------------------------

key() { openssl ecparam -genkey -name prime256v1 -noout -out "$1"; }
cert() { # NAME SUBJECT [SUBJECT_ALT_NAMES]
	key "$pki/$1.key"
	openssl req -new -key "$pki/$1.key" -subj "$2" |
		openssl x509 -req -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -days 365 \
			-set_serial "0x$(openssl rand -hex 8)" -out "$pki/$1.crt" \
			-extfile <(echo extendedKeyUsage=serverAuth,clientAuth; [ -z "${3:-}" ] || echo "subjectAltName=$3") 2>/dev/null
}
kubeconfig() { # NAME OUTPUT
	cat >"$2" <<-EOF
		apiVersion: v1
		kind: Config
		current-context: infrazen-test
		clusters: [{name: infrazen-test, cluster: {server: "$API", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}}]
		users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$pki/$1.crt"), client-key-data: $(base64 -w0 "$pki/$1.key")}}]
		contexts: [{name: infrazen-test, context: {cluster: infrazen-test, user: $1}}]
	EOF
	chmod 600 "$2"
}
make_pki() {
	mkdir -p "$pki"
	key "$pki/ca.key"
	openssl req -x509 -new -key "$pki/ca.key" -subj /CN=test-ca -days 365 -out "$pki/ca.crt"
	key "$pki/sa.key"
	cert apiserver /CN=kube-apiserver "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,DNS:localhost,IP:127.0.0.1,IP:$NODE_IP,IP:$SVC_NET.1"
	cert apiserver-kubelet /O=system:masters/CN=apiserver-kubelet
	cert admin /O=system:masters/CN=admin
	cert controller-manager /CN=system:kube-controller-manager
	cert front-proxy /CN=front-proxy
	kubeconfig admin "$run/kubeconfig"
	kubeconfig controller-manager "$pki/controller-manager.conf"
	[ "$MODE" = full ] || return 0
	cert scheduler /CN=system:kube-scheduler
	cert kube-proxy /CN=system:kube-proxy
	cert kubelet "/O=system:nodes/CN=system:node:$node" "DNS:$node,IP:$NODE_IP"
	cert metrics-server /O=system:masters/CN=metrics-server DNS:metrics-server.kube-system.svc
	for c in scheduler kube-proxy kubelet metrics-server; do kubeconfig $c "$pki/$c.conf"; done
}

# ---- namespaces and network -------------------------------------------------

# The first process holds the namespaces; everything dies with it. Its /run and
# the few fixed /var paths that node programs use are private to the cluster.
start_init() {
	local flags=(--fork --kill-child --pid --mount --ipc --mount-proc --propagation private)
	[ "$(id -u)" = 0 ] || flags+=(--user --map-root-user)
	# envtest's binaries have no `pause` either.
	local setup='command -v pause >/dev/null && exec pause || exec sleep infinity'
	if [ "$MODE" = full ]; then
		flags+=(--net --uts)
		setup='mount --make-rshared / && mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/lock &&
			for d in /var/lib/cni /var/log/containers /var/log/pods; do mkdir -p $d && mount -t tmpfs tmpfs $d; done &&
			hostname node1 && ip link set lo up && exec pause'
	fi
	setsid unshare "${flags[@]}" sh -c "$setup" >"$run/log/init" 2>&1 </dev/null &
	local parent=$! pid=
	for _ in $(seq 50); do
		pid=$(pgrep -P $parent || true)
		[ -n "$pid" ] && [[ "$(cat "/proc/$pid/comm")" =~ ^(pause|sleep)$ ]] && break
		sleep 0.1
	done
	[ -n "$pid" ] || die "cannot make namespaces: $(cat "$run/log/init")"
	echo "$pid" >"$run/init.pid"
}
# A veth pair joins the host and the node; the interface name claims the slot.
make_network() {
	local slot pid base=${INFRAZEN_TEST_NETWORK:-200}
	pid=$(cat "$run/init.pid")
	for slot in $(seq 0 20) none; do
		[ "$slot" != none ] || die "no free network slot"
		ip link add "izt$slot" type veth peer name eth0 netns "$pid" 2>/dev/null && break
	done
	HOST_IF=izt$slot CGROUP=izt$slot NET=10.$((base + slot))
	HOST_IP=$NET.255.1 NODE_IP=$NET.255.2 POD_CIDR=$NET.0.0/24 SVC_CIDR=$NET.128.0/20 SVC_NET=$NET.128
	ip addr add "$HOST_IP/30" dev "$HOST_IF"
	ip link set "$HOST_IF" up
	ns ip addr add "$NODE_IP/30" dev eth0
	ns ip link set eth0 up
	ns ip route add default via "$HOST_IP"
	ns sysctl -qw net.ipv4.ip_forward=1
	ip route replace "$NET.0.0/16" via "$NODE_IP" dev "$HOST_IF"
}
free_ports() {
	python3 -c 'import socket,sys
s=[socket.create_server(("127.0.0.1",0)) for _ in range(int(sys.argv[1]))]
print(*[x.getsockname()[1] for x in s])' "$1"
}

# ---- the programs -----------------------------------------------------------

define_control_plane() {
	define etcd etcd --name test --data-dir "$run/etcd" --unsafe-no-fsync --log-level warn \
		--listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
		--listen-peer-urls "http://127.0.0.1:$PEER_PORT"
	define kube-apiserver kube-apiserver --etcd-servers "http://127.0.0.1:$ETCD_PORT" \
		--bind-address "$BIND" --secure-port "$API_PORT" --service-cluster-ip-range "$SVC_CIDR" \
		--tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
		--client-ca-file "$pki/ca.crt" --authorization-mode Node,RBAC \
		--enable-admission-plugins NodeRestriction --allow-privileged \
		--kubelet-certificate-authority "$pki/ca.crt" --kubelet-preferred-address-types InternalIP \
		--kubelet-client-certificate "$pki/apiserver-kubelet.crt" --kubelet-client-key "$pki/apiserver-kubelet.key" \
		--requestheader-client-ca-file "$pki/ca.crt" --requestheader-allowed-names front-proxy \
		--requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
		--proxy-client-cert-file "$pki/front-proxy.crt" --proxy-client-key-file "$pki/front-proxy.key" \
		--service-account-issuer https://kubernetes.default.svc.cluster.local \
		--service-account-key-file "$pki/sa.key" --service-account-signing-key-file "$pki/sa.key" \
		--shutdown-delay-duration 0s ${APISERVER_FLAGS:-}
	define kube-controller-manager kube-controller-manager --kubeconfig "$pki/controller-manager.conf" \
		--bind-address 127.0.0.1 --secure-port "$KCM_PORT" --leader-elect=false \
		--use-service-account-credentials --service-account-private-key-file "$pki/sa.key" \
		--root-ca-file "$pki/ca.crt" --cert-dir "$run/pki/kcm" \
		--cluster-signing-cert-file "$pki/ca.crt" --cluster-signing-key-file "$pki/ca.key" ${KCM_FLAGS:-}
}
define_node() {
	mkdir -p "$run/cni" "/sys/fs/cgroup"
	cat >"$run/containerd.toml" <<-EOF
		version = 3
		root = "$run/containerd"
		state = "/run/containerd"
		[grpc]
		  address = "/run/containerd/containerd.sock"
		[plugins."io.containerd.internal.v1.opt"]
		  path = "$run/containerd/opt"
		[plugins."io.containerd.cri.v1.images".pinned_images]
		  sandbox = "localhost/pause:1"
		[plugins."io.containerd.cri.v1.runtime"]
		  # Without CAP_SYS_RESOURCE a score cannot be lowered.
		  restrict_oom_score_adj = true
		  disable_apparmor = true
		  [plugins."io.containerd.cri.v1.runtime".cni]
		    bin_dirs = ["/usr/lib/cni"]
		    conf_dir = "$run/cni"
		  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
		    runtime_type = "io.containerd.runc.v2"
	EOF
	cat >"$run/cni/10-bridge.conflist" <<-EOF
		{"cniVersion": "1.0.0", "name": "test", "plugins": [
		 {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
		  "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
		 {"type": "portmap", "capabilities": {"portMappings": true}}]}
	EOF
	cat >"$run/kubelet.yaml" <<-EOF
		apiVersion: kubelet.config.k8s.io/v1beta1
		kind: KubeletConfiguration
		address: $NODE_IP
		authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
		authorization: {mode: Webhook}
		tlsCertFile: $pki/kubelet.crt
		tlsPrivateKeyFile: $pki/kubelet.key
		containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
		clusterDNS: [$SVC_NET.10]
		clusterDomain: cluster.local
		resolvConf: ""
		failCgroupV1: false
		failSwapOn: false
		cgroupDriver: cgroupfs
		cgroupRoot: /$CGROUP
		enforceNodeAllocatable: []
		oomScoreAdj: 0 # without CAP_SYS_RESOURCE it cannot be lowered
		localStorageCapacityIsolation: false
		maxPods: 200
		podLogsDir: $run/pod-logs
		volumePluginDir: $run/volume-plugins
		evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
		imageGCHighThresholdPercent: 100
		imageGCLowThresholdPercent: 99
	EOF
	cat >"$run/kube-proxy.yaml" <<-EOF
		apiVersion: kubeproxy.config.k8s.io/v1alpha1
		kind: KubeProxyConfiguration
		clientConnection: {kubeconfig: $pki/kube-proxy.conf}
		mode: $PROXY_MODE
		clusterCIDR: $POD_CIDR
		hostnameOverride: $node
		bindAddress: $NODE_IP
		conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
	EOF
	# runc's cgroup v1 code wants the parent in every hierarchy, cpuset filled in.
	for h in /sys/fs/cgroup/*/; do
		[ -e "$h/cgroup.controllers" ] || mkdir -p "$h$CGROUP"
	done
	for f in cpuset.cpus cpuset.mems; do
		cat "/sys/fs/cgroup/cpuset/$f" >"/sys/fs/cgroup/cpuset/$CGROUP/$f"
	done
	define kube-scheduler kube-scheduler --kubeconfig "$pki/scheduler.conf" --leader-elect=false \
		--bind-address 127.0.0.1 --cert-dir "$run/pki/scheduler"
	define containerd containerd -c "$run/containerd.toml"
	define kubelet kubelet --config "$run/kubelet.yaml" --kubeconfig "$pki/kubelet.conf" \
		--root-dir "$run/kubelet" --cert-dir "$run/pki/kubelet" --hostname-override $node --node-ip "$NODE_IP"
	define kube-proxy kube-proxy --config "$run/kube-proxy.yaml"
	define metrics-server metrics-server --kubeconfig "$pki/metrics-server.conf" \
		--authentication-kubeconfig "$pki/metrics-server.conf" --authorization-kubeconfig "$pki/metrics-server.conf" \
		--tls-cert-file "$pki/metrics-server.crt" --tls-private-key-file "$pki/metrics-server.key" \
		--kubelet-certificate-authority "$pki/ca.crt" --kubelet-preferred-address-types InternalIP \
		--bind-address "$NODE_IP" --secure-port 4443 --metric-resolution 10s --kubelet-request-timeout 5s
	define network-policies python3 "$here/network_policies.py" "$API" "$pki"
}

# ---- actions ----------------------------------------------------------------

up() {
	MODE=full PROXY_MODE=iptables
	local owner=
	while [ $# -gt 0 ]; do
		case $1 in
		--control-plane) MODE=control-plane ;;
		--proxy-mode) PROXY_MODE=$2; shift ;;
		--while) owner=$2; shift ;;
		*) die "unknown option $1" ;;
		esac
		shift
	done
	! alive || die "already running in $run"
	local t0=$SECONDS
	mkdir -p "$run"/{cmd,log,pid}
	start_init
	[ -z "$owner" ] || go_down_with "$owner"
	if [ "$MODE" = full ]; then
		make_network
		BIND=$NODE_IP API_PORT=6443 ETCD_PORT=2379 PEER_PORT=2380 KCM_PORT=10257
	else
		HOST_IF='' CGROUP='' NET='' HOST_IP=127.0.0.1 NODE_IP=127.0.0.1 BIND=127.0.0.1 POD_CIDR=''
		SVC_NET=10.199.128 SVC_CIDR=10.199.128.0/20
		read -r API_PORT ETCD_PORT PEER_PORT KCM_PORT < <(free_ports 4)
	fi
	API=https://$NODE_IP:$API_PORT
	for v in MODE HOST_IF CGROUP NET HOST_IP NODE_IP POD_CIDR SVC_CIDR API; do echo "$v=${!v}"; done >"$run/env"
	make_pki
	define_control_plane
	start etcd
	start kube-apiserver
	wait_for 60 "API server" k get --raw /readyz
	# envtest's binaries have no controllers.
	if command -v kube-controller-manager >/dev/null; then
		start kube-controller-manager
		wait_for 30 "default service account" k -n default get serviceaccount default
	fi
	if [ "$MODE" = full ]; then
		define_node
		start kube-scheduler
		start containerd
		wait_for 20 containerd ns ctr version
		load_image "$cache/images/pause.tar" "$cache/images/coredns.tar"
		start kubelet
		start kube-proxy
		start network-policies
		sed "s/@DNS_IP@/$SVC_NET.10/; s/@HOST_IP@/$HOST_IP/" "$here/coredns.yaml" | k apply -f - >/dev/null
		wait_for 60 "node $node" k get node $node
		k wait --for=condition=Ready "node/$node" --timeout=60s >/dev/null
		k -n kube-system rollout status deployment/coredns --timeout=60s >/dev/null
	fi
	echo "up in $((SECONDS - t0)) s: KUBECONFIG=$run/kubeconfig"
}
# Waits for a process outside the namespaces; a second `down` does no harm.
go_down_with() { # PID
	setsid bash -c 'tail --pid="$1" -f /dev/null; exec "$2" down "$3"' - "$1" "$here/cluster.sh" "$run" >"$run/log/down" 2>&1 </dev/null &
}
down() {
	# shellcheck disable=SC1091
	[ -f "$run/env" ] && . "$run/env"
	if alive; then
		local pid
		pid=$(cat "$run/init.pid")
		kill -9 "$pid" # the kernel kills everything else in the pid namespace
		for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
	fi
	rm -f "$run/init.pid"
	if [ -n "${HOST_IF:-}" ]; then
		ip link del "$HOST_IF" 2>/dev/null || true
		find /sys/fs/cgroup -mindepth 2 -depth -type d -path "/sys/fs/cgroup/*/$CGROUP*" -exec rmdir {} + 2>/dev/null || true
	fi
	rm -rf "${run:?}"/{etcd,containerd,kubelet,pki,pid,cmd,pod-logs,volume-plugins,cni,env,kubeconfig,kubeconfig.*,containerd.toml,kubelet.yaml,kube-proxy.yaml}
}
load_image() {
	for tar; do
		[ -f "$tar" ] || die "no image $tar; run build-images.sh"
		ns ctr -n k8s.io images import "$(realpath "$tar")" >>"$run/log/ctr" 2>&1 || die "cannot load $tar; see $run/log/ctr"
	done
}
user() { # NAME [GROUP]
	. "$run/env"
	cert "$1" "${2:+/O=$2}/CN=$1"
	kubeconfig "$1" "$run/kubeconfig.$1"
	echo "$run/kubeconfig.$1"
}
# While an API has nobody who answers, namespaces stay: it goes before its server does.
metrics() { # on|off
	. "$run/env"
	local api
	api=$(sed "s|@NODE_IP@|$NODE_IP|; s|@CA@|$(base64 -w0 "$pki/ca.crt")|" "$here/metrics-server.yaml")
	if [ "$1" = on ]; then
		start metrics-server
		k apply -f - <<<"$api" >/dev/null
		k wait --for=condition=Available apiservice/v1beta1.metrics.k8s.io --timeout=60s >/dev/null
	else
		k delete -f - <<<"$api" >/dev/null
		stop metrics-server
	fi
}
status() {
	alive || { echo "down"; return 1; }
	cat "$run/env"
	for f in "$run"/pid/*; do
		printf '%-24s' "$(basename "$f")"
		ns ps -o pid=,rss=,time=,etime= -p "$(cat "$f")" | awk '{printf "pid %-6s rss %5.0f MB  cpu %s  up %s\n", $1, $2/1024, $3, $4; f=1} END {if (!f) print "dead"}'
	done
	k get nodes,pods -A 2>/dev/null || true
}

case $action in
up | down | user | metrics | status) "$action" "$@" ;;
load-image) load_image "$@" ;;
start | stop) "$action" "$1" ;;
restart) stop "$1"; start "$1" ;;
exec) ns "$@" ;;
*) die "unknown action $action" ;;
esac

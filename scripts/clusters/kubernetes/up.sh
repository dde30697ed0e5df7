#!/bin/bash
# up.sh DIRECTORY: a real Kubernetes of two nodes on this machine, in some 30 s: etcd, apiserver, controller manager, scheduler, and nodes n1
# and n2, each with namespaces, a containerd and a kubelet of its own. All state lies in DIRECTORY. The last line on stdout is `ready`.
# Called again it starts what is dead and leaves alone what lives. down.sh ends it.
#
# What can be killed: the pid in DIRECTORY/run/NAME.pid, where NAME is etcd, apiserver, controller-manager, scheduler, n1.kubelet,
# n1.containerd, or n1: the node's first process, with which all in the node dies as by a power cut.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=common.sh
. "$here/common.sh"

directory=$(readlink -m "${1:?usage: up.sh DIRECTORY}")
case $directory in
  /run/* | /var/*) fail 'DIRECTORY cannot lie in /run or /var: nodes have their own' ;;
esac
[ "${#directory}" -le 64 ] || fail 'DIRECTORY has too long a name for the sockets in it'
obstacle=$(why_not)
[ -z "$obstacle" ] || fail "$obstacle"
are_built || fail "the binaries are not in $cache/bin: $here/build.sh makes them"
install_packages etcd-server containerd runc containernetworking-plugins busybox-static socat conntrack ethtool iptables iproute2 \
  curl openssl bash dash coreutils util-linux python3-minimal

# One cluster at a time: its cgroups and bridges have fixed names. The lock goes with this script, the mark stays.
exec 8>"$cache/cluster.lock"
flock -w 600 8 || fail 'another script has been busy with a cluster here for 10 minutes'
other=$(cat "$cache/cluster" 2>/dev/null || :)
if [ -n "$other" ] && [ "$other" != "$directory" ] && [ -d "$other/run" ]; then
  (directory=$other; live_pid etcd || live_pid n1) >/dev/null && fail "another cluster runs here, in $other: end it with $here/down.sh $other"
fi
mkdir -p "$directory"/{run,log,keys}
echo "$directory" >"$cache/cluster"
"$here/make-images.sh" "$cache/images"

is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
# free_ports COUNT FROM: the first of so many free ports in a row
free_ports() {
  local first offset
  for ((first = $2; first < 32000; first += $1)); do
    for ((offset = 0; offset < $1; offset++)); do
      if is_taken $((first + offset)); then continue 2; fi
    done
    echo "$first"
    return
  done
  fail 'no free ports'
}
[ -s "$directory/ports" ] || echo "api=$(free_ports 1 26443) etcd=$(free_ports 2 22379) kubelet=$(free_ports 4 21260)" >"$directory/ports"
# shellcheck source=/dev/null
. "$directory/ports"
url=https://127.0.0.1:$api
keys=$directory/keys

if [ ! -s "$keys/service-account.key" ]; then
  (
    umask 077
    openssl genrsa -out "$keys/service-account.key" 2048
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=drover-test-authority -keyout "$keys/ca.key" -out "$keys/ca.crt"
    openssl req -newkey rsa:2048 -nodes -subj /CN=apiserver -keyout "$keys/server.key" -out "$keys/server.csr"
    openssl x509 -req -in "$keys/server.csr" -CA "$keys/ca.crt" -CAkey "$keys/ca.key" -CAcreateserial -days 3650 -out "$keys/server.crt" \
      -extfile <(echo 'subjectAltName=IP:127.0.0.1,DNS:localhost')
    openssl rand -hex 20 >"$keys/token"
  ) 2>>"$directory/log/openssl.log"
fi
token=$(<"$keys/token")
(
  umask 077
  printf '%s,admin,1,"system:masters"\n' "$token" >"$keys/tokens.csv"
  cat >"$directory/kubeconfig" <<END
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "$url", certificate-authority: "$keys/ca.crt"}}]
users: [{name: admin, user: {token: "$token"}}]
contexts: [{name: test, context: {cluster: test, user: admin, namespace: default}}]
current-context: test
END
)
# What the apiserver and the nodes see as /etc/hosts: the apiserver asks kubelets by the names of their nodes.
echo "127.0.0.1 localhost $(uname -n) n1 n2" >"$directory/hosts"
echo 'nameserver 127.0.0.1' >"$directory/resolv.conf"

daemon etcd etcd --data-dir "$directory/etcd" --unsafe-no-fsync --log-level warn \
  --listen-client-urls "http://127.0.0.1:$etcd" --advertise-client-urls "http://127.0.0.1:$etcd" --listen-peer-urls "http://127.0.0.1:$((etcd + 1))"
# shellcheck disable=SC2016 # the inner shell expands them
daemon apiserver unshare --mount sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$directory/hosts" "$cache/bin/kube-apiserver" \
  --etcd-servers "http://127.0.0.1:$etcd" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$api" --cert-dir "$keys" \
  --tls-cert-file "$keys/server.crt" --tls-private-key-file "$keys/server.key" --client-ca-file "$keys/ca.crt" --token-auth-file "$keys/tokens.csv" \
  --authorization-mode RBAC --service-cluster-ip-range 10.97.0.0/16 --service-account-issuer drover-test \
  --service-account-signing-key-file "$keys/service-account.key" --service-account-key-file "$keys/service-account.key" \
  --endpoint-reconciler-type none --disable-admission-plugins ServiceAccount --kubelet-preferred-address-types Hostname --allow-privileged=true \
  --default-watch-cache-size 50
answers() {
  [ "$(curl --silent --cacert "$keys/ca.crt" "$url/readyz")" = ok ]
}
patiently 120 'the apiserver' answers
# The first process of a node: makes the machine's own places the node's, then reaps until it is asked to end.
# shellcheck disable=SC2016
first_process='
set -e
hostname "$1"
mount --bind "$2/hosts" /etc/hosts
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
mount --bind "$3/log" /var/log
mount --bind "$3/cni-state" /var/lib/cni
mount --bind "$3/kubelet-state" /var/lib/kubelet
set +e
trap "exit 0" TERM
touch "$3/booted"
while :; do sleep 3600 & wait "$!"; done'

only_child() {
  cat "/proc/$1/task/$1/children" 2>/dev/null | grep .
}
# child_daemon NAME COMMAND...: for a command that forks its daemon, as unshare and nsenter do; it is the child that is remembered
child_daemon() {
  local name=$1 parent child
  shift
  live_pid "$name" >/dev/null && return
  setsid "$@" </dev/null >>"$directory/log/$name.log" 2>&1 8>&- &
  parent=$!
  until child=$(only_child "$parent"); do
    [ -d "/proc/$parent" ] || fail "$name did not start: see $directory/log/$name.log"
    sleep 0.05
  done
  remember "$name" "${child%% *}"
}
in_node() {
  local node=$1 name=$2
  shift 2
  child_daemon "$name" nsenter --target "$(live_pid "$node")" --mount --uts --pid -- "$@"
}

boot() {
  local number=$1 name=n$1 home=$directory/n$1 group=/drover-test-n$1 port=$((kubelet + 2 * $1 - 2)) controller file image
  if ! live_pid "$name" >/dev/null; then
    rm -f "$home/booted"
    mkdir -p "$home"/{cni,log,cni-state,kubelet-state} /var/lib/cni /var/lib/kubelet
    for controller in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
      mkdir -p "/sys/fs/cgroup/$controller$group"
    done
    for file in cpuset.cpus cpuset.mems; do
      cat "/sys/fs/cgroup/cpuset/$file" >"/sys/fs/cgroup/cpuset$group/$file"
    done
    child_daemon "$name" unshare --mount --uts --pid --fork --mount-proc bash -c "$first_process" node "$name" "$directory" "$home"
    patiently 10 "node $name" test -e "$home/booted"
  fi
  cat >"$home/cni/bridge.conflist" <<END
{"cniVersion": "0.4.0", "name": "$name", "plugins": [{"type": "bridge", "bridge": "drover-n$number", "isGateway": true, "ipMasq": false,
  "ipam": {"type": "host-local", "dataDir": "$home/addresses", "ranges": [[{"subnet": "10.89.$number.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
  cat >"$home/containerd.toml" <<END
version = 2
root = "$home/containerd"
state = "/run/containerd"
[grpc]
  address = "$home/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$home/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_apparmor = true
  restrict_oom_score_adj = true # root may lack CAP_SYS_RESOURCE here
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$home/cni"
END
  cat >"$home/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $port
readOnlyPort: 0
healthzBindAddress: 127.0.0.1
healthzPort: $((port + 1))
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupRoot: $group
failSwapOn: false
makeIPTablesUtilChains: false
resolvConf: $directory/resolv.conf
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
nodeStatusUpdateFrequency: 4s
syncFrequency: 10s
registryPullQPS: 0
kubeAPIQPS: 100
kubeAPIBurst: 200
eventRecordQPS: 0
END
  in_node "$name" "$name.containerd" containerd --config "$home/containerd.toml"
  patiently 30 "the containerd of $name" ctr --address "$home/containerd.sock" version
  for image in pause busybox debian; do
    ctr --address "$home/containerd.sock" --namespace k8s.io images list --quiet | grep -qx "localhost/$image:1" ||
      ctr --address "$home/containerd.sock" --namespace k8s.io images import "$cache/images/$image.tar" >/dev/null
  done
  in_node "$name" "$name.kubelet" "$cache/bin/kubelet" --config "$home/kubelet.yaml" --kubeconfig "$directory/kubeconfig" \
    --root-dir /var/lib/kubelet --cert-dir "$home/kubelet-keys" --volume-plugin-dir "$home/plugins" --hostname-override "$name" \
    --container-runtime remote --container-runtime-endpoint "unix://$home/containerd.sock" --image-service-endpoint "unix://$home/containerd.sock"
}

boot 1
boot 2
node() {
  curl --silent --fail --cacert "$keys/ca.crt" --header "Authorization: Bearer $token" "$url/api/v1/nodes/$1" | tr -d ' \n'
}
is_ready() {
  node "$1" | grep -q '"status":"True"[^}]*"reason":"KubeletReady"'
}
patiently 120 'node n1' is_ready n1
patiently 120 'node n2' is_ready n2

# Not before: where the controller manager finds no node ready at first, it never evicts a pod later.
daemon controller-manager "$cache/bin/kube-controller-manager" --kubeconfig "$directory/kubeconfig" --leader-elect=false \
  --service-account-private-key-file "$keys/service-account.key" --bind-address 127.0.0.1 --port 0 --secure-port 0 \
  --controllers '*,-cloud-node-lifecycle,-service,-route' --node-monitor-period 2s --node-monitor-grace-period 16s --pod-eviction-timeout 10s \
  --kube-api-qps 100 --kube-api-burst 200
daemon scheduler "$cache/bin/kube-scheduler" --kubeconfig "$directory/kubeconfig" --leader-elect=false --bind-address 127.0.0.1 --port 0 \
  --secure-port 0 --kube-api-qps 200 --kube-api-burst 400
takes_pods() {
  is_ready "$1" && ! node "$1" | grep -q '"taints"'
}
patiently 60 'node n1 to take pods' takes_pods n1
patiently 60 'node n2 to take pods' takes_pods n2
echo ready

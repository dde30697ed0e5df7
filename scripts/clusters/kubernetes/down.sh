#!/bin/bash
# down.sh DIRECTORY: ends the cluster that up.sh made there, with all its pods, and removes DIRECTORY, its cgroups and its bridges.
set -uo pipefail
# shellcheck source=common.sh
. "$(dirname "$(readlink -f "$0")")/common.sh"

directory=$(readlink -m "${1:?usage: down.sh DIRECTORY}")
[ -d "$directory/run" ] || exit 0
exec 8>"$cache/cluster.lock"
flock -w 600 8 || fail 'another script has been busy with a cluster here for 10 minutes'

# With the first process of a node goes all that is in it.
end_daemons n1 n2 scheduler controller-manager apiserver etcd
rm -f "$directory"/run/n?.*
for node in n1 n2; do
  [ ! -d "/sys/class/net/drover-$node" ] || ip link delete "drover-$node"
  for ((tries = 0; tries < 100; tries++)); do
    # The kernel takes a moment to empty them.
    find /sys/fs/cgroup/*/"drover-test-$node" -depth -type d -exec rmdir {} + 2>/dev/null
    compgen -G "/sys/fs/cgroup/*/drover-test-$node" >/dev/null || break
    sleep 0.1
  done
done
rmdir /var/lib/cni /var/lib/kubelet 2>/dev/null
[ "$(cat "$cache/cluster" 2>/dev/null)" != "$directory" ] || rm -f "$cache/cluster"
rm -rf --one-file-system "$directory"

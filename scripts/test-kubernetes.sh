#!/bin/bash
# npm run test:kubernetes: the tests that need a real Kubernetes. Arguments go to vitest.
#
# Without DROVER_TEST_KUBECONFIG a cluster of two nodes is brought up on this machine for the time of the tests. What it is made of is built
# from Debian's source once (7 minutes), where DROVER_TEST_INSTALL=1 allows it. DROVER_TEST_CLUSTER names its folder, if it is to stay.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
clusters=scripts/clusters/kubernetes
# shellcheck source=clusters/kubernetes/common.sh
. "$clusters/common.sh"
own_cluster='' own_image=''
tidy_up() {
  [ -z "$own_cluster" ] || "$clusters/down.sh" "$own_cluster"
  [ -z "$own_image" ] || scripts/image/remove.sh "$own_image"
}
trap tidy_up EXIT
trap 'exit 130' INT TERM HUP
bash scripts/setup.sh
sh scripts/build.sh

if [ -z "${DROVER_TEST_KUBECONFIG:-}" ]; then
  obstacle=$(why_not)
  [ -z "$obstacle" ] || fail "cannot run here: $obstacle; DROVER_TEST_KUBECONFIG can name one that exists"
  if ! are_built; then
    [ "${DROVER_TEST_INSTALL:-}" = 1 ] || fail "not built yet: DROVER_TEST_INSTALL=1 npm run test:kubernetes builds it once, in some 7 minutes"
    "$clusters/build.sh"
  fi
  if [ -z "${DROVER_TEST_CLUSTER:-}" ]; then
    own_cluster=$(mktemp -d "${TMPDIR:-/tmp}/drover-cluster-XXXXXX")
    DROVER_TEST_CLUSTER=$own_cluster
  fi
  "$clusters/up.sh" "$DROVER_TEST_CLUSTER" >&2
  export DROVER_TEST_CLUSTER DROVER_TEST_KUBECONFIG=$DROVER_TEST_CLUSTER/kubeconfig
fi

# What is in deploy/ is run with the image that it is about, where that can be built, and where other tests are not asked for by name.
case $* in '' | *image*) is_of_image=yes ;; *) is_of_image='' ;; esac
if [ -n "$is_of_image" ] && [ -n "${DROVER_TEST_CLUSTER:-}" ] && [ -z "${DROVER_TEST_IMAGE:-}" ]; then
  own_image=$(mktemp -d "${TMPDIR:-/tmp}/drover-image-XXXXXX")
  if scripts/image/build.sh "$own_image" --archive; then
    export DROVER_TEST_IMAGE=$own_image
  elif [ $? != 3 ]; then
    exit 1
  fi
fi
sh scripts/node.sh node_modules/vitest/vitest.mjs run --no-file-parallelism packages/server/test/engine/kubernetes "$@"

#!/bin/bash
# npm run test:image: builds the image of deploy/Containerfile, looks at it and runs it. Arguments go to vitest.
#
# Needs root and Debian's buildah, debootstrap and runc, which DROVER_TEST_INSTALL=1 allows to add; else it says what is missing, and ends.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
DROVER_TEST_IMAGE=$(mktemp -d "${TMPDIR:-/tmp}/drover-image-XXXXXX")
trap 'scripts/image/remove.sh "$DROVER_TEST_IMAGE"' EXIT
trap 'exit 130' INT TERM HUP
bash scripts/setup.sh
status=0
scripts/image/build.sh "$DROVER_TEST_IMAGE" || status=$?
[ "$status" != 3 ] || exit 0 # It has said why.
[ "$status" = 0 ] || exit "$status"
export DROVER_TEST_IMAGE
sh scripts/node.sh node_modules/vitest/vitest.mjs run packages/server/test/image "$@"

#!/bin/sh
# Builds the packages; incremental, so that a second run costs well under a second.
set -eu
cd "$(dirname "$0")/.."
sh scripts/node.sh node_modules/typescript/bin/tsc --build packages/client packages/server
mkdir -p packages/server/dist/engine/local
cp packages/server/src/engine/local/*.sh packages/server/dist/engine/local/

#!/bin/sh
# Builds the packages; incremental, so that a second run costs well under a second.
set -eu
cd "$(dirname "$0")/.."
sh scripts/node.sh node_modules/typescript/bin/tsc --build packages/client packages/server
mkdir -p packages/server/dist/engine/local packages/server/dist/engine/slurm
cp packages/server/src/engine/local/*.sh packages/server/dist/engine/local/
cp packages/server/src/engine/slurm/*.sh packages/server/dist/engine/slurm/
reference=packages/server/assets/api-reference.js.gz
if [ ! "$reference" -nt node_modules/@scalar/fastify-api-reference/package.json ] || [ ! "$reference" -nt scripts/bundle-api-reference.ts ]; then
  sh scripts/node.sh scripts/bundle-api-reference.ts
fi

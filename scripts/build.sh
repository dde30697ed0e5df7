#!/bin/sh
# Builds the packages; incremental, so that a second run costs well under a second.
set -eu
cd "$(dirname "$0")/.."
sh scripts/node.sh node_modules/typescript/bin/tsc --build packages/client packages/server
# What runs by a shell is no TypeScript.
(cd packages/server/src && find engine -name '*.sh') | while IFS= read -r script; do
  mkdir -p "packages/server/dist/${script%/*}"
  cp "packages/server/src/$script" "packages/server/dist/$script"
done
reference=packages/server/assets/api-reference.js.gz
if [ ! "$reference" -nt node_modules/@scalar/fastify-api-reference/package.json ] || [ ! "$reference" -nt scripts/bundle-api-reference.ts ]; then
  sh scripts/node.sh scripts/bundle-api-reference.ts
fi

#!/bin/sh
# npm test: sets up what is missing, then types, lint, build and tests. Arguments go to vitest.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
sh scripts/build.sh
sh scripts/node.sh node_modules/typescript/bin/tsc --project tsconfig.json
sh scripts/biome.sh check
exec sh scripts/node.sh node_modules/vitest/vitest.mjs run "$@"

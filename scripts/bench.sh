#!/bin/sh
# npm run bench: sets up what is missing, builds, measures. Arguments are names of scenarios.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
sh scripts/build.sh
exec sh scripts/node.sh --conditions=source bench/run.ts "$@"

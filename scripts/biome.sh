#!/bin/sh
# Runs the linter and formatter: its binary for this platform, without the package that lists those of all others.
cd "$(dirname "$0")/.." || exit 1
exec "node_modules/@biomejs/cli-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/biome" "$@"

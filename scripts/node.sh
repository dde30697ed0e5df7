#!/bin/sh
# Runs the Node.js that the project needs: the one this clone carries, else a new enough one on the PATH.
carried=$(dirname "$0")/../node_modules/node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin/node
[ -x "$carried" ] || carried=node
exec "$carried" "$@"

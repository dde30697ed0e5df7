#!/bin/sh
# npm start: sets up what is missing, builds, serves. Arguments go to `drover serve`.
set -eu
here=$(dirname "$0")
sh "$here/setup.sh" >&2
sh "$here/build.sh" >&2
# Drivers get the server's PATH, and npm has put the tools of this clone (and of folders above it) in front.
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v -e '/node_modules/\.bin$' -e '/node-gyp-bin$' | paste -s -d : -)
exec "$here/../packages/server/bin/drover" serve "$@"

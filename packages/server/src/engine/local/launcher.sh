#!/bin/sh
# Starts a supervisor for each attempt whose id is read from stdin; ends with stdin.
# usage: launcher.sh SHELL SUPERVISOR ATTEMPTS_DIRECTORY PID_NAMESPACE
#
# It is started while the server is small, since a fork of a large process takes tens of milliseconds.
# `setsid -f` and not `&`, which would leave SIGINT and SIGQUIT ignored in every driver.
while IFS= read -r id; do
  setsid -f "$1" "$2" "$3/$id" "$4" "$1" </dev/null
done

#!/bin/sh
# Becomes the driver of an attempt, in a session of its own. Its output is the driver's log, descriptor 3 the record. Where its errors go
# is for itself to say: a supervisor's shell may have its own there while the driver runs, and would tell in the log that it was killed.
# usage: driver.sh ATTEMPT_DIRECTORY
#
# The order defines drover_enter (moves this process into its cgroups), drover_directory and drover_begin (sets the
# driver's variables and becomes it). Names are long, as a variable of the server's may have been passed on.

drover_append() {
  printf '%s .\n' "$1" 2>/dev/null >&3 && return
  until sleep 1; printf '\n%s .\n' "$1" 2>/dev/null >&3; do :; done
}

drover_refuse() {
  echo "drover: the driver was not started: $3" >&2
  drover_append "refused $1"
  exit "$2"
}

drover_main() {
  exec 2>&1
  [ -r "$1/order" ] || drover_refuse order 125 'its order file cannot be read'
  . "$1/order"
  drover_enter 2>/dev/null || drover_refuse cgroup 125 'its cgroup cannot be entered'
  cd -- "$drover_directory" 2>/dev/null || drover_refuse directory 126 "its working directory cannot be entered: $drover_directory"

  IFS= read -r drover_stat </proc/$$/stat
  # The first two fields are cut off; the 22nd is the start time.
  set -- ${drover_stat##*) }
  drover_append "driver $$ ${20}"
  unset OLDPWD drover_directory drover_stat
  drover_begin
}

drover_main "$@"

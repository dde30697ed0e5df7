# Parent of one driver, and the first process of its container: waits for the word of the courier, runs the driver, ends what
# that leaves behind, and records how it ended. Needs a shell, mkfifo and setsid, as nearly every image has them.
# usage: sh -c THIS_TEXT drover FOLDER
#
# FOLDER is shared with the courier: `control` leads from it to here, `record` from here to it (grammar: ../record/grammar.ts).
# In a container nothing else has processes, so that signalling all of them (kill -1) reaches the driver's tree and nothing else.

append() {
  printf '%s .\n' "$1" >&3 && return
  until sleep 1; printf '\n%s .\n' "$1" >&3; do :; done
}

# Passes signals on, as the courier names them. SIGKILL from here reaches all but this process and the first one.
obey() {
  trap '' TERM INT HUP
  while IFS= read -r word <&4; do
    kill "-$word" -1
  done
}

# Whether there is any live process but this one and the one that obeys.
has_others() {
  for entry in /proc/[0-9]*; do
    case ${entry#/proc/} in $$ | "$obeying") continue ;; esac
    { IFS= read -r stat <"$entry/stat"; } 2>/dev/null || continue
    case ${stat##*) } in Z* | X*) ;; *) return 0 ;; esac
  done
  return 1
}

end_others() {
  has_others || return
  kill -TERM -1
  tenths=$((grace_ms / 100))
  while [ "$tenths" -ge 0 ] && has_others; do
    sleep 0.1 2>/dev/null || sleep 1
    tenths=$((tenths - 1))
  done
  while has_others; do
    kill -KILL -1
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# From version 2 of cgroups, or from version 1.
ran_out_of_memory() {
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] || continue
    while read -r name count; do
      [ "$name" != oom_kill ] || [ "$count" = 0 ] || return 0
    done <"$file"
  done
  return 1
}

main() {
  trap : TERM INT HUP
  cd / || exit
  rm -f "$1/control"
  mkfifo "$1/control" || exit 125
  exec 4<"$1/control"
  true >"$1/listens"
  IFS= read -r word <&4
  case $word in
    go\ *) grace_ms=${word#go } ;;
    *)
      # Kubernetes shows it with the container's end.
      echo 'no driver was started' >/dev/termination-log
      exit 0
      ;;
  esac
  exec 3>>"$1/record" 2>/dev/null
  obey 3>&- &
  obeying=$!

  if true >>"$1/output/log"; then
    setsid /bin/sh "$1/driver.sh" "$1" </dev/null >>"$1/output/log" 2>&1 4<&-
    code=$?
  else
    append 'refused log'
    code=125
  fi
  end_others
  if ran_out_of_memory; then append oom; fi
  append "end $code"
  exit "$code"
}

main "$@"

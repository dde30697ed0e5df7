# shellcheck shell=bash
# Adds packages of Debian. Sourced, never run, by scripts that have `say`, `fail` and a folder `$cache`.

# missing_packages PACKAGE...: which of them are not installed
missing_packages() {
  local package
  for package; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

# install_packages PACKAGE...: what is missing of them, without letting any daemon start by itself
install_packages() {
  local missing guard=/usr/sbin/policy-rc.d guarded='' status=0
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installs ${missing[*]}"
  mkdir -p "$cache/log"
  if [ ! -e "$guard" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod 755 "$guard"
    guarded=yes
  fi
  {
    # A source that does not answer matters only where the package is not found in the others.
    apt-get update || :
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"
  } </dev/null >>"$cache/log/apt.log" 2>&1 || status=1
  [ -z "$guarded" ] || rm -f "$guard"
  [ "$status" = 0 ] || fail "could not install ${missing[*]}: see $cache/log/apt.log"
}

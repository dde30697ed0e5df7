#!/bin/bash
# Builds the parts of Kubernetes that Debian has only as source (1.20.2) into the cache, once: some 7 minutes on two cores,
# 1.5 GB of memory, 3 GB of disk until the sources are removed at the end. Does nothing where all is built.
set -Eeuo pipefail
# shellcheck source=common.sh
. "$(dirname "$(readlink -f "$0")")/common.sh"
trap 'say "the build failed at line $LINENO of build.sh: see $cache/log/build.log"' ERR

are_built && exit
obstacle=$(why_not)
[ -z "$obstacle" ] || fail "cannot be built: $obstacle"
mkdir -p "$cache/bin" "$cache/log" "$cache/source"
exec 8>"$cache/build.lock"
flock 8
are_built && exit # by whom we waited for
log=$cache/log/build.log
say "builds Kubernetes from Debian's source, some 7 minutes; its log is $log"
install_packages golang-go dpkg-dev patch golang-github-modern-go-reflect2-dev

source=$cache/source
tree=$source/go/src/k8s.io/kubernetes

fetch_sources() {
  local lists=$source/apt apt
  # Sources from wherever this machine has Debian's packages from, with lists that leave those in /etc/apt alone.
  mkdir -p "$lists/parts" "$lists/state/partial" "$lists/cache/archives/partial"
  find /etc/apt/sources.list.d -name '*debian*.sources' -exec cat {} + | sed 's/^Types:.*/Types: deb-src/' >"$lists/parts/all.sources"
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n 's/^deb \(.*debian.*\)/deb-src \1/p' >"$lists/parts/all.list" || :
  find "$lists/parts" -empty -delete
  apt=(apt-get --quiet -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$lists/parts" -o "Dir::State::Lists=$lists/state"
    -o "Dir::Cache=$lists/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update || :
  cd "$source"
  "${apt[@]}" source --download-only kubernetes
  rm -rf "$tree"
  mkdir -p "${tree%/*}"
  dpkg-source --no-check --extract "$source"/kubernetes_*.dsc "$tree"
}

# The reflect2 that comes with it crashes when built by Go 1.18 or later; Debian's package of it has the mended one.
mend_reflect2() {
  local old=$tree/vendor/github.com/modern-go/reflect2 new=/usr/share/gocode/src/github.com/modern-go/reflect2
  rm -f "$old"/*.go "$old"/*.s
  find "$new" -maxdepth 1 \( -name '*.go' -o -name '*.s' \) ! -name '*_test.go' -exec cp -t "$old" {} +
}

# Debian's package lacks one generated file: made here from all folders that ask for it.
generate_openapi() {
  local folders
  cd "$tree"
  /usr/bin/go build -o "$source/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  folders=$(
    # Those below vendor/k8s.io are links, which -R follows.
    { grep -Rl --include='*.go' '+k8s:openapi-gen=' pkg cmd plugin vendor/k8s.io || :; } |
      grep -Ev '/_examples/|/testdata/|_test\.go|^vendor/k8s\.io/(code-generator|sample-apiserver|kube-openapi|gengo)/' |
      sed 's|^|k8s.io/kubernetes/|; s|/[^/]*$||' | LC_ALL=C sort -u | paste -s -d ,
  )
  "$source/openapi-gen" --logtostderr --input-dirs "$folders" --output-package k8s.io/kubernetes/pkg/generated/openapi \
    --output-file-base zz_generated.openapi --go-header-file hack/boilerplate/boilerplate.generatego.txt --report-filename "$source/report"
  [ -s pkg/generated/openapi/zz_generated.openapi.go ]
}

build() {
  local package flags='-s -w' name
  for package in component-base/version client-go/pkg/version; do
    package=k8s.io/kubernetes/vendor/k8s.io/$package
    flags+=" -X $package.gitVersion=v1.20.2 -X $package.gitMajor=1 -X $package.gitMinor=20 -X $package.gitTreeState=clean"
  done
  cd "$tree"
  for name in "${binaries[@]}"; do
    [ -x "$cache/bin/$name" ] || /usr/bin/go build -trimpath -ldflags "$flags" -o "$source/$name" "./cmd/$name"
    [ -x "$cache/bin/$name" ] || mv "$source/$name" "$cache/bin/$name"
  done
}

# Modules are refused in this tree.
export GOPATH=$source/go GOCACHE=$source/go-cache GO111MODULE=off GOPROXY=off GOTOOLCHAIN=local GOFLAGS='' CGO_ENABLED=0
[ -e "$source/fetched" ] || {
  fetch_sources >>"$log" 2>&1
  mend_reflect2 >>"$log" 2>&1
  touch "$source/fetched"
}
[ -e "$source/generated" ] || {
  generate_openapi >>"$log" 2>&1
  touch "$source/generated"
}
build >>"$log" 2>&1
cd /
chmod -R u+w "$source"
rm -rf "$source"
say "built in $SECONDS s"

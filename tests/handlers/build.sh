#!/usr/bin/env bash
# build.sh OUT: makes OUT/{rust,rust-sdk,http-rust,go,http-go,python,node,java,shell}, each a folder with a bootstrap.
# What has not changed since the last call is not built again, and downloads are tried only when what is cached does
# not suffice. A toolchain that is missing or too old is named on one line, which OUT/missing keeps; with CI=true it is
# an error. A handler that fails to build does not keep the others from being built.
set -euo pipefail

if [ $# -ne 1 ]; then
  echo "usage: build.sh OUT" >&2
  exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failed=()
: >"$out/missing"

build_rust() {
  cd "$here/rust"
  export CARGO_TARGET_DIR="$out/rust-target"
  cargo build --quiet --release --locked --offline 2>/dev/null || cargo build --quiet --release --locked
  install -D "$CARGO_TARGET_DIR/release/conformance-handler" "$out/rust/bootstrap"
}

# unoptimised_rust FOLDER PROGRAM: optimising the SDK would take minutes.
unoptimised_rust() {
  cd "$here/$1"
  export CARGO_TARGET_DIR="$out/rust-target"
  cargo build --quiet --locked --offline 2>/dev/null || cargo build --quiet --locked
  install -D "$CARGO_TARGET_DIR/debug/$2" "$out/$1/bootstrap"
}
build_rust-sdk() {
  unoptimised_rust rust-sdk calling-handler
}
build_http-rust() {
  unoptimised_rust http-rust http-handler
}

# go_program FOLDER
go_program() {
  cd "$here/$1"
  mkdir -p "$out/$1"
  export CGO_ENABLED=0
  GOFLAGS="-buildvcs=false" GOPROXY=off go build -tags lambda.norpc -ldflags=-s -o "$out/$1/bootstrap" . 2>/dev/null ||
    go build -buildvcs=false -tags lambda.norpc -ldflags=-s -o "$out/$1/bootstrap" .
}
build_go() {
  go_program go
}
build_http-go() {
  go_program http-go
}

# unchanged STAMP FILE...: true if STAMP was made from these contents; else puts them into STAMP.new for `made`.
unchanged() {
  local stamp=$1
  shift
  mkdir -p "$(dirname "$stamp")"
  sha256sum "$@" >"$stamp.new"
  cmp -s "$stamp" "$stamp.new"
}
made() {
  mv "$1.new" "$1"
}

# The packages live as long as the requirements stay the same; a new interpreter makes them anew.
build_python() {
  cd "$here/python"
  local stamp="$out/python/packages.stamp"
  if ! unchanged "$stamp" requirements.txt "$(command -v python3)" ||
    ! "$out/python/packages/bin/python" -V >/dev/null 2>&1; then
    rm -rf "$out/python/packages"
    python3 -m venv "$out/python/packages"
    "$out/python/packages/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
    made "$stamp"
  fi
  install handler.py http_handler.py bootstrap "$out/python/"
}

# The client compiles its native part when it is installed, which takes a minute.
build_node() {
  cd "$here/node"
  local stamp="$out/node/packages.stamp"
  if ! unchanged "$stamp" package-lock.json "$(command -v node)"; then
    cp package.json package-lock.json "$out/node/"
    npm ci --prefix "$out/node" --prefer-offline --loglevel=error --no-audit --no-fund
    made "$stamp"
  fi
  install handler.js http_handler.js bootstrap "$out/node/"
}

build_java() {
  cd "$here/java"
  local stamp="$out/java/build.stamp" sources
  mapfile -t sources < <(find pom.xml src -type f | sort)
  if ! unchanged "$stamp" "${sources[@]}"; then
    mvn --quiet --batch-mode --offline -Doutput="$out/java" package >/dev/null 2>&1 ||
      mvn --quiet --batch-mode -Doutput="$out/java" package
    made "$stamp"
  fi
  install bootstrap "$out/java/"
}

build_shell() {
  install -D "$here/shell/bootstrap" "$out/shell/bootstrap"
}

# version_of COMMAND: the version it says it has.
version_of() {
  local said
  case $1 in
    go) said=$(go version) ;;
    *) said=$("$1" --version) ;;
  esac
  [[ $said =~ [0-9]+(\.[0-9]+)* ]] && echo "${BASH_REMATCH[0]}"
}

# lacks COMMAND[:VERSION]: says what is wrong with it; false where it is there and new enough.
lacks() {
  local command=${1%:*} wanted here
  if ! command -v "$command" >/dev/null; then
    echo "no $command here"
    return
  fi
  wanted=${1#"$command"}
  if [ -z "$wanted" ]; then
    return 1
  fi
  here=$(version_of "$command" || echo "of unknown version")
  if printf '%s\n' "${wanted#:}" "$here" | sort --version-sort --check=quiet; then
    return 1
  fi
  echo "$command ${wanted#:} or newer is needed, here is $here"
}

# build LANGUAGE COMMAND[:VERSION]...: builds it if all commands are there.
build() {
  local language=$1 command why
  shift
  for command in "$@"; do
    if why=$(lacks "$command"); then
      # What an older toolchain or an earlier run left would be tested as if it were new.
      rm -f "$out/$language/bootstrap"
      echo "missing toolchain: $language: $why"
      echo "$language: $why" >>"$out/missing"
      return
    fi
  done
  # In the background, because bash ignores `set -e` in what stands before `||`.
  ("build_$language") &
  wait "$!" || failed+=("$language")
}

# The oldest versions that are known to do.
build rust cargo:1.85
build rust-sdk cargo:1.94.1
build http-rust cargo:1.88
build go go:1.19
build http-go go:1.21
build python python3
build node node:18 npm
build java javac:17 mvn
build shell curl

if [ "${#failed[@]}" != 0 ]; then
  echo "could not be built: ${failed[*]}; why stands above" >&2
  exit 1
fi
if [ -s "$out/missing" ] && [ "${CI:-}" = true ]; then
  echo "with CI=true every toolchain must be there" >&2
  exit 1
fi

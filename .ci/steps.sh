# Sourced by ./dev: progress lines, quiet steps, and the packages and toolchains a Debian 12 machine needs.

started=$SECONDS
log_folder=build/log
left_out=()

say() {
  printf '[%4d s] %s\n' "$((SECONDS - started))" "$*"
}

fail() {
  printf './dev: %s\n' "$*" >&2
  exit 1
}

# step WHAT COMMAND...: quiet while it goes well; the log's end and the command's status when it does not.
step() {
  local what=$1 log begin=$SECONDS status=0
  shift
  mkdir -p "$log_folder"
  log=$log_folder/$(tr -cs 'a-zA-Z0-9\n' '-' <<<"$what").log
  say "$what"
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" != 0 ]; then
    tail -n 150 "$log" >&2
    say "$what: FAILED with status $status after $((SECONDS - begin)) s; the whole log is $log"
  fi
  return "$status"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    say "sudo $*"
    sudo "$@"
  fi
}

installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

update_package_lists() {
  if [ -z "${package_lists_updated:-}" ]; then
    step "update the package lists" as_root apt-get update -q
    package_lists_updated=yes
  fi
}

# need_packages PACKAGE...: installs those that are missing. Elsewhere than on Debian it trusts the machine.
need_packages() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null; then
    say "no dpkg here: taking for granted that these are installed in some form: $*"
    return
  fi
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  if [ "${#missing[@]}" = 0 ]; then
    return
  fi
  update_package_lists
  step "install ${#missing[@]} packages" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}"
}

build_packages=(g++ cmake ninja-build ccache git libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  nlohmann-json3-dev libspdlog-dev libfmt-dev libcli11-dev doctest-dev libminizip-dev
  libyaml-cpp-dev libssl-dev zlib1g-dev libelf-dev)
test_packages=(ca-certificates curl make procps xz-utils clang libclang-rt-14-dev clang-format gdb gdbserver lldb)

# leave_out WHAT WHY: a part of the tests that this machine cannot run. With CI=true that is a failure.
leave_out() {
  left_out+=("$1: $2")
  say "left out: $1: $2"
}

# need_toolchain COMMAND PACKAGE...: a toolchain of a handler language, from the machine or from Debian. Whether there
# is one in the end, and new enough, is for those to say who use it.
need_toolchain() {
  local command=$1
  shift
  if ! command -v "$command" >/dev/null; then
    need_packages "$@" || say "no $command: apt could not install $*"
  fi
}

# need_dlv: a debugger for Go. Debian's fits Debian's Go and no newer one; to a newer Go the newest fits.
need_dlv() {
  local folder=$PWD/build/tools
  export PATH=$PATH:$folder
  if command -v dlv >/dev/null || ! command -v go >/dev/null; then
    return
  fi
  if [ "$(readlink -f "$(command -v go)")" = "$(readlink -f /usr/bin/go)" ]; then
    need_packages delve || say "no dlv: apt could not install delve"
  else
    step "install dlv" env GOBIN="$folder" go install github.com/go-delve/delve/cmd/dlv@latest || true
  fi
}

# use_node_headers: what compiles against Node.js takes the headers beside it, where there are any; else it downloads.
use_node_headers() {
  local prefix
  prefix=$(node -p 'path.dirname(path.dirname(process.execPath))' 2>/dev/null) || return 0
  if [ -e "$prefix/include/node/node_version.h" ]; then
    export npm_config_nodedir=${npm_config_nodedir:-$prefix}
  fi
}

# need_browser: a Chromium, which a page of the tests is opened in.
need_browser() {
  local command
  for command in chromium-headless-shell chromium google-chrome; do
    if command -v "$command" >/dev/null; then
      return
    fi
  done
  need_packages chromium-headless-shell || true
  if ! command -v chromium-headless-shell >/dev/null; then
    leave_out "tests with a browser" "no Chromium, and apt could not install chromium-headless-shell"
  fi
}

# need_python: Python 3.11 or newer with venv.
need_python() {
  if ! python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    need_packages python3 python3-venv
  fi
}

# virtual_environment: build/venv with the pinned requirements, rebuilt when they change.
virtual_environment() {
  local folder=build/venv stamp
  stamp=$(cat "$@" | sha256sum | cut -d' ' -f1)
  if [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ]; then
    return
  fi
  rm -rf "$folder"
  python3 -m venv "$folder" &&
    "$folder/bin/pip" install --quiet --disable-pip-version-check "${@/#/--requirement=}" &&
    echo "$stamp" >"$folder/stamp"
}

# junit_counts FILE: `passed failed skipped` of a JUnit file, as ctest and pytest write it.
junit_counts() {
  python3 - "$1" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree

suites = list(tree.parse(sys.argv[1]).getroot().iter("testsuite"))
total, failed, skipped = (
    sum(int(suite.get(name) or 0) for suite in suites for name in names)
    for names in (["tests"], ["failures", "errors"], ["skipped", "disabled"])
)
print(total - failed - skipped, failed, skipped)
PYTHON
}

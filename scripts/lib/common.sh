# shellcheck shell=bash
# Paths and helper functions for all scripts. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/.tools
WORKER_BUILD_VERSION=0.8.7
export ROOT TOOLS WORKER_BUILD_VERSION

say() { printf '== %s\n' "$*" >&2; }

# die MESSAGE [LINE…]: prints an error and exits with status 1. Further lines say what to do about it.
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

# part NAME SECONDS COMMAND…: runs one part of the work. Prints a line at its beginning, with the seconds that it
# usually takes on two cores, and one at its end.
part() {
  local name=$1 usual=$2 began=$SECONDS
  shift 2
  say "$name … (usually $usual s)"
  "$@" # not in a condition: `set -e` would not hold inside
  local status=$?
  [ "$status" -eq 0 ] || return "$status"
  say "$name: $((SECONDS - began)) s"
}

has() { command -v "$1" >/dev/null 2>&1; }

# digest: prints a hash of standard input, using whichever tool is installed.
digest() {
  if has sha256sum; then sha256sum; elif has shasum; then shasum -a 256; else cksum; fi | cut -d' ' -f1
}

# lock NAME: waits for a lock and holds it until this process exits. macOS has no flock, so do not run two builds at
# once there.
lock() {
  mkdir -p "$TOOLS"
  exec 9>"$TOOLS/$1.lock"
  ! has flock || flock 9
}

# version_at_least HAVE WANT: compares dotted versions number by number.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

# locked_version CRATE: prints its version in Cargo.lock.
locked_version() {
  awk -v line="name = \"$1\"" '$0 == line { getline; gsub(/[^0-9.]/, ""); print; exit }' "$ROOT/Cargo.lock"
}

# package_version: prints the version of this project.
package_version() {
  sed -n 's/^  "version": "\(.*\)",$/\1/p' "$ROOT/package.json"
}

# wrangler_configuration: prints wrangler.toml without its build step and the comment above, for a Worker that is built.
# Both stand between empty lines, as each part of the file does.
wrangler_configuration() {
  awk -v RS= '!/(^|\n)\[build\]/ { printf "%s%s\n", between, $0; between = "\n" }' "$ROOT/wrangler.toml"
}

# free_ports COUNT: prints ports of this machine that nobody listens on. Waits until they are free again.
free_ports() {
  node -e 'const net = require("net"), all = [];
    for (let n = +process.argv[1]; n > 0; n--) all.push(net.createServer().listen(0, "127.0.0.1"));
    setTimeout(() => { console.log(all.map((one) => one.address().port).join(" ")); all.forEach((one) => one.close()); }, 100)' "$1"
}

# is_version PROGRAM VERSION: whether .tools/bin or the PATH has this version of a program.
is_version() {
  case " $(PATH=$TOOLS/bin:$PATH "$1" --version 2>/dev/null) " in *" $2 "*) return 0 ;; *) return 1 ;; esac
}

# install_program CRATE VERSION PROGRAM [OPTION…]: builds a program into .tools/bin. Without optimisation, which halves
# the time. The variables are set for this command only; exported, they would change the Worker's build too.
install_program() {
  local crate=$1 version=$2 program=$3
  shift 3
  env -u RUSTFLAGS -u CARGO_BUILD_TARGET CARGO_TARGET_DIR="$TOOLS/install-target" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    cargo install --quiet --force --root "$TOOLS" "$crate@$version" --bin "$program" "$@" >&2
}

install_worker_build() {
  is_version worker-build "$WORKER_BUILD_VERSION" ||
    part "worker-build $WORKER_BUILD_VERSION" 70 install_program worker-build "$WORKER_BUILD_VERSION" worker-build --locked
}

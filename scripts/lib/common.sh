# shellcheck shell=bash
# Paths and helper functions for all scripts. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/.tools
WASM_TARGET=wasm32-unknown-unknown
export ROOT TOOLS WASM_TARGET

say() { printf '== %s\n' "$*" >&2; }

# die MESSAGE [LINE…]: prints an error and exits with status 1. Further lines say what to do about it.
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
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

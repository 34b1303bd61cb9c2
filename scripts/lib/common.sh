# shellcheck shell=bash
# What every script here shares: where things are, how to speak, how to stop. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/.tools
WASM_TARGET=wasm32-unknown-unknown
export ROOT TOOLS WASM_TARGET

say() { printf '== %s\n' "$*" >&2; }

# die MESSAGE [LINE…]: each further line says what to do about it.
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# digest: one word that stands for standard input, by whatever this machine offers.
digest() {
  if has sha256sum; then sha256sum; elif has shasum; then shasum -a 256; else cksum; fi | cut -d' ' -f1
}

# only_one_at_a_time NAME: waits for other processes that hold NAME; the lock goes with this process.
# macOS has no flock: there, do not run two builds at once.
only_one_at_a_time() {
  mkdir -p "$TOOLS"
  exec 9>"$TOOLS/$1.lock"
  ! has flock || flock 9
}

# version_at_least HAVE WANT: dotted numbers, compared part by part.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

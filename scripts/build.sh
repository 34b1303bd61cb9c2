#!/usr/bin/env bash
# build.sh [--dev | --panicking | --named]: builds the Worker for wrangler, if anything has changed.
#
#   (none)        an optimised build in build/
#   --dev         a quick build without optimisation in build/; the same as BUILD=dev
#   --panicking   a Worker that panics on request, in build-panicking/, for tests/panics
#   --named       an optimised build that keeps function names, in build-named/, for scripts/size.sh and profilers
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
OUT=build
case ${1:-} in
  "") profile=${BUILD:-release} ;;
  --dev) profile=dev ;;
  --panicking | --named) profile=${1#--} OUT=build-${1#--} ;;
  *) die "unknown argument $1" "Usage: scripts/build.sh [--dev | --panicking | --named]" ;;
esac
WASM=$ROOT/$OUT/index_bg.wasm
STAMP=$ROOT/$OUT/.built-from

# A hash of everything that the build depends on.
inputs_hash() {
  cd "$ROOT"
  { echo "$profile" && cat "$TOOLS/done" && find src core/src Cargo.toml Cargo.lock core/Cargo.toml scripts/build.sh -type f -print0 |
    LC_ALL=C sort -z | xargs -0 cat; } | digest
}

is_built() { [ -s "$WASM" ] && [ -s "$ROOT/$OUT/index.js" ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$1" ]; }

# Removes function names and debug sections, a fifth of the file. The optimiser uses only the wasm features that rustc
# recorded in the file, all of which workerd supports. Sorting functions by name puts instances of the same generic
# function side by side, which compresses better.
shrink() { # FILE OPTION…
  local file=$1
  shift
  wasm-opt -O2 --reorder-functions-by-name "$@" "$file" -o "$file.small"
  mv "$file.small" "$file"
}

# Builds the standard library and SHA-2 for size instead of speed, which saves 13 KB compressed.
export CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
export RUSTFLAGS="${RUSTFLAGS:-} --cfg sha2_backend_soft=\"compact\""

# Builds into a new folder and then replaces the old one, which may be in use.
build() {
  local fresh=$OUT.fresh
  rm -rf "$fresh"
  case $profile in
    dev) worker-build --dev --panic-unwind --out-dir "$fresh" ;;
    panicking) worker-build --release --panic-unwind --no-opt --out-dir "$fresh" . --features deliberate-panic ;;
    named)
      worker-build --release --panic-unwind --no-opt --out-dir "$fresh"
      shrink "$fresh/index_bg.wasm" -g
      ;;
    release)
      worker-build --release --panic-unwind --no-opt --out-dir "$fresh"
      shrink "$fresh/index_bg.wasm" --strip-debug --strip-producers
      ;;
    *) die "unknown profile $profile" "Use dev or release." ;;
  esac
  rm -rf "$OUT"
  mv "$fresh" "$OUT"
}

"$ROOT/scripts/setup.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
lock build
hash=$(inputs_hash)
! is_built "$hash" || exit 0
cd "$ROOT"
build >&2
echo "$hash" >"$STAMP"
say "built ($profile): $(wc -c <"$WASM" | tr -d ' ') bytes of wasm, $(gzip -9 -c "$WASM" | wc -c | tr -d ' ') compressed"

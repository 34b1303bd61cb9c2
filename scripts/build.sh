#!/usr/bin/env bash
# build.sh [--dev | --panicking | --named]: builds the Worker into build/, ready for wrangler; at once when nothing has
# changed. --dev (or BUILD=dev) skips the optimisation, for a quick loop while working. --panicking builds, into
# build-panicking/, what tests/panics needs: the same Worker that panics when it is asked to. --named builds, into
# build-named/, the Worker with the names of its functions, for scripts/size.sh and profilers.
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
MARK=$ROOT/$OUT/.built-from

# Stands for everything that the result depends on.
inputs() {
  cd "$ROOT"
  { echo "$profile" && cat "$TOOLS/done" && find src core/src Cargo.toml Cargo.lock core/Cargo.toml scripts/build.sh -type f -print0 |
    LC_ALL=C sort -z | xargs -0 cat; } | digest
}

is_built() { [ -s "$WASM" ] && [ -s "$ROOT/$OUT/index.js" ] && [ "$(cat "$MARK" 2>/dev/null)" = "$1" ]; }

# The names of functions and the debug sections are a fifth of the file and nothing at run time. The features that
# the optimiser may use are those that rustc has written into the file, so that workerd knows them all. By their
# names, functions stand beside those of the same code for other types, which compresses better.
shrink() { # FILE OPTION…
  local file=$1
  shift
  wasm-opt -O2 --reorder-functions-by-name "$@" "$file" -o "$file.small"
  mv "$file.small" "$file"
}

# Of the standard library and of SHA-2 (signatures, tokens) the smaller of two ways to write them: 13 KB compressed.
export CARGO_UNSTABLE_BUILD_STD_FEATURES=optimize_for_size
export RUSTFLAGS="${RUSTFLAGS:-} --cfg sha2_backend_soft=\"compact\""

# Beside the folder that may be in use, which is replaced at the end.
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
only_one_at_a_time build
wanted=$(inputs)
! is_built "$wanted" || exit 0
cd "$ROOT"
build >&2
echo "$wanted" >"$MARK"
say "built ($profile): $(wc -c <"$WASM" | tr -d ' ') bytes of wasm, $(gzip -9 -c "$WASM" | wc -c | tr -d ' ') compressed"

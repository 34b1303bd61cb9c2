#!/usr/bin/env bash
# build.sh [--dev | --panicking | --named]: builds the Worker for wrangler, unless it is up to date.
#
#   (none)        an optimised build in build/
#   --dev         a quick build without optimisation in build/; the same as BUILD=dev
#   --panicking   a Worker that panics on request, in build-panicking/, for tests/panics
#   --named       an optimised build that keeps function names, in build-named/, for scripts/size.sh and profilers
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"

# The standard library is built with the Worker. Small sorting and printing save 18 KB of the compressed size.
export CARGO_UNSTABLE_BUILD_STD_FEATURES="panic-unwind optimize_for_size"
# SHA-2 signs few requests: here its code is small instead of fast. Without the places of panics and the texts of Debug,
# which no user and no log sees, 14 KB are saved; both options are unstable.
export RUSTFLAGS='--cfg=sha2_backend_soft="compact" -Zlocation-detail=none -Zfmt-debug=none'
export RUSTC_BOOTSTRAP=1

build() {
  case $profile in
    dev) worker-build --dev --panic-unwind ;;
    named) worker-build --release --panic-unwind --out-dir "$OUT" ;;
    panicking) worker-build --release --panic-unwind --no-opt --out-dir "$OUT" . --features deliberate-panic ;;
    release)
      worker-build --release --panic-unwind
      # Of the compressed size, function names are an eighth. Without exports that nobody can call, 2 KB are saved, by a
      # second optimisation 2 KB more, and 2 KB by short names for the rest of what wasm-bindgen has named.
      node scripts/lib/wasm/needed-exports.mjs "$WASM" >"$TOOLS/needed-exports.json"
      wasm-metadce --graph-file "$TOOLS/needed-exports.json" "$WASM" -o "$WASM" >/dev/null
      wasm-opt --gufa-optimizing -O1 --dae-optimizing --strip-debug --strip-producers "$WASM" -o "$WASM"
      order_by_likeness
      node scripts/lib/wasm/short-names.mjs "$WASM" "$OUT/index.js"
      ;;
    *) die "unknown profile $profile" "Use dev or release." ;;
  esac
}

# Saves 15 KB of the compressed size: functions with similar code stand together. Which of some orders is the best varies by
# half a KB from one version to the next.
order_by_likeness() {
  local length
  rm -f "$WASM".?* # of a build that was interrupted
  for length in 5 6 7; do
    cp "$WASM" "$WASM.$length"
    node scripts/lib/wasm/name-by-likeness.mjs "$WASM.$length" "$length"
    wasm-opt --reorder-functions-by-name --strip-debug "$WASM.$length" -o "$WASM.$length"
    gzip -9 "$WASM.$length"
  done
  # shellcheck disable=SC2012
  gunzip -c "$(ls -Sr "$WASM".?.gz | head -n 1)" >"$WASM"
  rm "$WASM".?.gz
}

# A hash of everything that the build depends on, but the profile.
inputs_hash() {
  { cat "$TOOLS/done" && find src core/src Cargo.toml Cargo.lock core/Cargo.toml scripts/build.sh \
    scripts/lib/wasm -type f -print0 |
    LC_ALL=C sort -z | xargs -0 cat; } | digest
}

is_built() { [ -s "$WASM" ] && [ -s "$OUT/index.js" ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$1" ]; }

compressed() { gzip -9 -c "$WASM" | wc -c | tr -d ' '; }

OUT=build
case ${1:-} in
  "") profile=${BUILD:-release} ;;
  --dev) profile=dev ;;
  --panicking | --named) profile=${1#--} OUT=build-${1#--} ;;
  *) die "unknown argument $1" "Usage: scripts/build.sh [--dev | --panicking | --named]" ;;
esac
WASM=$OUT/index_bg.wasm
STAMP=$OUT/.built-from
"$ROOT/scripts/setup.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
lock build
wanted="$profile $(inputs_hash)"
! is_built "$wanted" || exit 0
rm -f "$STAMP" # a build that fails may leave parts of another
part "Worker ($profile build)" 80 build >&2
echo "$wanted" >"$STAMP"
say "$WASM: $(compressed) bytes compressed"

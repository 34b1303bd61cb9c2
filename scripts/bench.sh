#!/usr/bin/env bash
# bench.sh [--quick] [--json FILE] [--only NAME,…] [--micro]: measures the built Worker beside the floor
# (bench/floor), both as release builds, and then the core's rules natively; see docs/benchmarks.md.
# --quick: a tenth of the work, to see that it works. --micro: the native part alone.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
quick='' micro=''
arguments=()
for argument in "$@"; do
  case $argument in
    --quick) quick=yes && arguments+=("$argument") ;;
    --micro) micro=yes ;;
    *) arguments+=("$argument") ;;
  esac
done

# The same route as scripts/build.sh takes to the product.
build_floor() {
  local wasm=build/index_bg.wasm
  cd "$ROOT/bench/floor"
  worker-build --release --panic-unwind --no-opt >&2
  wasm-opt -O2 --strip-debug --strip-producers "$wasm" -o "$wasm.small"
  mv "$wasm.small" "$wasm"
  cd "$ROOT"
}

BUILD=release "$ROOT/scripts/build.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
if [ -z "$micro" ]; then
  build_floor
  cargo run --quiet --release -p bench -- "${arguments[@]}"
fi
# Samples of a few milliseconds each are enough to see that they run.
cargo bench --quiet -p texting --bench '*' -- ${quick:+--sample-count 5 --max-time 1}

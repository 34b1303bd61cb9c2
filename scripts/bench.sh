#!/usr/bin/env bash
# bench.sh [--quick] [--json FILE] [--only NAME,…] [--against DIR] [--micro]: measures the built Worker beside the
# floor (bench/floor), both as release builds, and then the core's rules natively; see docs/benchmarks.md.
# --quick: a tenth of the requests, to check that everything works. --against: also measures another build of the
# Worker, in DIR, and prints the ratios to it. --micro: only the native part.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"

# The absolute path of a folder with a built Worker, since the benchmark runs in the project's folder.
other_build() {
  [ -s "$1/index_bg.wasm" ] || die "no built Worker in '$1'" "--against needs a folder like build/, see docs/benchmarks.md."
  (cd "$1" && pwd)
}

quick='' micro=''
arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=yes && arguments+=("$1") ;;
    --micro) micro=yes ;;
    --against)
      folder=$(other_build "${2:-}")
      arguments+=("$1" "$folder")
      shift
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

# Builds the floor as scripts/build.sh builds the product.
build_floor() (
  cd "$ROOT/bench/floor"
  worker-build --release --panic-unwind >&2
  wasm-opt --strip-debug build/index_bg.wasm -o build/index_bg.wasm
)

BUILD=release "$ROOT/scripts/build.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
if [ -z "$micro" ]; then
  build_floor
  cargo run --quiet --release -p bench -- ${arguments[@]+"${arguments[@]}"}
fi
# With --quick, a few milliseconds per sample show that the benchmarks run.
cargo bench --quiet -p texting --bench '*' -- ${quick:+--sample-count 5 --max-time 1}

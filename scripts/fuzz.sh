#!/usr/bin/env bash
# fuzz.sh [SECONDS] [TARGET…]: fuzzes the parsers of untrusted input (core/fuzz), each target for SECONDS, 60 by
# default. Starts from the committed corpora and dictionaries; new inputs are kept in target/fuzz for the next run. If
# a target fails, its input is in core/fuzz/artifacts; to reproduce the failure, pass the path that libFuzzer printed
# to target/fuzz/<triple>/release/TARGET.
#
# Builds as cargo-fuzz would, but with the stable compiler's instrumentation, because cargo-fuzz needs nightly. No
# address sanitizer is used, because the code has no `unsafe`.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
FUZZ=$ROOT/core/fuzz
case ${1:-60} in *[!0-9]*) die "SECONDS is not a number: $1" "Usage: scripts/fuzz.sh [SECONDS] [TARGET…]" ;; esac
seconds=${1:-60}
[ $# -eq 0 ] || shift
if [ $# -eq 0 ]; then
  for target in "$FUZZ"/fuzz_targets/*.rs; do set -- "$@" "$(basename "$target" .rs)"; done
fi
if [ -f "$TOOLS/env.sh" ]; then
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
fi
has cargo || die "cargo is missing" "Install Rust, then run this again."

triple=$(rustc -vV | sed -n 's/^host: //p')
OUT=${CARGO_TARGET_DIR:-$ROOT/target}/fuzz
coverage=(
  --cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1
  -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares
  -Cllvm-args=-simplifycfg-branch-fold-threshold=0
)
say "building with coverage instrumentation"
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${coverage[*]}" CARGO_TARGET_DIR=$OUT \
  cargo build --locked --release --target "$triple" --manifest-path "$FUZZ/Cargo.toml" --bins

fuzz() { # TARGET
  local found=$OUT/corpus/$1
  mkdir -p "$found" "$FUZZ/artifacts/$1"
  "$OUT/$triple/release/$1" "$found" "$FUZZ/corpus/$1" -dict="$FUZZ/dictionaries/$1" \
    -max_total_time="$seconds" -max_len=8192 -timeout=10 -artifact_prefix="$FUZZ/artifacts/$1/" \
    -print_final_stats=1 -verbosity=1 >"$OUT/$1.log" 2>&1
}

failed=()
for target; do
  say "$target: $seconds s"
  if fuzz "$target"; then
    grep -E 'DONE|number_of_executed_units' "$OUT/$target.log" >&2
  else
    tail -n 40 "$OUT/$target.log" >&2
    failed+=("$target")
  fi
done
[ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}" "The inputs are in core/fuzz/artifacts, the logs in $OUT."

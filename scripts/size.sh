#!/usr/bin/env bash
# size.sh: prints the compressed size of the built Worker in bytes (gzip -9). Fails above the budget: every byte is
# loaded on a cold start.
# size.sh --by-crate: builds the Worker with function names and prints the bytes of code per crate.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
TWIGGY_VERSION=0.8.0
BUDGET=480000

check_budget() {
  local wasm=$ROOT/build/index_bg.wasm size
  [ -s "$wasm" ] || die "the Worker is not built" "Run scripts/build.sh first."
  grep -q '^release ' "$ROOT/build/.built-from" || die "build/ is a quick build" "Run scripts/build.sh first."
  size=$(gzip -9 -c "$wasm" | wc -c | tr -d ' ')
  echo "$size bytes compressed; budget $BUDGET"
  [ "$size" -le "$BUDGET" ] ||
    die "the Worker is $((size - BUDGET)) bytes over the budget" \
      "Find out what added them: scripts/size.sh --by-crate."
}

# Generic code is attributed to the first crate in its name, which is usually the one that defines it.
by_crate() {
  "$ROOT/scripts/build.sh" --named
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
  has twiggy || cargo install --quiet --locked --root "$TOOLS" "twiggy@$TWIGGY_VERSION" >&2
  twiggy top -n 100000 --format csv "$ROOT/build-named/index_bg.wasm" | awk '
    !match($0, /,[0-9]+,[0-9.e-]+,,$/) || /subsection"|^"?custom section/ { next }
    { split(substr($0, RSTART + 1), size, ",") }
    match($0, /[a-z_][a-z0-9_]*\[[0-9a-f]+\]/) { crate = substr($0, RSTART, RLENGTH); sub(/\[.*/, "", crate) }
    !match($0, /[a-z_][a-z0-9_]*\[[0-9a-f]+\]/) { crate = /data segment/ ? "(constants)" : "(glue)" }
    { bytes[crate] += size[1] }
    END { for (crate in bytes) printf "%8d %s\n", bytes[crate], crate }' | sort -rn
}

case ${1:-} in
  "") check_budget ;;
  --by-crate) by_crate ;;
  *) die "unknown argument $1" "Usage: scripts/size.sh [--by-crate]" ;;
esac

#!/usr/bin/env bash
# size.sh: prints the compressed size of the built Worker in bytes. Fails if it is more than 5 % above the size in
# scripts/size-budget; a different compiler accounts for 1 or 2 %. Every byte is loaded on a cold start.
# size.sh --by-crate: builds the Worker with function names and prints the bytes of code per crate.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
TWIGGY_VERSION=0.8.0

check_budget() {
  local wasm=$ROOT/build/index_bg.wasm size budget allowed
  [ -s "$wasm" ] || die "the Worker is not built" "Run scripts/build.sh first."
  size=$(gzip -9 -c "$wasm" | wc -c | tr -d ' ')
  budget=$(cat "$ROOT/scripts/size-budget")
  allowed=$((budget + budget / 20))
  echo "$size bytes compressed; budget $budget, limit $allowed"
  [ "$size" -le "$allowed" ] ||
    die "the Worker is $((size - allowed)) bytes over the limit" \
      "Find out what added them (scripts/size.sh --by-crate). Raise scripts/size-budget only if they are worth it."
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

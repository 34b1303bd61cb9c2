#!/usr/bin/env bash
# size.sh: prints the built Worker's compressed size in bytes, and fails when it is more than 5 % above what is
# recorded in scripts/size-budget (another compiler makes a difference of 1 or 2 %): every byte is loaded at a
# cold start. size.sh --by-crate: builds it with names and prints how many bytes of code each crate has.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
TWIGGY_VERSION=0.8.0

within_budget() {
  local wasm=$ROOT/build/index_bg.wasm size budget allowed
  [ -s "$wasm" ] || die "nothing is built" "Run scripts/build.sh first."
  size=$(gzip -9 -c "$wasm" | wc -c | tr -d ' ')
  budget=$(cat "$ROOT/scripts/size-budget")
  allowed=$((budget + budget / 20))
  echo "$size bytes compressed; $budget are recorded, $allowed allowed"
  [ "$size" -le "$allowed" ] ||
    die "the Worker has outgrown its budget by $((size - allowed)) bytes" \
      "Find out what brought them; record more in scripts/size-budget only if they are worth it."
}

# Of generic code, the crate that is named first counts: mostly the one that wrote it.
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
  "") within_budget ;;
  --by-crate) by_crate ;;
  *) die "unknown argument $1" "Usage: scripts/size.sh [--by-crate]" ;;
esac

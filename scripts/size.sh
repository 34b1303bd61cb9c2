#!/usr/bin/env bash
# Prints the built Worker's compressed size in bytes and fails when it is above scripts/size-budget:
# Cloudflare limits it, and every byte is loaded at a cold start.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
wasm=$ROOT/build/index_bg.wasm
[ -s "$wasm" ] || die "nothing is built" "Run scripts/build.sh first."
size=$(gzip -9 -c "$wasm" | wc -c | tr -d ' ')
budget=$(cat "$ROOT/scripts/size-budget")
echo "$size bytes compressed, of $budget allowed"
[ "$size" -le "$budget" ] ||
  die "the Worker has outgrown its budget by $((size - budget)) bytes" \
    "Find out what brought them; raise scripts/size-budget only if they are worth it."

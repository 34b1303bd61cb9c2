#!/usr/bin/env bash
# Every test: sets the tools up, builds the Worker and runs `cargo test` over the workspace, the end-to-end
# tests against the built Worker included. Arguments go to cargo test. Ends with the count, failed if any did.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
"$ROOT/scripts/build.sh"
"$ROOT/scripts/build.sh" --panicking
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
log=$TOOLS/test.log
status=0
cargo test --workspace --no-fail-fast "$@" 2>&1 | tee "$log" || status=$?
count=$(awk '/^test result:/ { passed += $4; failed += $6 } END { printf "%d passed, %d failed", passed, failed }' "$log")
[ "$status" -eq 0 ] || echo "cargo test ended with status $status" >&2
echo "tests: $SECONDS s, the build included"
echo "$count"
case $count in *", 0 failed") exit "$status" ;; *) exit 1 ;; esac

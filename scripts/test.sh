#!/usr/bin/env bash
# Runs all tests: sets up the tools, builds the Worker and runs `cargo test` on the workspace, including the
# end-to-end tests against the built Worker. Arguments are passed to cargo test. The last line is the count; the exit
# status is not 0 if a test failed.
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
[ "$status" -eq 0 ] || echo "cargo test exited with status $status" >&2
echo "tests: $SECONDS s, including the build"
echo "$count"
case $count in *", 0 failed") exit "$status" ;; *) exit 1 ;; esac

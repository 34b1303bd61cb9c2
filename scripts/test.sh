#!/usr/bin/env bash
# test.sh [ARGUMENT…] [-- ARGUMENT…]: builds the Worker and runs all tests, including the end-to-end tests against the
# built Worker. Arguments go to cargo test, those after -- to each test binary. The last line is the count; the exit
# status is not 0 if a test failed.
#
# TEST_THREADS is the number of tests that one binary runs at a time: more than there are cores, because end-to-end
# tests wait most of the time.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
export RUST_TEST_THREADS=${TEST_THREADS:-4}

for_cargo=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do for_cargo+=("$1") && shift; done
[ $# -eq 0 ] || shift

case " ${for_cargo[*]-} " in
  *" --lib "*) "$ROOT/scripts/setup.sh" ;; # these tests need no Worker
  *)
    "$ROOT/scripts/build.sh"
    "$ROOT/scripts/build.sh" --panicking
    ;;
esac
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
binaries=$TOOLS/test-binaries
log=$TOOLS/test.log
status=0
case " ${for_cargo[*]-} " in
  *" -p "* | *" --package "*) ;;
  *) for_cargo+=(--workspace) ;;
esac
part "test binaries" 110 cargo test --no-run --message-format=json-render-diagnostics "${for_cargo[@]}" >"$binaries"
node scripts/lib/run-tests.mjs "$@" <"$binaries" | tee "$log" || status=$?
count=$(awk '/^test result:/ { passed += $4; failed += $6 } END { printf "%d passed, %d failed", passed, failed }' "$log")
echo "tests: $SECONDS s, including the build"
echo "$count"
exit "$status"

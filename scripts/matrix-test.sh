#!/usr/bin/env bash
# matrix-test.sh [ARGUMENT…]: runs the tests with a real Matrix homeserver, Synapse, which is installed from PyPI into
# .tools. Arguments go to each test binary. Skipped if there is no suitable Python.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
SKIPPED=77

status=0
"$ROOT/scripts/synapse.sh" || status=$?
[ "$status" -ne "$SKIPPED" ] || exit 0 # it has said why
[ "$status" -eq 0 ] || exit "$status"
"$ROOT/scripts/build.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
export MATRIX_TESTS=required RUST_TEST_THREADS=${TEST_THREADS:-4}
exec cargo test --locked --test matrix --test matrix_texts -- "$@"

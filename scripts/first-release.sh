#!/usr/bin/env bash
# first-release.sh: builds the Worker of version 0.1.0 from the history into .tools/first-release/build, for the tests of
# rolling back (tests/upgrade). Does nothing if it is there already. Exits with 77 if the history lacks that commit, as
# in a shallow clone: those tests are skipped then.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
COMMIT=d019f3009fb72830057976751f8613767358394a
FOLDER=$TOOLS/first-release
SKIPPED=77

# As scripts/build.sh, but without the optimisation of the size: only tests run this Worker.
build() {
  rm -rf "$FOLDER"
  mkdir -p "$FOLDER"
  git archive "$COMMIT" Cargo.toml Cargo.lock src core standins bench tests | tar -x -C "$FOLDER"
  export CARGO_TARGET_DIR=$FOLDER/target RUSTC_BOOTSTRAP=1
  export CARGO_UNSTABLE_BUILD_STD_FEATURES="panic-unwind optimize_for_size"
  export RUSTFLAGS='--cfg=sha2_backend_soft="compact"'
  (cd "$FOLDER" && worker-build --release --panic-unwind --no-opt >&2)
  rm -rf "$CARGO_TARGET_DIR"
  digest <"$TOOLS/done" >"$FOLDER/built-with"
}

is_built() {
  [ -s "$FOLDER/build/index_bg.wasm" ] && [ "$(cat "$FOLDER/built-with" 2>/dev/null)" = "$(digest <"$TOOLS/done")" ]
}

cd "$ROOT"
if ! git cat-file -e "$COMMIT^{commit}" 2>/dev/null; then
  echo "first release: SKIPPED, the history does not have its commit $COMMIT"
  exit "$SKIPPED"
fi
"$ROOT/scripts/setup.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
lock build
! is_built || exit 0
part "Worker of the first release" 120 build

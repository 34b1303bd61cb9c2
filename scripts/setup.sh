#!/usr/bin/env bash
# setup.sh: installs what building, testing and deploying need into .tools and node_modules, and writes .tools/env.sh,
# which puts it on the PATH. Does nothing if everything is up to date; the other scripts call it first.
#
# With rustup it does what workers-rs documents:
#
#   npm ci                                  # wrangler, in the version of package.json
#   cargo --version                         # rustup installs the toolchain of rust-toolchain.toml
#   rustup toolchain install nightly --profile minimal --component rust-src --target wasm32-unknown-unknown
#   cargo install worker-build              # into .tools; at its first build it downloads wasm-bindgen, wasm-opt, esbuild
#
# A machine that reaches only package registries goes another way: scripts/registries/setup.sh.
#
#   TOOLS_FROM   unset        what an earlier setup in this folder used. The first one uses rustup, if it is installed
#                             and its server and GitHub answer; otherwise registries
#                rustup       the way above
#                registries   only crates.io, npm and Debian packages; nothing is downloaded from elsewhere
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib/common.sh
. scripts/lib/common.sh
# shellcheck source=scripts/lib/node.sh
. scripts/lib/node.sh
# Finds the machine's own programs, not those of an earlier setup.
PATH=$(printf %s "$PATH" | tr : '\n' | grep -vF "$ROOT/" | paste -sd: -)

answers() { # URL
  has curl && curl --silent --fail --head --location --max-time 10 --output /dev/null "$1"
}

# Prints `rustup` or `registries`.
way() {
  case ${TOOLS_FROM:-} in
    rustup | registries) echo "$TOOLS_FROM" ;;
    "")
      if [ -s "$TOOLS/way" ]; then
        cat "$TOOLS/way"
      elif has rustup && answers https://static.rust-lang.org/dist/channel-rust-stable.toml.sha256 && answers https://github.com; then
        echo rustup
      else
        echo registries
      fi
      ;;
    *) die "unknown TOOLS_FROM=$TOOLS_FROM" "Use rustup or registries, or leave it unset." ;;
  esac
}

# A hash of everything that the setup depends on, including the path, which env.sh contains.
fingerprint() {
  { echo "$ROOT $1 $(locked_version wasm-bindgen)" &&
    cat package*.json rust-toolchain.toml scripts/setup.sh scripts/lib/*.sh scripts/registries/*.sh; } | digest
}

is_up_to_date() {
  [ "$(cat "$TOOLS/done" 2>/dev/null)" = "$(fingerprint "$way")" ] && npm_packages_current && tools_work >/dev/null 2>&1
}

tools_work() (
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
  has worker-build && rustc --version && node --version
)

setup_with_rustup() {
  has rustup || die "rustup is missing" "Install it from https://rustup.rs, then run this again."
  part "Rust $(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)" 30 cargo --version >&2
  part "Rust nightly" 30 rustup toolchain install nightly --profile minimal --component rust-src \
    --target wasm32-unknown-unknown >&2
  install_worker_build
  cat >"$TOOLS/env.sh" <<END
# Written by scripts/setup.sh: puts the tools on the PATH.
export PATH="$TOOLS/bin:$ROOT/node_modules/.bin:\$PATH"
export WRANGLER_SEND_METRICS=false
END
}

way=$(way)
! is_up_to_date || exit 0
lock setup
! is_up_to_date || exit 0
rm -f "$TOOLS/done" # a setup that fails may leave tools of other versions
has npm || die "npm is missing" "Install Node $NODE_WANTED or newer (npm comes with it), then run this again."
# Beside each other: one waits for downloads, the other for the compiler.
setup_npm &
npm=$!
trap 'wait "$npm"' EXIT
case $way in
  rustup) setup_with_rustup ;;
  registries) scripts/registries/setup.sh ;;
esac
wait "$npm"
trap - EXIT
rm -rf "$TOOLS/install-target"
echo "$way" >"$TOOLS/way"
fingerprint "$way" >"$TOOLS/done"
say "tools ready: worker-build $WORKER_BUILD_VERSION, wrangler $(installed_version wrangler)"

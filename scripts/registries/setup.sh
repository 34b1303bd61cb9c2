#!/usr/bin/env bash
# Installs the tools on a machine that reaches only package registries: crates.io, npm and Debian's. Called by
# scripts/setup.sh, which installs Node and the npm packages meanwhile.
#
# What differs from the way with rustup:
#
#   the source of the standard library   from Debian, linked into a copy of the machine's toolchain (rust.sh, debian.sh)
#   nightly                              wrappers/ have the pinned compiler do what worker-build asks nightly for
#   wasm-bindgen                         built from crates.io
#   wasm-opt, esbuild                    from npm
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
for file in ../lib/common.sh debian.sh rust.sh; do
  # shellcheck source=/dev/null
  . "$HERE/$file"
done

# worker-build needs the command in the version of the crate.
install_wasm_bindgen() {
  local version
  version=$(locked_version wasm-bindgen)
  [ -n "$version" ] || die "Cargo.lock has no wasm-bindgen" "Run 'cargo update -p wasm-bindgen' or restore Cargo.lock from git."
  # Without --locked, because the package's lock file names versions that a registry may no longer have.
  is_version wasm-bindgen "$version" ||
    part "wasm-bindgen $version" 60 install_program wasm-bindgen-cli "$version" wasm-bindgen --no-default-features
}

write_environment() {
  local bin=$ROOT/node_modules/.bin
  cat <<END
# Written by scripts/registries/setup.sh: puts the tools on the PATH.
export PATH="$HERE/wrappers:$TOOLS/bin:$bin:$TOOLCHAIN_BIN:\$PATH"
# What the wrappers call.
export TOOLCHAIN_BIN="$TOOLCHAIN_BIN" MACHINE_RUSTUP="$(command -v rustup || true)"
# These keep worker-build from downloading the programs.
export WASM_BINDGEN_BIN="$(PATH=$TOOLS/bin:$PATH command -v wasm-bindgen)" ESBUILD_BIN="$bin/esbuild" WASM_OPT_BIN="$bin/wasm-opt"
export WRANGLER_SEND_METRICS=false
END
  [ -z "$WASM_LINKER" ] || echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=\"$WASM_LINKER\""
}

setup_toolchain
PATH=$TOOLCHAIN_BIN:$PATH
install_wasm_bindgen
install_worker_build
write_environment >"$TOOLS/env.sh.new"
mv "$TOOLS/env.sh.new" "$TOOLS/env.sh"

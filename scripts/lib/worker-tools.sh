# shellcheck shell=bash
# Installs wasm-bindgen and worker-build, and writes the wrappers that make worker-build use this toolchain and the
# file that puts all tools on the PATH. Sourced by setup.sh.

WORKER_BUILD_VERSION=0.8.7

# The command must have exactly the version that the Worker is linked with.
wasm_bindgen_version() {
  awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$ROOT/Cargo.lock"
}

# Builds with little optimisation, which saves five minutes. The variables are set for this command only; exported,
# they would change the Worker's build too.
cargo_install() { # ARGUMENTS…
  env -u RUSTFLAGS -u CARGO_BUILD_TARGET PATH="$TOOLCHAIN_BIN:$PATH" CARGO_TARGET_DIR="$TOOLS/install-target" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    cargo install --quiet --force --root "$TOOLS" "$@" >&2
}

is_version() { # PROGRAM VERSION
  case " $("$TOOLS/bin/$1" --version 2>/dev/null) " in *" $2 "*) return 0 ;; *) return 1 ;; esac
}

setup_worker_tools() {
  local bindgen
  bindgen=$(wasm_bindgen_version)
  [ -n "$bindgen" ] || die "Cargo.lock has no wasm-bindgen" "Run 'cargo update -p wasm-bindgen' or restore Cargo.lock from git."
  if ! is_version wasm-bindgen "$bindgen"; then
    say "installing wasm-bindgen $bindgen (a minute or two)"
    # Without --locked, because the package's lock file names versions that a registry may no longer have.
    cargo_install --no-default-features "wasm-bindgen-cli@$bindgen" --bin wasm-bindgen
  fi
  if ! is_version worker-build "$WORKER_BUILD_VERSION"; then
    say "installing worker-build $WORKER_BUILD_VERSION (about two minutes)"
    cargo_install --locked "worker-build@$WORKER_BUILD_VERSION" --bin worker-build
  fi
  rm -rf "$TOOLS/install-target"
}

# write_program FILE LINE…: writes an executable script
write_program() {
  local file=$1
  shift
  printf '%s\n' '#!/bin/bash' "$@" >"$file.new"
  chmod +x "$file.new"
  mv "$file.new" "$file" # atomic, because another process may be running it
}

# `worker-build --panic-unwind` calls a nightly toolchain. These wrappers make it call the pinned stable one with
# RUSTC_BOOTSTRAP=1 instead, which does the same without a second toolchain.
setup_wrappers() {
  local wrappers=$TOOLS/wrappers name rustup
  mkdir -p "$wrappers"
  for name in cargo rustc; do
    # shellcheck disable=SC2016 # expanded by the wrapper
    write_program "$wrappers/$name" \
      'if [ "${1:-}" = +nightly ]; then shift; export RUSTC_BOOTSTRAP=1; fi' \
      "exec $(printf %q "$TOOLCHAIN_BIN/$name") \"\$@\""
  done
  rustup=$(command -v rustup || echo false)
  # shellcheck disable=SC2016
  write_program "$wrappers/rustup" \
    'case "$*" in "component list --toolchain nightly") echo "rust-src (installed)"; exit ;; esac' \
    "exec $(printf %q "$rustup") \"\$@\""
}

write_environment() {
  local bin=$ROOT/node_modules/.bin
  {
    echo "# Written by scripts/setup.sh: puts the tools on the PATH."
    echo "export PATH=\"$TOOLS/wrappers:$TOOLS/bin:$bin:$TOOLCHAIN_BIN:\$PATH\""
    # These keep worker-build from downloading the tools itself.
    echo "export WASM_BINDGEN_BIN=\"$TOOLS/bin/wasm-bindgen\" ESBUILD_BIN=\"$bin/esbuild\" WASM_OPT_BIN=\"$bin/wasm-opt\""
    echo "export WRANGLER_SEND_METRICS=false"
    [ -z "$WASM_LINKER" ] || echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=\"$WASM_LINKER\""
  } >"$TOOLS/env.sh.new"
  mv "$TOOLS/env.sh.new" "$TOOLS/env.sh"
}

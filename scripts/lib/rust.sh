# shellcheck shell=bash
# Finds or installs a Rust toolchain with the standard library for wasm32 and its source. Sourced by setup.sh.
#
# The source is needed because the Worker is built with panic=unwind, so that a panic ends one request rather than all
# requests of the isolate. No prebuilt standard library for wasm32 supports that.

RUST_WANTED=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1)
TOOLCHAIN_BIN= # the folder with the cargo and rustc to use
WASM_LINKER=   # set if the toolchain has no wasm linker
export TOOLCHAIN_BIN WASM_LINKER

has_std() { # RUSTC
  local dir
  dir=$("$1" --print target-libdir --target "$WASM_TARGET" 2>/dev/null) && compgen -G "$dir/libstd-*.rlib" >/dev/null
}

has_source() { # RUSTC
  [ -e "$("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]
}

# Prints the sysroot of the toolchain in rust-toolchain.toml if it is installed, otherwise of the default one. Never
# downloads a toolchain.
own_sysroot() {
  (cd "$ROOT" && RUSTUP_AUTO_INSTALL=0 rustc --print sysroot 2>/dev/null) || (cd / && rustc --print sysroot)
}

check_rust() {
  if ! has cargo || ! has rustc; then
    die "cargo or rustc is missing" "Install Rust $RUST_WANTED or newer, preferably with rustup (https://rustup.rs), then run this again."
  fi
}

check_rust_version() {
  local have
  have=$("$TOOLCHAIN_BIN/rustc" --version | cut -d' ' -f2)
  version_at_least "${have%%-*}" "$RUST_WANTED" ||
    die "Rust $have is older than $RUST_WANTED" "Run 'rustup update', then this again."
}

route_rustup() {
  has rustup || return 1
  cd "$ROOT" || return 1
  rustc --version >/dev/null || return 1
  has_std rustc || timeout_after 600 rustup target add "$WASM_TARGET" >&2 || return 1
  has_source rustc || timeout_after 600 rustup component add rust-src >&2 || return 1
  TOOLCHAIN_BIN=$(rustc --print sysroot)/bin
}

timeout_after() { # SECONDS COMMAND…; macOS has no timeout
  if has timeout; then timeout "$@"; else shift && "$@"; fi
}

route_registries() {
  route_debian_source || route_debian_web
}

# Uses a complete toolchain if there is one already.
route_existing() {
  local bin
  for bin in "$TOOLS/toolchain/bin" "$(own_sysroot)/bin"; do
    if [ -x "$bin/rustc" ] && has_std "$bin/rustc" && has_source "$bin/rustc"; then
      TOOLCHAIN_BIN=$bin
      return 0
    fi
  done
  return 1
}

setup_rust() { # FROM: auto, rustup, registries, debian-source or debian-web
  check_rust
  case $1 in
    auto) route_existing || route_rustup || route_registries ;;
    rustup) route_rustup ;;
    registries) route_existing || route_registries ;;
    debian-source) route_debian_source ;;
    debian-web) route_debian_web ;;
    *) die "unknown TOOLS_FROM=$1" "Use rustup or registries, or leave it unset to use whichever works." ;;
  esac || die "could not install the standard library for $WASM_TARGET with its source" \
    "With rustup: rustup target add $WASM_TARGET && rustup component add rust-src" \
    "Without rustup: TOOLS_FROM=registries uses Debian packages and needs apt on Debian."
  check_rust_version
}

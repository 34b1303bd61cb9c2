# shellcheck shell=bash
# A Rust toolchain with the standard library for wasm32 and its source. Sourced by setup.sh.
#
# The source is needed because the Worker is built with panic=unwind, which no prebuilt standard library
# for wasm32 offers: a panic then ends one request instead of every request of the instance.

RUST_WANTED=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1)
TOOLCHAIN_BIN= # the folder of the cargo and rustc to use
WASM_LINKER=   # set where the toolchain has no linker for wasm of its own
export TOOLCHAIN_BIN WASM_LINKER

has_std() { # RUSTC
  local dir
  dir=$("$1" --print target-libdir --target "$WASM_TARGET" 2>/dev/null) && compgen -G "$dir/libstd-*.rlib" >/dev/null
}

has_source() { # RUSTC
  [ -e "$("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]
}

# The sysroot of this machine's toolchain, with no download: where the one that rust-toolchain.toml names
# is not installed, the default one has to do.
own_sysroot() {
  (cd "$ROOT" && RUSTUP_AUTO_INSTALL=0 rustc --print sysroot 2>/dev/null) || (cd / && rustc --print sysroot)
}

check_rust() {
  if ! has cargo || ! has rustc; then
    die "cargo or rustc is missing" "Install Rust $RUST_WANTED or newer, best by rustup (https://rustup.rs), then run this again."
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

# What an earlier run has already made is taken as it is, before anybody is asked for anything.
route_found() {
  local bin
  for bin in "$TOOLS/toolchain/bin" "$(own_sysroot)/bin"; do
    if [ -x "$bin/rustc" ] && has_std "$bin/rustc" && has_source "$bin/rustc"; then
      TOOLCHAIN_BIN=$bin
      return 0
    fi
  done
  return 1
}

setup_rust() { # FROM: auto, rustup, registries, or one of registries' two routes
  check_rust
  case $1 in
    auto) route_found || route_rustup || route_registries ;;
    rustup) route_rustup ;;
    registries) route_found || route_registries ;;
    debian-source) route_debian_source ;;
    debian-web) route_debian_web ;;
    *) die "TOOLS_FROM=$1 is not known" "Use rustup, registries, or leave it unset for whichever works." ;;
  esac || die "no standard library for $WASM_TARGET with its source could be had" \
    "With rustup: rustup target add $WASM_TARGET && rustup component add rust-src" \
    "Without its downloads: Debian's packages are used, which needs apt on Debian (TOOLS_FROM=registries)."
  check_rust_version
}

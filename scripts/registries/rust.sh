# shellcheck shell=bash
# Finds or assembles a Rust toolchain that has the source of its standard library, without rustup's downloads. Sourced
# by setup.sh. Sets TOOLCHAIN_BIN, the folder with cargo and rustc, and WASM_LINKER if the toolchain has none.
#
# The source is needed because the Worker is built with panic=unwind, so that a panic ends one request rather than all
# requests of the isolate. No built standard library for wasm32 supports that.

RUST_WANTED=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1)
CHANNEL=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$ROOT/rust-toolchain.toml")
TOOLCHAIN_BIN=
WASM_LINKER=
export TOOLCHAIN_BIN WASM_LINKER

setup_toolchain() {
  if ! has cargo || ! has rustc; then
    die "cargo or rustc is missing" "Install Rust $RUST_WANTED or newer, then run this again."
  fi
  toolchain_existing || toolchain_with_debian_source || toolchain_of_debian ||
    die "no source of Rust's standard library was found" \
      "It comes from Debian's packages; that needs apt and a Debian source in its configuration." \
      "With rustup and access to its server: TOOLS_FROM=rustup scripts/setup.sh"
  check_version
}

check_version() {
  local have
  have=$("$TOOLCHAIN_BIN/rustc" --version | cut -d' ' -f2)
  version_at_least "${have%%-*}" "$RUST_WANTED" || die "Rust $have is older than $RUST_WANTED" "Install a newer one, then run this again."
}

# Prints the sysroot of the toolchain in rust-toolchain.toml if it is installed, otherwise of the default one. Asks from
# outside of the project, where rustup does not look for the components in rust-toolchain.toml.
machine_sysroot() {
  cd / && { RUSTUP_AUTO_INSTALL=0 RUSTUP_TOOLCHAIN=$CHANNEL rustc --print sysroot 2>/dev/null || rustc --print sysroot; }
}

has_source() { # SYSROOT
  [ -e "$1/lib/rustlib/src/rust/library/Cargo.lock" ]
}

# worker-build looks for this folder. It stays empty: the Worker's build includes the standard library.
make_target_folder() { # SYSROOT
  mkdir -p "$1/lib/rustlib/wasm32-unknown-unknown/lib"
}

# Uses a complete toolchain of the machine's version.
toolchain_existing() {
  local sysroot version
  version=$("$(machine_sysroot)/bin/rustc" --version)
  for sysroot in "$TOOLS/toolchain" "$(machine_sysroot)"; do
    if [ "$("$sysroot/bin/rustc" --version 2>/dev/null)" = "$version" ] && has_source "$sysroot" &&
      [ -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
      TOOLCHAIN_BIN=$sysroot/bin
      return 0
    fi
  done
  return 1
}

# A hard-linked copy of the machine's toolchain with the library's source of the same version from Debian.
toolchain_with_debian_source() {
  local sysroot version source copy=$TOOLS/toolchain
  debian_available || return 1
  sysroot=$(machine_sysroot)
  version=$("$sysroot/bin/rustc" -vV | sed -n 's/^release: //p')
  case $version in *-*) say "Debian has no source for Rust $version" && return 1 ;; esac
  source=$TOOLS/rust-src/usr/src/rustc-$version/library
  [ -e "$source/Cargo.lock" ] || part "source of the standard library $version" 10 fetch_source "$version" || return 1
  rm -rf "$copy"
  cp -al "$sysroot" "$copy" 2>/dev/null || { rm -rf "$copy" && cp -a "$sysroot" "$copy"; }
  mkdir -p "$copy/lib/rustlib/src/rust"
  ln -sfn "$source" "$copy/lib/rustlib/src/rust/library"
  make_target_folder "$copy"
  TOOLCHAIN_BIN=$copy/bin
}

# Debian's own rustc-web, which Debian keeps current for its browsers, with its source.
toolchain_of_debian() {
  local home=$TOOLS/debian-web bin=$TOOLS/debian-web-bin name
  debian_available || return 1
  [ -e "$home/.complete" ] || part "Debian's Rust" 60 fetch_rust "$home" || return 1
  mkdir -p "$bin"
  for name in cargo rustc rustdoc; do
    printf '#!/bin/bash\nexport LD_LIBRARY_PATH=%q\nexec %q "$@"\n' "$(library_path "$home/usr")" "$home/usr/bin/$name" >"$bin/$name"
    chmod +x "$bin/$name"
  done
  WASM_LINKER=$(compgen -G "$(machine_sysroot)/lib/rustlib/*/bin/rust-lld" | head -n 1 || true)
  WASM_LINKER=${WASM_LINKER:-$home/usr/bin/wasm-ld-19}
  make_target_folder "$home/usr"
  TOOLCHAIN_BIN=$bin
}

library_path() { # PREFIX: prints its library folders, including that of this architecture
  local dir
  printf '%s' "$1/lib"
  for dir in "$1"/lib/*-linux-gnu; do printf ':%s' "$dir"; done
}

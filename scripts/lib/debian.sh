# shellcheck shell=bash
# Builds the Rust standard library for wasm32 from Debian packages, for machines that cannot reach rustup's
# downloads. Packages are unpacked in .tools and not installed; apt runs with its own state there.

APT_HOME=$TOOLS/apt
SOURCE_SUITES="trixie-backports forky sid" # the suites with recent Rust releases

# debian_archive NAME: prints the URL from which this machine's apt gets the archive NAME (debian, debian-security).
debian_archive() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | sed -n "s#/$1/\\{0,1\\}\$#/$1#p" | head -n 1
}

private_apt() { # COMMAND…: runs apt-get with its own state
  timeout 600 apt-get -qq -o Dir::State="$APT_HOME/state" -o Dir::Cache="$APT_HOME/cache" \
    -o Dir::Etc::sourcelist="$APT_HOME/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::status="$APT_HOME/state/status" -o APT::Sandbox::User=root \
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Languages=none "$@"
}

private_apt_cache() { # COMMAND…: runs apt-cache with that state
  apt-cache -o Dir::State="$APT_HOME/state" -o Dir::Cache="$APT_HOME/cache" \
    -o Dir::Etc::sourcelist="$APT_HOME/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::status="$APT_HOME/state/status" "$@"
}

private_apt_sources() { # "ARCHIVE SUITE"…: sets the sources and downloads their package lists
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$APT_HOME"/state/lists/partial "$APT_HOME"/cache/archives/partial "$APT_HOME"/debs
  : >"$APT_HOME/state/status"
  printf "deb [signed-by=$keys] %s main\n" "$@" >"$APT_HOME/sources.list"
  private_apt update >&2
}

debian_available() {
  has apt-get && has dpkg-deb && [ -n "$(debian_archive debian)" ] && return 0
  say "Debian packages are not available: apt-get or dpkg-deb is missing, or apt has no Debian source"
  return 1
}

# build_std BIN SYSROOT: builds the standard library and puts it where rustup would.
build_std() {
  local work=$TOOLS/mkstd lib=$2/lib/rustlib/$WASM_TARGET/lib file
  say "building the standard library for $WASM_TARGET"
  mkdir -p "$work/src"
  printf '[package]\nname = "mkstd"\nedition = "2021"\n[profile.release]\npanic = "abort"\n[workspace]\n' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  # `lto = true` needs bitcode in the library.
  (cd "$work" && env -u RUSTUP_TOOLCHAIN -u CARGO_BUILD_TARGET -u CARGO_ENCODED_RUSTFLAGS PATH="$1:$PATH" \
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$work/target" \
    cargo build --quiet --release --target "$WASM_TARGET" -Zbuild-std=std,panic_abort,proc_macro,test >&2) || return 1
  rm -rf "${2:?}/lib/rustlib/$WASM_TARGET"
  mkdir -p "$lib"
  for file in "$work/target/$WASM_TARGET/release/deps/"*.rlib; do
    case $file in */libmkstd-*) ;; *) cp "$file" "$lib/" ;; esac
  done
  rm -rf "$work/target" "${CARGO_TARGET_DIR:-$ROOT/target}/$WASM_TARGET" # cargo does not detect a new std
}

# Uses a hard-linked copy of rustup's toolchain with the library source of the same version from Debian.
route_debian_source() {
  local sysroot version source toolchain=$TOOLS/toolchain
  debian_available || return 1
  sysroot=$(own_sysroot)
  version=$("$sysroot/bin/rustc" -vV | sed -n 's/^release: //p')
  case $version in *-*) say "Debian has no source for Rust $version" && return 1 ;; esac
  source=$TOOLS/rust-src/usr/src/rustc-$version/library
  [ -e "$source/Cargo.lock" ] || fetch_debian_source "$version" || return 1
  if [ "$("$toolchain/bin/rustc" --version 2>/dev/null)" != "$("$sysroot/bin/rustc" --version)" ]; then
    rm -rf "$toolchain"
    cp -al "$sysroot" "$toolchain" 2>/dev/null || { rm -rf "$toolchain" && cp -a "$sysroot" "$toolchain"; }
  fi
  mkdir -p "$toolchain/lib/rustlib/src/rust"
  ln -sfn "$source" "$toolchain/lib/rustlib/src/rust/library"
  has_std "$toolchain/bin/rustc" || build_std "$toolchain/bin" "$toolchain" || return 1
  TOOLCHAIN_BIN=$toolchain/bin
}

fetch_debian_source() { # VERSION
  local archive suite lines=() found
  say "rust-src $1 from Debian"
  archive=$(debian_archive debian)
  for suite in $SOURCE_SUITES; do lines+=("$archive $suite"); done
  private_apt_sources "${lines[@]}" || return 1
  found=$(private_apt_cache madison rust-src | awk -v want="$1+" 'index($3, want) == 1 { print $3; exit }')
  [ -n "$found" ] || { say "no rust-src $1 in $SOURCE_SUITES" && return 1; }
  (cd "$APT_HOME/debs" && private_apt download "rust-src=$found" >&2) || return 1
  mkdir -p "$TOOLS/rust-src"
  dpkg-deb --fsys-tarfile "$APT_HOME/debs/rust-src_$1"*.deb | tar -x -C "$TOOLS/rust-src" "./usr/src/rustc-$1/library"
}

# Uses Debian's rustc-web, which Debian keeps current for its browsers, with its source.
route_debian_web() {
  local home=$TOOLS/debian-web bin=$TOOLS/debian-web-bin name
  debian_available || return 1
  [ -e "$home/.complete" ] || fetch_debian_web "$home" || return 1
  mkdir -p "$bin"
  for name in cargo rustc rustdoc; do
    printf '#!/bin/sh\nexport LD_LIBRARY_PATH=%s\nexec %s "$@"\n' "$(library_path "$home/usr")" "$home/usr/bin/$name" >"$bin/$name"
    chmod +x "$bin/$name"
  done
  WASM_LINKER=$(compgen -G "$(own_sysroot)/lib/rustlib/*/bin/rust-lld" | head -n 1 || true)
  WASM_LINKER=${WASM_LINKER:-$home/usr/bin/wasm-ld-19}
  has_std "$bin/rustc" || build_std "$bin" "$home/usr" || return 1
  export TOOLCHAIN_BIN=$bin
}

library_path() { # PREFIX: prints its library folders, including that of this architecture
  local dir
  printf '%s' "$1/lib"
  for dir in "$1"/lib/*-linux-gnu; do printf ':%s' "$dir"; done
}

fetch_debian_web() { # FOLDER
  local release packages deb
  say "rustc-web and its source from Debian"
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
  private_apt_sources "$(debian_archive debian) $release" "$(debian_archive debian-security) $release-security" || return 1
  packages=$(private_apt_cache depends --recurse --no-{recommends,suggests,conflicts,breaks,replaces,enhances} cargo-web rustc-web |
    grep -oE '^(cargo-web|rustc-web|libstd-rust-web[^ :]*|libllvm[0-9]+|libgit2-[0-9.]+|libhttp-parser[0-9.]+|libmbed[a-z0-9-]+|libssh2-1[^ :]*)$' | sort -u)
  [ -n "$packages" ] || return 1
  mkdir -p "$1" "$APT_HOME/debs/web"
  # shellcheck disable=SC2086 # several names
  (cd "$APT_HOME/debs/web" && private_apt download $packages rust-web-src lld-19 liblld-19 libllvm19 >&2) || return 1
  for deb in "$APT_HOME/debs/web/"*.deb; do dpkg-deb -x "$deb" "$1" || return 1; done
  touch "$1/.complete"
}

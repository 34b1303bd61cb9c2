# shellcheck shell=bash
# Downloads Debian packages and unpacks them in .tools. Nothing is installed: apt runs with its own state there. Sourced
# by setup.sh.

APT_HOME=$TOOLS/apt
SOURCE_SUITES="trixie-backports forky sid" # the suites with recent Rust releases

debian_available() {
  has apt-get && has dpkg-deb && [ -n "$(debian_archive debian)" ] && return 0
  say "Debian packages are not available: apt-get or dpkg-deb is missing, or apt has no Debian source"
  return 1
}

# debian_archive NAME: prints the URL from which this machine's apt gets the archive NAME (debian, debian-security).
debian_archive() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | sed -n "s#/$1/\\{0,1\\}\$#/$1#p" | head -n 1
}

# private PROGRAM ARGUMENT…: runs an apt program with its own state
private() {
  local program=$1
  shift
  timeout 600 "$program" -qq -o Dir::State="$APT_HOME/state" -o Dir::Cache="$APT_HOME/cache" \
    -o Dir::Etc::sourcelist="$APT_HOME/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::status="$APT_HOME/state/status" -o APT::Sandbox::User=root \
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Languages=none "$@"
}

# use_suites "ARCHIVE SUITE"…: sets the sources and downloads their package lists
use_suites() {
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$APT_HOME"/state/lists/partial "$APT_HOME"/cache/archives/partial "$APT_HOME"/debs
  : >"$APT_HOME/state/status"
  printf "deb [signed-by=$keys] %s main\n" "$@" >"$APT_HOME/sources.list"
  private apt-get update >&2
}

# fetch_source VERSION: unpacks the standard library's source into .tools/rust-src, from the first suite that has it
fetch_source() {
  local suite found
  for suite in $SOURCE_SUITES; do
    use_suites "$(debian_archive debian) $suite" || continue
    found=$(private apt-cache madison rust-src | awk -v want="$1+" 'index($3, want) == 1 { print $3; exit }')
    [ -n "$found" ] || continue
    (cd "$APT_HOME/debs" && private apt-get download "rust-src=$found" >&2) || continue
    rm -rf "$TOOLS/rust-src.new"
    mkdir -p "$TOOLS/rust-src.new"
    dpkg-deb --fsys-tarfile "$APT_HOME/debs/rust-src_$1"*.deb |
      tar -x -C "$TOOLS/rust-src.new" "./usr/src/rustc-$1/library" || return
    rm -rf "$TOOLS/rust-src"
    mv "$TOOLS/rust-src.new" "$TOOLS/rust-src"
    return
  done
  say "no rust-src $1 in $SOURCE_SUITES"
  return 1
}

# fetch_rust FOLDER: unpacks rustc-web, cargo-web, their source and what they need
fetch_rust() {
  local release packages deb
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
  use_suites "$(debian_archive debian) $release" "$(debian_archive debian-security) $release-security" || return 1
  packages=$(private apt-cache depends --recurse --no-{recommends,suggests,conflicts,breaks,replaces,enhances} cargo-web rustc-web |
    grep -oE '^(cargo-web|rustc-web|libstd-rust-web[^ :]*|libllvm[0-9]+|libgit2-[0-9.]+|libhttp-parser[0-9.]+|libmbed[a-z0-9-]+|libssh2-1[^ :]*)$' | sort -u)
  [ -n "$packages" ] || return 1
  mkdir -p "$1" "$APT_HOME/debs/web"
  # shellcheck disable=SC2086 # several names
  (cd "$APT_HOME/debs/web" && private apt-get download $packages rust-web-src lld-19 liblld-19 libllvm19 >&2) || return 1
  for deb in "$APT_HOME/debs/web/"*.deb; do dpkg-deb -x "$deb" "$1" || return 1; done
  touch "$1/.complete"
}

#!/usr/bin/env bash
# test-package.sh [ARCHIVE]: makes the package (scripts/package.sh), or takes ARCHIVE, and does with it what an operator
# does, in an empty folder and with a PATH on which there is Node but no Rust: compares the checksum, unpacks it, installs
# wrangler, deploys (dry run), and runs the Worker while the playground tells its story. On free ports.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/playground.sh
. "$ROOT/scripts/lib/playground.sh"
export BUILD=release

# Makes the package twice, the second time as somebody whose files nobody else may read.
make_archive() {
  local sums
  archive=$ROOT/dist/layer-nexmo-$(package_version).tar.gz
  scripts/package.sh
  sums=$(cat "$archive.sha256")
  (umask 077 && scripts/package.sh)
  [ "$(cat "$archive.sha256")" = "$sums" ] || die "the same files gave another archive"
}

compare_checksum() (
  cd "$(dirname "$archive")"
  if has sha256sum; then
    sha256sum -c "$(basename "$archive").sha256"
  else
    shasum -a 256 -c "$(basename "$archive").sha256"
  fi
)

# Everything is in one folder, which has the name of the archive.
unpack() {
  mkdir "$scratch/unpacked"
  tar -xzf "$archive" -C "$scratch/unpacked"
  package=$scratch/unpacked/$(basename "$archive" .tar.gz)
  [ "$(ls -A "$scratch/unpacked")" = "$(basename "$package")" ] || die "the archive has not one folder"
}

# What could lack without a complaint from wrangler. The copy of the documents fails if one leads to no file.
check_contents() {
  [ -s "$package/LICENSE" ] && [ -s "$package/.dev.vars.example" ] || die "the licence or the list of settings is missing"
  diff -r console "$package/console" || die "the console is another one"
  node scripts/lib/documents.mjs "$package" "$scratch/documents"
}

# Where this machine keeps sources, and where it got npm packages from.
check_for_traces() {
  ! grep -lF -e "$ROOT/src/" -e "$ROOT/core/" -e "/.cargo/" -e "/registry/src/" "$package"/build/* ||
    die "the Worker has paths of this machine"
  ! grep -F '"resolved"' "$package/package-lock.json" || die "the lock file names a registry"
}

# Links to the only programs that the operator has. npm needs a shell.
make_path() {
  local program
  mkdir "$scratch/bin" "$scratch/tmp"
  for program in node npm npx sh; do ln -s "$(command -v "$program")" "$scratch/bin/$program"; done
}

# as_operator COMMAND…: runs it in the unpacked folder. For a subshell, which it leaves changed.
as_operator() {
  local program
  cd "$package"
  export PATH=$scratch/bin TMPDIR=$scratch/tmp
  for program in cargo rustc rustup worker-build; do
    ! has "$program" || die "$program is on the operator's PATH"
  done
  "$@"
}

# --no: npx shall run what `npm ci` has installed, and not fetch another version.
deploy() {
  (as_operator npm ci --prefer-offline --no-audit --no-fund --loglevel=error)
  [ "$(as_operator npx --no -- wrangler --version)" = "$(wrangler --version)" ] ||
    die "the package brings another wrangler than the project's"
  (as_operator npx --no -- wrangler deploy --dry-run)
}

# In the background, so that a signal that ends this script can end the playground, and that its Worker.
tell_story() {
  local ports log=$scratch/worker.log
  ports=$(free_ports 3)
  read -r WORKER_PORT LAYER_PORT NEXMO_PORT <<<"$ports"
  as_operator play --guided --settings "$package/.dev.vars" --log "$log" --run-worker -- npx --no -- wrangler dev &
  story=$!
  wait "$story" || { cat "$log" >&2 && die "the story has failed, see the Worker's log above"; }
}

clean_up() {
  trap - EXIT INT TERM
  kill -TERM "$story" 2>/dev/null || true
  wait "$story" 2>/dev/null || true
  rm -rf "$scratch"
}

build_playground
case $# in
  0) make_archive ;;
  *) archive=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") ;;
esac
story=''
scratch=$(mktemp -d)
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
compare_checksum
unpack
check_contents
check_for_traces
make_path
part "wrangler and deployment" 10 deploy
part "story" 15 tell_story

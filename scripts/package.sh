#!/usr/bin/env bash
# package.sh: makes the package for operators, who deploy without a Rust compiler: dist/layer-nexmo-VERSION.tar.gz, and
# a checksum beside it. The same files give the same bytes (scripts/lib/archive.mjs). In it are
#
#   build/, console/      the Worker, built, and its console
#   wrangler.toml         without the build step
#   .gitignore            so that whoever keeps the folder in git does not commit secrets
#   package.json          and its lock file: wrangler, in the version that the project uses
#   README.md             and every document that it leads to
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"

# The built Worker is these two files: worker-build puts all other modules into index.js.
stage() { # FOLDER
  mkdir -p "$1/build" "$1/console"
  cp build/index.js build/index_bg.wasm "$1/build"
  cp console/* "$1/console"
  cp LICENSE .dev.vars.example "$1"
  printf '%s\n' '.dev.vars*' '!.dev.vars.example' .wrangler node_modules >"$1/.gitignore"
  wrangler_configuration >"$1/wrangler.toml"
  node scripts/lib/package-json.mjs "$1"
  node scripts/lib/documents.mjs . "$1"
}

BUILD=release "$ROOT/scripts/build.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
name=layer-nexmo-$(package_version)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
stage "$scratch/$name"
mkdir -p dist
node scripts/lib/archive.mjs "$scratch/$name" "dist/$name.tar.gz"
say "dist/$name.tar.gz: $(wc -c <"dist/$name.tar.gz" | tr -d ' ') bytes"

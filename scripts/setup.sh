#!/usr/bin/env bash
# Installs all tools for building, testing and deploying into .tools and node_modules. Nothing is installed
# elsewhere, except what rustup installs if it is used. Does nothing if all tools are up to date.
#
#   TOOLS_FROM   unset        uses rustup if it works, otherwise package registries only
#                rustup       uses rustup, and fails if that does not work
#                registries   never uses rustup's downloads but Debian packages, for machines that can reach
#                             package registries only
#
# Afterwards `. .tools/env.sh` puts the tools on the PATH. The other scripts call this one and do so themselves.
set -euo pipefail
cd "$(dirname "$0")"
for part in common node rust debian worker-tools; do
  # shellcheck source=/dev/null
  . "lib/$part.sh"
done
# Removes the project's tools from the PATH, so that only the machine's own are found.
PATH=$(printf %s "$PATH" | tr : '\n' | grep -vF "$TOOLS/" | paste -sd: -)

# A hash of everything that the setup depends on, including the path, which env.sh contains.
fingerprint() {
  { echo "$ROOT $(wasm_bindgen_version)" && cat "$ROOT"/package*.json "$ROOT"/scripts/setup.sh "$ROOT"/scripts/lib/*.sh; } | digest
}

is_up_to_date() {
  [ "$(cat "$TOOLS/done" 2>/dev/null)" = "$(fingerprint)" ] && npm_packages_current && tools_work >/dev/null 2>&1
}

tools_work() (
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
  [ -x "$WASM_BINDGEN_BIN" ] && has worker-build && rustc --version && node --version
)

! is_up_to_date || exit 0
lock setup
! is_up_to_date || exit 0
setup_node
setup_npm_packages
setup_rust "${TOOLS_FROM:-auto}"
setup_worker_tools
setup_wrappers
write_environment
fingerprint >"$TOOLS/done"
say "tools ready: $("$TOOLCHAIN_BIN/rustc" --version), worker-build $WORKER_BUILD_VERSION, wrangler $(installed_version wrangler)"

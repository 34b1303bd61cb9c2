#!/usr/bin/env bash
# Brings every tool that building, testing and deploying need into .tools and node_modules; nothing is
# installed outside of this folder (but for what rustup keeps, where it is used). Run again, it costs nothing.
#
#   TOOLS_FROM   unset        rustup where it works, else package registries alone
#                rustup       rustup or nothing
#                registries   never rustup's downloads: Debian's packages (for machines that reach only
#                             package registries)
#
# Afterwards `. .tools/env.sh` puts the tools on the PATH; the other scripts do it themselves.
set -euo pipefail
cd "$(dirname "$0")"
for part in common node rust debian worker-tools; do
  # shellcheck source=/dev/null
  . "lib/$part.sh"
done
# The machine's own tools are looked for, not what an earlier run put in front of them.
PATH=$(printf %s "$PATH" | tr : '\n' | grep -vF "$TOOLS/" | paste -sd: -)

# Stands for all that decides what is set up; paths included, since env.sh holds them.
fingerprint() {
  { echo "$ROOT $(wasm_bindgen_version)" && cat "$ROOT"/package*.json "$ROOT"/scripts/setup.sh "$ROOT"/scripts/lib/*.sh; } | digest
}

is_done() {
  [ "$(cat "$TOOLS/done" 2>/dev/null)" = "$(fingerprint)" ] && npm_packages_current && tools_answer >/dev/null 2>&1
}

tools_answer() (
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
  [ -x "$WASM_BINDGEN_BIN" ] && has worker-build && rustc --version && node --version
)

! is_done || exit 0
only_one_at_a_time setup
! is_done || exit 0
setup_node
setup_npm_packages
setup_rust "${TOOLS_FROM:-auto}"
setup_worker_tools
setup_wrappers
write_environment
fingerprint >"$TOOLS/done"
say "tools ready: $("$TOOLCHAIN_BIN/rustc" --version), worker-build $WORKER_BUILD_VERSION, wrangler $(installed_version wrangler)"

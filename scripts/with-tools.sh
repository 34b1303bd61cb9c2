#!/usr/bin/env bash
# with-tools.sh COMMAND…: runs a command with the project's own tools on the PATH, setting them up first.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
[ $# -gt 0 ] || die "no command given" "For example: scripts/with-tools.sh cargo clippy"
"$ROOT/scripts/setup.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
exec "$@"

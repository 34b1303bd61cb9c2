#!/usr/bin/env bash
# with-tools.sh COMMAND…: sets up the project's tools and runs a command with them on the PATH.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
[ $# -gt 0 ] || die "no command given" "For example: scripts/with-tools.sh cargo clippy"
"$ROOT/scripts/setup.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
exec "$@"

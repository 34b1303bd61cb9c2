#!/usr/bin/env bash
# synapse.sh: installs Synapse, a Matrix homeserver, from PyPI into .tools/synapse, for tests/matrix,
# tests/matrix_texts and the story of scripts/demo.sh --matrix. Does nothing if it is there already. Exits with 77 if
# there is no suitable Python: what needs Synapse is skipped then.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
VERSION=1.163.2
PYTHON_WANTED=3.10
VENV=$TOOLS/synapse
SKIPPED=77

# The file `done` is written last: an installation that was interrupted has none. The interpreter is tried because it
# links to that of the machine, which may be gone.
is_installed() {
  [ "$(cat "$VENV/done" 2>/dev/null)" = "$VERSION" ] && "$VENV/bin/python" -c '' 2>/dev/null
}

python_is_suitable() {
  has python3 &&
    python3 -c "import ensurepip, sys, venv; sys.exit(sys.version_info < (${PYTHON_WANTED/./, }))" 2>/dev/null
}

# Only wheels: building Synapse takes a compiler and minutes.
install_synapse() {
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "matrix-synapse==$VERSION" >&2
  echo "$VERSION" >"$VENV/done"
}

! is_installed || exit 0
if ! python_is_suitable; then
  echo "Synapse: SKIPPED, needs Python $PYTHON_WANTED or later with venv and pip"
  exit "$SKIPPED"
fi
lock synapse
! is_installed || exit 0
part "Synapse $VERSION" 40 install_synapse

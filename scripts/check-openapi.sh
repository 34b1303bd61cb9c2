#!/usr/bin/env bash
# check-openapi.sh [ARGUMENT…]: checks the built Worker against docs/openapi.yaml with schemathesis, which is installed
# from PyPI into .tools. Arguments are passed to `schemathesis run`. Skipped if there is no suitable Python. The Worker has
# Layer for its chat; tests/documents has the paths of Matrix.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
VERSION=4.32.5
VENV=$TOOLS/schemathesis

if ! has python3 || ! python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  echo "check of docs/openapi.yaml: SKIPPED, needs Python 3.10 or later with venv"
  exit 0
fi
"$ROOT/scripts/build.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
if [ "$("$VENV/bin/schemathesis" --version 2>/dev/null)" != "schemathesis, version $VERSION" ]; then
  say "schemathesis $VERSION"
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION"
fi

# The world exits when its standard input is closed.
coproc WORLD { exec node --no-warnings tests/console/world.mjs; }
world_stdin=${WORLD[1]}
read -r -u "${WORLD[0]}" line || die "the Worker did not start"
url=$(node -p 'JSON.parse(process.argv[1]).url' "$line")
token=$(node -p 'JSON.parse(process.argv[1]).token' "$line")

status=0
cd "$TOOLS" # schemathesis stores failed examples in the current folder
"$VENV/bin/schemathesis" run "$ROOT/docs/openapi.yaml" --url "$url" -H "Authorization: Bearer $token" \
  --exclude-path-regex '^/_matrix/' --seed 1 --max-examples 40 --request-timeout 30 "$@" || status=$?
exec {world_stdin}>&-
exit "$status"

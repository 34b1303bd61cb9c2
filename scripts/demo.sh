#!/usr/bin/env bash
# demo.sh [--guided]: the Worker on this machine between stand-ins for Layer and Nexmo, with a page to play
# with. Needs no account anywhere. Ctrl-C ends all of it. --guided walks through one conversation by itself.
#
# demo.sh --matrix --guided: walks through a story on a real Matrix homeserver, Synapse, which is installed from PyPI.
# Exits with 77 if there is no suitable Python.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/playground.sh
. "$ROOT/scripts/lib/playground.sh"
DEMO=$TOOLS/${DEMO_FOLDER:-demo}

# Without the build step: the Worker is built by now, and a restart must not wait for it. The file is two folders below.
write_configuration() {
  wrangler_configuration | sed -e 's|^main = "|&../../|' -e 's|^directory = "|&../../|' >"$DEMO/wrangler.toml"
}

# The story chooses free ports and settings itself.
tell_story_on_matrix() {
  "$ROOT/scripts/synapse.sh" || exit # it has said why
  build "story" 60 --example matrix_story
  exec "$PROGRAMS/examples/matrix_story"
}

matrix=no guided=no
for argument in "$@"; do
  case $argument in --matrix) matrix=yes ;; --guided) guided=yes ;; esac
done
if [ "$matrix" = yes ]; then
  [ "$guided" = yes ] ||
    die "the page is only for Layer" "For a story on Matrix in the terminal, run scripts/demo.sh --matrix --guided."
  tell_story_on_matrix
fi

build_playground
mkdir -p "$DEMO"
rm -rf "$DEMO/state" "$DEMO/worker.log" # yesterday's conversations would hold the numbers
write_configuration
say "the Worker's log: $DEMO/worker.log"
play "$@" --settings "$DEMO/settings" --log "$DEMO/worker.log" --run-worker -- \
  wrangler dev --config "$DEMO/wrangler.toml" --persist-to "$DEMO/state" --env-file "$DEMO/settings"

#!/usr/bin/env bash
# demo.sh [--guided]: the Worker on this machine between stand-ins for Layer and Nexmo, with a page to play
# with. Needs no account anywhere. Ctrl-C ends all of it. --guided walks through one conversation by itself.
#
# demo.sh --matrix --guided: walks through a story on a real Matrix homeserver, Synapse, which is installed from PyPI.
# Exits with 77 if there is no suitable Python.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
export WORKER_PORT=${WORKER_PORT:-8787}
export PAGE_PORT=${PAGE_PORT:-8800} LAYER_PORT=${LAYER_PORT:-8801} NEXMO_PORT=${NEXMO_PORT:-8802}
export WORKER_URL=http://127.0.0.1:$WORKER_PORT
DEMO=$TOOLS/${DEMO_FOLDER:-demo}

# What the Worker and the stand-ins have to agree on. None of it opens anything anywhere.
export LAYER_APP_ID=5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42
export LAYER_BEARER_TOKEN=demo-layer-bearer-token
export LAYER_WEBHOOK_SECRET=demo-layer-webhook-secret
export NEXMO_KEY=demo1234
export NEXMO_SECRET=demo-nexmo-secret
export NEXMO_NUMBERS=12025550101,12025550102
export NEXMO_SIGNATURE_METHOD=sha256 NEXMO_SIGNATURE_SECRET=demo-nexmo-signature-secret
export ADMIN_TOKEN=demo-admin-token
export DELAY=${DELAY:-5 seconds} NUMBER_EXPIRATION_TIME=${NUMBER_EXPIRATION_TIME:-1 week}
export INTRODUCE_CONVERSATION="This thread is a conversation with <%= sender.name %>. Answer here to write back."

# wrangler.toml without its build step: the Worker is built by now, and a restart must not wait for it. The copy is two
# folders below.
write_configuration() {
  sed -e '/^\[build\]/,/^$/d' -e 's|^main = "|&../../|' -e 's|^directory = "|&../../|' wrangler.toml >"$DEMO/wrangler.toml"
}

# build NAME SECONDS OPTION…: builds the Worker and, beside it, the program that OPTION… names to cargo.
build() {
  local name=$1 usual=$2
  shift 2
  "$ROOT/scripts/setup.sh"
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
  cd "$ROOT"
  part "$name" "$usual" cargo build --quiet "$@" &
  program=$! # not local: the trap needs it
  trap 'kill "$program" 2>/dev/null' EXIT
  scripts/build.sh
  wait "$program"
  trap - EXIT
}

# The story chooses free ports and settings itself.
tell_story_on_matrix() {
  "$ROOT/scripts/synapse.sh" || exit # it has said why
  build "story" 60 --example matrix_story
  exec "${CARGO_TARGET_DIR:-target}/debug/examples/matrix_story"
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

build "playground" 30 -p playground
mkdir -p "$DEMO"
rm -rf "$DEMO/state" "$DEMO/worker.log" # yesterday's conversations would hold the numbers
write_configuration
say "the Worker's log: $DEMO/worker.log"
# The program runs the Worker itself, so that its page can kill it and start it again.
exec "${CARGO_TARGET_DIR:-target}/debug/playground" "$@" --settings "$DEMO/settings" --log "$DEMO/worker.log" \
  --run-worker -- wrangler dev --config "$DEMO/wrangler.toml" --ip 127.0.0.1 --port "$WORKER_PORT" \
  --persist-to "$DEMO/state" --env-file "$DEMO/settings" --show-interactive-dev-session=false

# shellcheck shell=bash
# The playground: the Worker on this machine between stand-ins for Layer and Nexmo. Sourced by demo.sh and
# test-package.sh, after common.sh.

export WORKER_PORT=${WORKER_PORT:-8787}
export PAGE_PORT=${PAGE_PORT:-8800} LAYER_PORT=${LAYER_PORT:-8801} NEXMO_PORT=${NEXMO_PORT:-8802}

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

# build NAME SECONDS OPTION…: builds the Worker and, beside it, the program that OPTION… names to cargo. Then the tools
# are on the PATH, the current folder is the project's, and PROGRAMS is where the program is.
build() {
  local name=$1 usual=$2
  shift 2
  "$ROOT/scripts/setup.sh"
  # shellcheck source=/dev/null
  . "$TOOLS/env.sh"
  cd "$ROOT" || exit
  part "$name" "$usual" cargo build --quiet "$@" &
  program=$! # not local: the trap needs it
  trap 'kill "$program" 2>/dev/null' EXIT
  scripts/build.sh
  wait "$program"
  trap - EXIT
  PROGRAMS=$(cd "${CARGO_TARGET_DIR:-target}/debug" && pwd)
}

build_playground() { build "playground" 30 -p playground; }

# play [ARGUMENT…] --run-worker -- COMMAND…: becomes the playground, with these arguments. COMMAND… is `wrangler dev` with
# the options that say which Worker it runs. The program runs it itself, so that its page can kill it and start it again.
play() {
  export WORKER_URL=http://127.0.0.1:$WORKER_PORT
  exec "$PROGRAMS/playground" "$@" --ip 127.0.0.1 --port "$WORKER_PORT" --show-interactive-dev-session=false
}

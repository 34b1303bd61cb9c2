#!/usr/bin/env bash
# browser-test.sh [ARGUMENT…]: the playground of scripts/demo.sh and the operator's console in a real browser, on
# free ports and with a state of their own. Arguments go to node --test. Needs Chromium; CHROMIUM names another one than
# /usr/bin/chromium. Without one the tests are skipped; BROWSER_INSTALL=1 has root install it by apt.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

install_browser() {
  say "installing chromium"
  apt-get update -qq && apt-get install -y -qq chromium >/dev/null
}

if [ ! -x "$CHROMIUM" ] && [ "${BROWSER_INSTALL:-}" = 1 ] && [ "$(id -u)" -eq 0 ] && has apt-get; then
  install_browser
fi
if [ ! -x "$CHROMIUM" ]; then
  echo "browser tests: SKIPPED, there is no $CHROMIUM (BROWSER_INSTALL=1 installs it, as root; or set CHROMIUM)"
  exit 0
fi

# TERM ends the demonstration, and that ends its Worker.
stop() {
  trap - EXIT INT TERM
  kill -TERM "$demo" 2>/dev/null || true
  wait "$demo" 2>/dev/null || true
}

"$ROOT/scripts/build.sh"
# shellcheck source=/dev/null
. "$TOOLS/env.sh"
cd "$ROOT"
export DEMO_FOLDER=browser-test DELAY="5 seconds" NUMBER_EXPIRATION_TIME="1 week"
log=$TOOLS/$DEMO_FOLDER/demo.log
mkdir -p "$TOOLS/$DEMO_FOLDER"

# One demonstration for each file, since what is drawn depends on what was done before.
status=0
for file in tests/playground/*.test.mjs; do
  ports=$(free_ports 4)
  read -r WORKER_PORT PAGE_PORT LAYER_PORT NEXMO_PORT <<<"$ports"
  export WORKER_PORT PAGE_PORT LAYER_PORT NEXMO_PORT
  export PLAYGROUND_URL=http://127.0.0.1:$PAGE_PORT WORKER_URL=http://127.0.0.1:$WORKER_PORT
  scripts/demo.sh </dev/null >"$log" 2>&1 &
  demo=$!
  trap stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  until (exec 3<>"/dev/tcp/127.0.0.1/$PAGE_PORT") 2>/dev/null; do
    kill -0 "$demo" 2>/dev/null || { cat "$log" >&2 && die "the demonstration has ended"; }
    sleep 0.2
  done
  node --test --test-concurrency=1 "$@" "$file" || status=$?
  stop
done
# The operator's console brings a world of its own.
node --no-warnings --test --test-concurrency=1 "$@" tests/console/*.test.mjs || status=$?
exit "$status"

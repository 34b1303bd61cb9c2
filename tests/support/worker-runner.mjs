// Runs the built Worker for a test, like `wrangler dev` but without its proxy. Takes one argument, a JSON object:
//
//   port       the port of the Worker
//   persist    the folder for KV and Durable Objects
//   settings   the Worker's environment, name → value
//   bare       names of settings to bind as the JSON value that their text contains, as TOML allows
//   build      the folder of the built Worker; if relative, in that of the project; "build" by default
//   services   service bindings, name → origin ("http://127.0.0.1:1234") of a stand-in for another Worker
//   withoutStatistics   whether to leave out the binding STATISTICS
//   withoutPaces        whether to leave out the binding NUMBER_PACES
//   withoutAssets       whether to leave out the console's files, the binding ASSETS and the router in front
//   withTail            whether a Tail Worker prints each event, which `wrangler tail --format json` prints too
//
// Prints JSON lines: {"log": {"level", "message"}} for each line the Worker logs, {"tail": event} with a Tail Worker, and
// once {"url", "entry"}, where "entry" is Miniflare's own entry point, needed to fire a cron trigger
// (GET {entry}/cdn-cgi/local/scheduled?cron=…). Exits when standard input closes, so that it does not outlive the test.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare, Response, convertV4MiniflareOptions } from "miniflare";

const options = JSON.parse(process.argv[2]);
const root = fileURLToPath(new URL("../..", import.meta.url));
const build = resolve(root, options.build ?? "build");
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// Puts Miniflare's temporary files where the test deletes them, even if this process is killed.
process.env.TMPDIR = join(options.persist, "tmp");
mkdirSync(process.env.TMPDIR, { recursive: true });

for (const name of options.bare ?? []) options.settings[name] = JSON.parse(options.settings[name]);

const services = Object.entries(options.services ?? {}).map(([binding, origin]) => [
  binding,
  { external: { address: new URL(origin).host, http: {} } },
]);

// As in wrangler.toml.
const assets = {
  directory: join(root, "console"),
  binding: "ASSETS",
  run_worker_first: true,
  routerConfig: { has_user_worker: true },
  assetConfig: { html_handling: "none", not_found_handling: "none" },
};

const worker = {
  name: "layer-nexmo",
  modulesRoot: build,
  modules: [
    { type: "ESModule", path: join(build, "index.js") },
    { type: "CompiledWasm", path: join(build, "index_bg.wasm") },
  ],
  compatibilityDate: "2026-11-01",
  compatibilityFlags: ["no_nodejs_global_timers"],
  bindings: options.settings,
  kvNamespaces: ["PHONES"],
  durableObjects: {
    USER_RECORDS: { className: "UserRecord", useSQLite: true },
    ...(options.withoutStatistics ? {} : { STATISTICS: { className: "Statistics", useSQLite: true } }),
    ...(options.withoutPaces ? {} : { NUMBER_PACES: { className: "NumberPace", useSQLite: true } }),
  },
  ...(options.withoutAssets ? {} : { assets }),
  serviceBindings: Object.fromEntries(services),
  unsafeDirectSockets: [{ host: "127.0.0.1", port: options.port }],
  ...(options.withTail ? { tails: ["tail"] } : {}),
};

// Passes all events on to `printTail`.
const tail = {
  name: "tail",
  modules: true,
  script: `export default {
    tail: (events, env) => env.PRINT.fetch("http://print", { method: "POST", body: JSON.stringify(events) }),
  }`,
  compatibilityDate: "2026-11-01",
  serviceBindings: { PRINT: printTail },
};

async function printTail(request) {
  for (const event of await request.json()) print({ tail: event });
  return new Response();
}

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    workers: options.withTail ? [worker, tail] : [worker],
    resourcePersistencePath: options.persist,
    unsafeTriggerHandlers: true,
    cf: false, // does not fetch location data from the internet
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ level, message }) => print({ log: { level, message } }),
  }),
);

process.stdin.resume();
process.stdin.on("end", async () => {
  await miniflare.dispose().catch(() => {});
  process.exit(0);
});

try {
  const entry = await miniflare.ready;
  print({ url: `http://127.0.0.1:${options.port}`, entry: entry.origin });
} catch (error) {
  print({ failed: String(error?.message ?? error) });
  process.exit(1);
}

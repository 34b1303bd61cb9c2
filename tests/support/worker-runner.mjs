// Runs the built Worker for one test, as `wrangler dev` would, without its proxy and with its state in a given
// folder. Started by support/mod.rs with one argument, a JSON object:
//
//   port       where the Worker itself answers
//   persist    folder for KV and the Durable Objects
//   settings   name → value, the Worker's environment
//   bare       names of settings whose text is JSON of another kind, as TOML allows
//   build      folder of the built Worker, relative to the project's; "build" when not given
//   services   binding → origin ("http://127.0.0.1:1234") of a stand-in for another Worker
//   withoutStatistics   whether to leave the object of the statistics out
//
// Standard output is JSON lines: {"log": {"level", "message"}} for each line that the Worker logs, and once
// {"url", "entry"}: the Worker itself, and Miniflare's front door, which alone can fire a cron
// (GET {entry}/cdn-cgi/local/scheduled?cron=…). Ends when standard input does, so that a dead test leaves nothing.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";

const options = JSON.parse(process.argv[2]);
const build = resolve(fileURLToPath(new URL("../..", import.meta.url)), options.build ?? "build");
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// Miniflare's own temporary files go where the test removes them, even if it has to kill this process.
process.env.TMPDIR = join(options.persist, "tmp");
mkdirSync(process.env.TMPDIR, { recursive: true });

for (const name of options.bare ?? []) options.settings[name] = JSON.parse(options.settings[name]);

const services = Object.entries(options.services ?? {}).map(([binding, origin]) => [
  binding,
  { external: { address: new URL(origin).host, http: {} } },
]);

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    name: "layer-nexmo",
    host: "127.0.0.1",
    port: 0,
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
    },
    serviceBindings: Object.fromEntries(services),
    resourcePersistencePath: options.persist,
    unsafeDirectSockets: [{ host: "127.0.0.1", port: options.port }],
    unsafeTriggerHandlers: true,
    cf: false, // no look-up of a location on the internet
    telemetry: { enabled: false },
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ level, message }) => say({ log: { level, message } }),
  }),
);

process.stdin.resume();
process.stdin.on("end", async () => {
  await miniflare.dispose().catch(() => {});
  process.exit(0);
});

try {
  const entry = await miniflare.ready;
  say({ url: `http://127.0.0.1:${options.port}`, entry: entry.origin });
} catch (error) {
  say({ failed: String(error?.message ?? error) });
  process.exit(1);
}

// startup.mjs COUNT BUILD…: what `wrangler check startup` does with each built Worker in turn, COUNT times, but
// sampled every 50 µs instead of each millisecond, of which a start has a handful. Prints a JSON array of arrays:
// for each BUILD the CPU time of its starts, in milliseconds: from its import to the first answer, wasm compiled.
import { join, resolve } from "node:path";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";

const INTERVAL_MICROSECONDS = 50;
const STARTER = `
  export default {
    async fetch() {
      await import("index.js");
      return new Response("ok");
    },
  };`;

const worker = (build) =>
  new Miniflare(
    convertV4MiniflareOptions({
      name: "profiled",
      modulesRoot: build,
      modules: [
        { type: "ESModule", path: join(build, "starter.mjs"), contents: STARTER },
        { type: "ESModule", path: join(build, "index.js") },
        { type: "CompiledWasm", path: join(build, "index_bg.wasm") },
      ],
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["no_nodejs_global_timers"],
      inspectorPort: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
    }),
  );

async function inspect(miniflare) {
  const url = new URL("/core:user:profiled", await miniflare.getInspectorURL());
  const socket = new WebSocket(url);
  await new Promise((open, failed) => Object.assign(socket, { onopen: open, onerror: failed }));
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
  };
  let last = 0;
  const ask = (method, params = {}) =>
    new Promise((answered) => {
      waiting.set(++last, answered);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return { ask, close: () => socket.close() };
}

function active({ nodes, samples, timeDeltas }) {
  const idle = new Set(nodes.filter((node) => node.callFrame.functionName === "(idle)").map((node) => node.id));
  const busy = timeDeltas.filter((_, index) => !idle.has(samples[index]));
  return busy.reduce((sum, delta) => sum + Math.max(delta, 0), 0) / 1_000;
}

async function start(build) {
  const miniflare = worker(build);
  try {
    await miniflare.ready;
    const { ask, close } = await inspect(miniflare);
    await ask("Profiler.enable");
    await ask("Profiler.setSamplingInterval", { interval: INTERVAL_MICROSECONDS });
    await ask("Profiler.start");
    const answer = await miniflare.dispatchFetch("http://localhost/");
    if ((await answer.text()) !== "ok") throw new Error(`${build} does not start`);
    const { profile } = await ask("Profiler.stop");
    close();
    return active(profile);
  } finally {
    await miniflare.dispose();
  }
}

const [count, ...builds] = process.argv.slice(2);
const times = builds.map(() => []);
for (let round = 0; round < Number(count); round++)
  for (const [index, build] of builds.entries()) times[index].push(await start(resolve(build)));
console.log(JSON.stringify(times));
process.exit(0);

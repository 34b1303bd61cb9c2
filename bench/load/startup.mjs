// startup.mjs COUNT BUILD…: starts the built Workers in turns, COUNT times each, as `wrangler check startup` does:
// another Worker imports them. Prints a JSON array with one array per BUILD: the CPU times of its starts in
// milliseconds, from the import (including the compilation of the wasm) to a response, less that of a response
// without an import.
//
// The scheduler counts the CPU time of workerd's threads (only on Linux). V8's profiles have few samples of a start,
// and include time in which other processes ran.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";

const STARTER = `
  export default {
    async fetch({ url }) {
      if (url.endsWith("/start")) await import("index.js");
      return new Response("ok");
    },
  };`;
const WARM_UPS = 3;

const worker = (build) =>
  new Miniflare(
    convertV4MiniflareOptions({
      name: "started",
      modulesRoot: build,
      modules: [
        { type: "ESModule", path: join(build, "starter.mjs"), contents: STARTER },
        { type: "ESModule", path: join(build, "index.js") },
        { type: "CompiledWasm", path: join(build, "index_bg.wasm") },
      ],
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["no_nodejs_global_timers"],
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
    }),
  );

const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean);

function cpu() {
  let nanoseconds = 0;
  for (const child of children())
    for (const thread of readdirSync(`/proc/${child}/task`))
      nanoseconds += Number(readFileSync(`/proc/${child}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return nanoseconds / 1e6;
}

async function start(build) {
  const miniflare = worker(build);
  const cost = async (path) => {
    const before = cpu();
    const response = await miniflare.dispatchFetch(`http://localhost/${path}`);
    if ((await response.text()) !== "ok") throw new Error(`${build} does not start`);
    return cpu() - before;
  };
  try {
    await miniflare.ready;
    for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await cost("");
    const nothing = await cost("");
    return (await cost("start")) - nothing;
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

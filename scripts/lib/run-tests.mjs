// run-tests.mjs [ARGUMENT…]: runs test binaries side by side, because most of them wait more than they compute. Reads
// from standard input what `cargo test --no-run --message-format=json` prints; arguments go to each binary. Prints the
// output of a binary when it ends. Exits with 1 if one failed.
import { spawn } from "node:child_process";
import { getPriority, setPriority } from "node:os";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** How many end-to-end binaries run at a time. One of the others, which only compute, runs beside them. */
const AT_ONCE = 3;

const isEndToEnd = ({ folder }) => folder === process.cwd();

/** These fail if the Worker is too slow, so no other end-to-end test runs beside them. */
const isAlone = ({ name }) => name === "chaos" || name === "speed";

/** How far what only computes steps back for end-to-end tests, which have time limits. */
const NICE = 15;

/** The test binaries, in cargo's order: `{name, executable, folder}`. */
const binaries = async () => {
  const found = [];
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.startsWith("{")) continue;
    const { reason, executable, profile, target, manifest_path: manifest } = JSON.parse(line);
    if (reason !== "compiler-artifact" || !executable || !profile.test) continue;
    found.push({ name: target.name, executable, folder: dirname(manifest) });
  }
  return found;
};

/** Runs one binary as cargo would, and returns whether it passed. */
const run = (binary) =>
  new Promise((resolve) => {
    const { name, executable, folder } = binary;
    const began = Date.now();
    const child = spawn(executable, process.argv.slice(2), {
      cwd: folder,
      env: { ...process.env, CARGO_MANIFEST_DIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid && !isEndToEnd(binary)) setPriority(child.pid, Math.min(getPriority() + NICE, 19));
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => output.push(Buffer.from(`${error}\n`)));
    child.on("close", (code, signal) => {
      const seconds = Math.round((Date.now() - began) / 1000);
      if (code !== 0 && !Buffer.concat(output).includes("test result: FAILED")) {
        // In the words of a test binary, so that it is counted.
        output.push(Buffer.from(`test result: FAILED. 0 passed; 1 failed; ${name} ended with ${code ?? signal}\n`));
      }
      process.stdout.write(
        `\n     Running ${name} (${executable})\n${Buffer.concat(output)}     ${name}: ${seconds} s\n`,
      );
      resolve(code === 0);
    });
  });

/** Runs binaries one after the other, taken from a list that others may take from too. Whether all passed. */
const lane = async (waiting) => {
  let passed = true;
  for (let next = waiting.shift(); next; next = waiting.shift()) passed = (await run(next)) && passed;
  return passed;
};

const endToEnd = async (waiting) => {
  const first = await lane(waiting.filter(isAlone));
  const others = waiting.filter((binary) => !isAlone(binary));
  const lanes = Array.from({ length: AT_ONCE }, () => lane(others));
  return [first, ...(await Promise.all(lanes))].every(Boolean);
};

const all = await binaries();
const computing = all.filter((binary) => !isEndToEnd(binary));
const passed = await Promise.all([lane(computing), endToEnd(all.filter(isEndToEnd))]);
// Not process.exit, which would drop what standard output has not taken yet.
process.exitCode = all.length > 0 && passed.every(Boolean) ? 0 : 1;

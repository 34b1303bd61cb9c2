// run-tests.mjs [ARGUMENT…]: runs test binaries side by side, because most of them wait more than they compute. Reads
// from standard input what `cargo test --no-run --message-format=json` prints; arguments go to each binary. Prints the
// output of a binary when it ends. Exits with 1 if one failed.
import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** How many end-to-end binaries run at a time. One of the others, which only compute, runs beside them. */
const AT_ONCE = 3;

const isEndToEnd = ({ folder }) => folder === process.cwd();

/**
 * How far a binary steps back when the processor is busy. The chaos test fails if the Worker is too slow for its load,
 * other end-to-end tests only have time limits, and the rest has all the time.
 */
const niceness = (binary) => {
  if (!isEndToEnd(binary)) return 15;
  return binary.name === "chaos" ? 0 : 5;
};

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
    if (child.pid) setPriority(child.pid, niceness(binary));
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => output.push(Buffer.from(`${error}\n`)));
    child.on("close", (code, signal) => {
      if (code !== 0) output.push(Buffer.from(`${name} ended with ${code ?? signal}\n`));
      const seconds = Math.round((Date.now() - began) / 1000);
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

const all = await binaries();
const endToEnd = all.filter(isEndToEnd);
const computing = all.filter((binary) => !isEndToEnd(binary));
const lanes = [lane(computing), ...Array.from({ length: AT_ONCE }, () => lane(endToEnd))];
const passed = await Promise.all(lanes);
process.exit(passed.every(Boolean) ? 0 : 1);

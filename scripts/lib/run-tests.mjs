// run-tests.mjs [ARGUMENT…]: runs test binaries side by side, because most of them wait more than they compute. Reads
// from standard input what `cargo test --no-run --message-format=json` prints; arguments go to each binary. Prints the
// output of a binary when it ends. Exits with 1 if one failed.
import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

const AT_ONCE = 3;

/**
 * How far a binary steps back when the processor is busy. The chaos test fails if the Worker is too slow for its load;
 * other end-to-end tests only have time limits; the rest, in folders of their own, just compute.
 */
const niceness = ({ name, folder }) => {
  if (folder !== process.cwd()) return 15;
  return name === "chaos" ? 0 : 5;
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
    child.on("close", (code) => {
      const seconds = Math.round((Date.now() - began) / 1000);
      process.stdout.write(
        `\n     Running ${name} (${executable})\n${Buffer.concat(output)}     ${name}: ${seconds} s\n`,
      );
      resolve(code === 0);
    });
  });

const waiting = await binaries();
const worker = async () => {
  let passed = true;
  for (let next = waiting.shift(); next; next = waiting.shift()) passed = (await run(next)) && passed;
  return passed;
};
const all = await Promise.all(Array.from({ length: AT_ONCE }, worker));
process.exit(all.every(Boolean) ? 0 : 1);

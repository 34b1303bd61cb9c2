// Chromium for the tests of the pages, and the pictures that they take.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** The folder for the pictures, relative to the project's. */
const PICTURES = resolve(ROOT, process.env.SCREENSHOTS ?? ".tools/screenshots");

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser with a profile of its own, and `end`, which closes it and deletes the profile. */
export const launch = async (viewport) => {
  const profile = mkdtempSync(`${tmpdir()}/browser-`);
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS, viewport });
  const end = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { context, end };
};

/** Saves a picture of what is visible of a page. */
export const picture = (page, name) => page.screenshot({ path: resolve(PICTURES, `${name}.png`) });

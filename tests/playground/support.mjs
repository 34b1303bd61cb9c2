// A browser on the playground, and what every test of it needs.
import assert from "node:assert/strict";
import { launch } from "../support/browser.mjs";

export const URL_ = process.env.PLAYGROUND_URL ?? "http://127.0.0.1:8800";
/** Long enough for a Worker to start on a busy machine. */
export const LONG = 60_000;
/** Long enough for a delay to run out and what follows. */
export const SOON = 25_000;
/** As scripts/browser-test.sh sets it: long enough to see what waits. */
const DELAY = "5 seconds";

let browser;
/** What no page may do: log an error, throw, or ask anyone but the playground's own server. */
export const complaints = [];

export const open = async () => {
  browser = await launch({ width: 1380, height: 900 });
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: URL_ });
  browser.context.on("request", (request) => {
    if (!request.url().startsWith(`${URL_}/`)) complaints.push(`asked ${request.url()}`);
  });
};

export const close = () => browser.end();

/** A page that is shown and complete; `tour`: whether the tour is to come, as at a first visit. */
export const visit = async ({ tour = false, width = 1380, height = 900, dark = false } = {}) => {
  const page = await browser.context.newPage();
  page.setDefaultTimeout(SOON);
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("console", (message) => {
    // The test itself provokes refusals; the browser logs each one.
    const refused = message.text().includes("422") && message.location().url.endsWith("/api/act");
    if (["error", "warning"].includes(message.type()) && !refused) complaints.push(message.text());
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
  await page.goto(URL_);
  await page.evaluate((tour) => (tour ? localStorage.clear() : localStorage.setItem("playground.tour", "done")), tour);
  await page.reload();
  await page.waitForSelector("#conversations button");
  return page;
};

export const act = async (body) => {
  const answer = await fetch(`${URL_}/api/act`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
};

export const state = async () => (await fetch(`${URL_}/api/state`)).json();

/** Waits until the state, as the server tells it, is as it should be. */
export const until = async (what, holds, limit = SOON) => {
  const end = Date.now() + limit;
  for (;;) {
    const now = await state();
    if (holds(now)) return now;
    assert.ok(
      Date.now() < end,
      `${what}: not within ${limit} ms; the last state: ${JSON.stringify(now).slice(0, 3000)}`,
    );
    await new Promise((wake) => setTimeout(wake, 100));
  }
};

export const ready = () =>
  until("the Worker is ready", ({ worker }) => worker.phase === "ready" && worker.connected, LONG);

/** A conversation of its own for a test, so that no test depends on another. */
export const conversation = async (name, people = ["alice", "bob"]) => {
  await act({ act: "create", name, people });
  return (await state()).conversations.findLast((one) => one.name === name).id;
};

/** No link holds a number. */
export const forgetAll = async () => {
  await ready();
  for (const user of ["alice", "bob", "carol"]) await act({ act: "forget", user });
};

/** Everything as at the start, whatever the test before has left. */
export const calm = async () => {
  await act({ act: "nexmo", mode: "fine" });
  await act({ act: "layer", mode: "fine" });
  for (const user of ["alice", "bob", "carol"]) await act({ act: "phone", user, mode: "fine" });
  await act({ act: "start" });
  const { worker } = await state();
  if (worker.digests) await act({ act: "digests", on: false });
  if (worker.quiet) await act({ act: "quiet", on: false });
  if (worker.delay !== DELAY) await act({ act: "settings", delay: DELAY, expiration: "1 week" });
  await forgetAll();
};

export const bob = ({ users }) => users.find((user) => user.id === "bob");

/** Opens a conversation, and writes in it as Alice, by hand. */
export const write = async (page, name, words) => {
  await page.getByRole("navigation", { name: "Conversations" }).getByText(name, { exact: true }).last().click();
  await page.locator("#who").getByRole("button", { name: "Alice" }).click();
  await page.locator("#compose-text").fill(words);
  await page.locator("#compose-text").press("Enter");
  await page.locator(".message .words", { hasText: words }).waitFor();
};

// A world with a Worker, and a browser on its console, for the tests of one file. Each test gets a page of its own.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { launch } from "../support/browser.mjs";
import { fill } from "./counts.mjs";
import { World } from "./world.mjs";

export let world;
export let page;
let browser;
/** Errors logged or thrown by the page, violations of its policy, and requests to other origins: each fails the test. */
let complaints = [];

/** Makes sure that the statistics contain a month of counts. */
export const withCounts = async () => {
  if ((await world.admin("statistics")).users === 0) await world.restart({ change: fill });
};

before(async () => {
  world = await World.start();
  browser = await launch({ width: 1200, height: 860 });
  browser.context.on("request", (request) => {
    if (!request.url().startsWith(`${world.url}/`)) complaints.push(`asked ${request.url()}`);
  });
});

after(async () => {
  await browser?.end();
  await world?.stop();
});

beforeEach(async () => {
  complaints = [];
  page = await browser.context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("console", (message) => {
    // The browser logs each error status; the tests provoke these.
    const provoked = /status of (400|401|404|502|503)/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !provoked) complaints.push(message.text());
  });
});

afterEach(async () => {
  await page.close();
  assert.deepEqual(complaints, []);
});

export const open = (view = "") => page.goto(`${world.url}/admin${view && `#/${view}`}`);
export const heading = (name, level = 1) => page.getByRole("heading", { level, name }).waitFor();
export const signIn = async (view) => {
  await open(view);
  await page.getByLabel("Token").fill(world.token);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
};
/** Whether anything is wider than the page. */
export const overflows = () =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
export const row = (text) => page.getByRole("row").filter({ hasText: text });

/** Drops complaints that the test itself has provoked. */
export const forgive = (words) => {
  complaints = complaints.filter((complaint) => !complaint.includes(words));
};

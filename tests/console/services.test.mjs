// What the console shows of the health of the services. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { picture } from "../support/browser.mjs";
import { focused } from "../support/looks.mjs";
import { forgive, heading, page, row, signIn, world } from "./stage.mjs";

const card = () => page.locator(".card", { has: page.getByRole("heading", { name: "Services" }) });
const said = (words) => card().getByRole("status").filter({ hasText: words }).waitFor();
const again = () => page.getByRole("button", { name: "Check again" });

/** What Nexmo's next answer waits for, and the function that lets it go. */
const holdNexmo = () => {
  let release;
  world.nexmo.answers = new Promise((done) => (release = done));
  return release;
};

/** Registers the webhook, without which the chat is not well. */
beforeEach(() => world.admin("setup", "POST"));

test("each service has a row with its state in words, how long it took, and the credit", async () => {
  await signIn("health");
  await said("All are well.");
  assert.equal(await card().locator("tbody tr").count(), 3);
  for (const name of ["Layer", "Nexmo", "KV"]) {
    await row(name).getByText("well", { exact: true }).waitFor();
    await row(name)
      .getByText(/^after \d+ ms$/)
      .waitFor();
  }
  await row("Nexmo").getByText("Credit: €23.40").waitFor();
  await picture(page, "console-health");
});

test("while Nexmo is slow, the card says so and the rest can be used", async () => {
  const release = holdNexmo();
  await signIn("health");
  await said("Asking …");
  await row("NEXMO_NUMBERS").getByText("12025550101").waitFor();
  await page.getByRole("link", { name: "Users" }).click();
  await heading("Users");
  await page.getByRole("link", { name: "Health" }).click();
  await said("Asking …");
  release();
  await said("All are well.");
});

test("a low credit is a warning, found by the button, with Enter and with Space", async () => {
  await signIn("health");
  await said("All are well.");
  world.nexmo.credit = 4.2;
  await again().focus();
  await page.keyboard.press("Enter");
  await said("warning Not well: Nexmo.");
  await row("Nexmo").getByText("Credit: €4.20").waitFor();
  await row("Nexmo").getByText("The credit is below 10 euros").waitFor();
  await row("Nexmo").getByText("Top up the Nexmo account.").waitFor();
  world.nexmo.credit = 23.4;
  assert.equal((await focused(page)).what, "Check again", "the button keeps the focus");
  await page.keyboard.press("Space");
  await said("All are well.");
});

test("while the answer is on its way, the button does nothing", async () => {
  await signIn("health");
  await said("All are well.");
  const asked = [];
  page.on("request", (request) => request.url().endsWith("/admin/health") && asked.push(request));
  const release = holdNexmo();
  for (let times = 0; times < 3; times += 1) await again().click({ force: true });
  await said("Asking …");
  release();
  await said("All are well.");
  assert.equal(asked.length, 1);
});

test("a service that failed is no error of the request; what to do leads to the repair button", async () => {
  world.nexmo.refuses = true;
  await signIn("health");
  await said("failed Not well: Nexmo.");
  await row("Nexmo").getByText("Nexmo refused NEXMO_KEY and NEXMO_SECRET").waitFor();
  await row("Nexmo").getByText("Correct NEXMO_KEY and NEXMO_SECRET, then run setup. Until then texts wait").waitFor();
  world.nexmo.refuses = false;
  await page.getByRole("link", { name: "To the repair button" }).click();
  await page.getByRole("button", { name: "Repair" }).waitFor();
});

test("a webhook that is gone is shown, with the way to set it up again", async () => {
  world.layer.webhooks = [];
  await signIn("health");
  await said("failed Not well: Layer.");
  await row("Layer").getByText("Run setup").waitFor();
  await row("Layer").getByRole("link", { name: "To the repair button" }).waitFor();
});

test("an error of the request itself is shown, and so is a proxy's 502", async () => {
  await signIn("health");
  await said("All are well.");
  await page.route("**/admin/health", (route) => route.abort());
  await again().click();
  await said("not known The Worker could not be reached.");
  assert.equal(await card().locator("table").count(), 0, "the old answer is gone");
  await page.unroute("**/admin/health");
  await page.route("**/admin/health", (route) => route.fulfill({ status: 502, body: "<h1>Bad gateway</h1>" }));
  await again().click();
  await said("not known The Worker answered 502.");
  await page.unroute("**/admin/health");
  await again().click();
  await said("All are well.");
  forgive("net::ERR_FAILED");
});

test("with invalid settings there is no such card", async () => {
  await signIn("health");
  await said("All are well.");
  // The settings became invalid after the page was opened.
  const problem = { setting: "DELAY", problem: "`soon` is not a span of time", expected: "a span of time" };
  const misconfigured = { status: "misconfigured", problems: [problem] };
  await page.route("**/admin/health", (route) => route.fulfill({ status: 503, json: misconfigured }));
  await again().click();
  await card().waitFor({ state: "detached" });
  await page.unroute("**/admin/health");

  await world.restart({ settings: { DELAY: "soon" } });
  const asked = [];
  page.on("request", (request) => request.url().endsWith("/admin/health") && asked.push(request));
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("Some settings are invalid").waitFor();
  assert.deepEqual([await card().count(), asked.length], [0, 0]);
  await world.restart({ settings: { DELAY: "0" } });
});

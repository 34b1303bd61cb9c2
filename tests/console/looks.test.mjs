// How the console looks and is used: each page at a phone's width and wide, in the dark and in the light, by keyboard.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { cutOff, faintest, tabThrough } from "../support/looks.mjs";
import { open, page, row, signIn, withCounts, world } from "./stage.mjs";

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

const looksWell = async (what) => {
  for (const [name, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const { words, ratio } = await faintest(page);
      assert.ok(ratio >= 4.5, `${what}, ${colorScheme}: “${words}” has a contrast of ${ratio.toFixed(2)}`);
    }
    assert.deepEqual(await cutOff(page), [], `${what}, ${name}`);
    const { wanted, reached, unseen } = await tabThrough(page);
    assert.deepEqual(reached, wanted, `${what}, ${name}`);
    assert.deepEqual(unseen, [], `${what}, ${name}: nothing shows that they have the focus`);
  }
};

const said = (words) => page.getByRole("status").filter({ hasText: words }).waitFor();

const replace = (path, json) => page.route(`**/admin/${path}`, (route) => route.fulfill({ json }));

test("the sign-in form", async () => {
  await open();
  await page.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("Wrong token.").waitFor();
  await looksWell("sign-in");
});

test("the health page, with services that are well, that are a worry and that have failed", async () => {
  await world.admin("setup", "POST");
  await signIn("health");
  await said("All are well.");
  await looksWell("well");
  world.nexmo.credit = 4.2;
  await page.getByRole("button", { name: "Check again" }).click();
  await said("warning Not well: Nexmo.");
  await looksWell("warning");
  world.nexmo.refuses = true;
  await page.getByRole("button", { name: "Check again" }).click();
  await said("failed Not well: Nexmo.");
  await looksWell("failed");
  Object.assign(world.nexmo, { credit: 23.4, refuses: false });
});

test("the registration page, of either chat", async () => {
  world.layer.webhooks = [];
  await signIn("registration");
  await page.getByText("Setup is incomplete.").waitFor();
  await looksWell("incomplete");
  await page.getByRole("button", { name: "Repair" }).click();
  await row("+12025550102").getByText("not set up", { exact: true }).waitFor({ state: "detached" });
  await looksWell("repaired");

  const url = "https://matrix.example.org";
  await replace("setup", { ok: true, matrix: { ok: true, url, duration_ms: 7 }, nexmo: { ok: true, numbers: [] } });
  await page.route("**/admin/matrix/registration.yaml", (route) => route.fulfill({ body: "id: texts\n".repeat(9) }));
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("button", { name: "Show the registration" }).click();
  await page.locator("pre").waitFor();
  await looksWell("Matrix");
});

test("the pages with counts", async () => {
  await withCounts();
  await signIn("activity");
  await page.getByText("Delivery receipts", { exact: true }).waitFor();
  await looksWell("activity");
  await page.getByRole("link", { name: "Numbers" }).click();
  await page.getByText("Other pool sizes").waitFor();
  await looksWell("numbers");
});

/** A user with a link, two failures and an unreachable phone. */
const troubled = async (user) => {
  const ended = ({ notices }) => notices.waiting === 0;
  await world.say(randomUUID(), user, "Are you there?");
  await world.record(user, ended);
  const text = world.nexmo.last;
  world.nexmo.barred = true;
  for (const words of ["One", "Two"]) await world.say(randomUUID(), user, words);
  await world.record(user, ({ failures }) => failures.length === 2);
  world.nexmo.barred = false;
  world.nexmo.last = text;
  await world.receipt("failed", "3");
  await world.record(user, (record) => record.unreachable);
};

test("a user's page and the question before erasing", async () => {
  await troubled("cara");
  await signIn("users/cara");
  await row("not delivered: out of service").waitFor();
  await page.getByLabel("Phone").fill("+15550104030");
  await page.getByRole("button", { name: "Find its users" }).click();
  await page.getByRole("heading", { name: "+15550104030" }).waitFor();
  await looksWell("a user");
  await page.getByRole("button", { name: "Erase …" }).click();
  assert.deepEqual(await cutOff(page), [], "the question");
  const { x, width } = await page.getByRole("dialog").boundingBox();
  assert.ok(x >= 8 && x + width <= SIZES.narrow.width - 8, "the question touches the edge");
  const { words, ratio } = await faintest(page);
  assert.ok(ratio >= 4.5, `“${words}” has a contrast of ${ratio.toFixed(2)}`);
});

test("invalid settings and what has no meaning", async () => {
  await world.restart({ settings: { DELAY: "soon", DELLAY: "0" } });
  await signIn();
  await page.getByText("Some settings are invalid").waitFor();
  await looksWell("invalid settings");
});

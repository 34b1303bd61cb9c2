// What becomes of texts, and of texts that fit nowhere, as the page shows it. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { cutOff, faintest } from "../support/looks.mjs";
import { bob, calm, close, complaints, conversation, forgetAll, open, ready, until, visit, write } from "./support.mjs";

before(async () => {
  await open();
  await ready();
});
beforeEach(calm);
after(close);

const onPhone = (page, words) => page.locator("#texts .number", { hasText: words });
const verdict = (page, words) => page.locator("#links .row-note", { hasText: words }).waitFor();
const ended = (page, words, how) =>
  page.locator("#ended li", { hasText: words }).locator(".what", { hasText: how }).waitFor();

/** Has Bob's phone get texts, or not. */
const turnPhone = async (page, choice, mode) => {
  await page.getByRole("group", { name: "Bob’s phone" }).getByRole("radio", { name: choice }).check();
  await until(`Bob's phone is ${mode}`, (now) => now.switches.phones[bob(now).phone] === mode);
};

const answer = async (page, words) => {
  await page.locator("#answer-text").fill(words);
  await page.locator("#answer-text").press("Enter");
  await page.locator("#texts .phone", { hasText: words }).last().waitFor();
};

test("a text that arrived is shown as delivered, and its receipt can be copied", async () => {
  const page = await visit();
  await conversation("Arrived");
  await write(page, "Arrived", "Did you get this?");
  await onPhone(page, "Did you get this?").waitFor();
  await verdict(page, "last text delivered");
  assert.equal(await page.locator("#texts .lost").count(), 0);
  await page.locator("#webhooks li", { hasText: "a receipt: delivered" }).first().getByRole("button").click();
  await page.locator("#curl[open] #curl-text", { hasText: "status=delivered" }).waitFor();
  await page.close();
});

test("a text to a phone that is off does not arrive, and the next is sent all the same", async () => {
  const page = await visit();
  await conversation("Tunnel");
  await turnPhone(page, "Is off", "off");
  await page.locator("#receiver-hint", { hasText: "code 2" }).waitFor();
  await write(page, "Tunnel", "In the tunnel?");
  await verdict(page, "last text not delivered: phone absent");
  await onPhone(page, "In the tunnel?").locator("time", { hasText: "did not arrive" }).waitFor();
  await page.locator("#activity", { hasText: "A receipt: not delivered: phone absent" }).waitFor();
  await turnPhone(page, "Gets texts", "fine");
  await write(page, "Tunnel", "Out of the tunnel?");
  await verdict(page, "last text delivered");
  await page.close();
});

test("a phone out of service is not texted until a text comes from it", async () => {
  const page = await visit();
  await conversation("Cut off");
  await turnPhone(page, "Out of service", "dead");
  await write(page, "Cut off", "Hello?");
  await page.locator("#stopped", { hasText: "No text reaches Bob’s phone" }).waitFor();
  await onPhone(page, "Hello?").locator("time", { hasText: "did not arrive" }).waitFor();
  for (const colorScheme of ["dark", "light"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const worst = await faintest(page);
    assert.ok(
      worst.ratio >= 4.5,
      `“${worst.words}” has a contrast of ${worst.ratio.toFixed(2)} when it is ${colorScheme}`,
    );
  }
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await cutOff(page), []);
  await write(page, "Cut off", "Still there?");
  await ended(page, "Still there?", "no text reaches the user’s phone");
  await turnPhone(page, "Gets texts", "fine");
  await answer(page, "A new contract");
  await page.locator("#stopped").waitFor({ state: "hidden" });
  await write(page, "Cut off", "Welcome back");
  await onPhone(page, "Welcome back").waitFor();
  await page.close();
});

test("who has opted out at the carrier gets no texts until START", async () => {
  const page = await visit();
  await conversation("Carrier");
  await turnPhone(page, "Opted out at the carrier", "barred");
  await write(page, "Carrier", "Anybody?");
  await page.locator("#stopped", { hasText: "Bob opted out" }).waitFor();
  await write(page, "Carrier", "Nobody?");
  await ended(page, "Nobody?", "the user opted out");
  await page.getByRole("button", { name: "START", exact: true }).click();
  await page.locator("#stopped").waitFor({ state: "hidden" });
  await page.close();
});

test("a text that reaches no conversation comes again before it is answered", async () => {
  const page = await visit();
  await conversation("Gone");
  await write(page, "Gone", "Quick question");
  await onPhone(page, "Quick question").waitFor();
  // The page has seen the link.
  await verdict(page, "last text delivered");
  await forgetAll();
  await page.locator("#caption", { hasText: "comes again for two minutes" }).waitFor();
  await ended(page, "Quick question", "texted from");
  await answer(page, "What was it?");
  await page.locator("#webhooks li", { hasText: "503: retried later" }).waitFor();
  await page.close();
});

test("the same reply is posted three times, and then no more", async () => {
  const page = await visit();
  await conversation("Robots");
  await write(page, "Robots", "Are you a robot?");
  await onPhone(page, "Are you a robot?").waitFor();
  for (let times = 0; times < 4; times += 1) await answer(page, "I am driving");
  await page.locator("#activity", { hasText: "Not posted: the same words came too often" }).waitFor();
  await page.locator(".message", { hasText: "I am driving" }).nth(2).waitFor();
  assert.equal(await page.locator(".message", { hasText: "I am driving" }).count(), 3);
  await page.close();
});

test("no page has complained, and none has asked anybody else", () => {
  assert.deepEqual(complaints, []);
});

// The playground in a real browser: what a newcomer does, what goes wrong on purpose, and that it may be used
// by keyboard, on a phone and in the dark. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, beforeEach, test } from "node:test";
import {
  act,
  bob,
  calm,
  close,
  complaints,
  conversation,
  open,
  ready,
  until,
  visit,
  write,
  LONG,
  URL_,
} from "./support.mjs";

before(async () => {
  await open();
  await ready();
});
beforeEach(calm);
after(close);

test("five steps lead a newcomer through the product, once", async () => {
  const page = await visit({ tour: true });
  const step = (title) => page.locator("#tour-title", { hasText: title }).waitFor();
  const button = page.locator("#tour-do");

  await step("1. Alice writes");
  assert.equal(await page.locator(".tour-here").getAttribute("id"), "compose");
  await button.click();
  await step("2. The Worker waits");
  await page.locator("#waiting .row .left", { hasText: /texts in \d/ }).waitFor();
  await step("3. Bob’s phone has a text");
  await page.locator("#texts .number", { hasText: "Alice: Are you coming to lunch?" }).last().waitFor();
  await button.click();
  await step("4. Bob answers");
  await button.click();
  await step("5. And it is in the chat");
  const reply = page.locator(".message", { hasText: "Yes, in ten minutes!" }).last();
  await reply.locator(".by-text").waitFor();
  await button.click();
  assert.ok(await page.locator("#tour").isHidden());

  await page.reload();
  await page.locator("#conversations button").first().waitFor();
  assert.ok(await page.locator("#tour").isHidden(), "it came again");
  await page.close();
});

test("a notice outlives the Worker that is killed with it", async () => {
  const page = await visit();
  await conversation("Night");
  await write(page, "Night", "Did you survive?");
  const row = page.locator("#waiting .row", { hasText: "Did you survive?" });
  await row.waitFor();
  await page.getByRole("button", { name: /Kill it/ }).click();
  await page.locator("#pill", { hasText: "is dead" }).waitFor();
  assert.ok(await row.isVisible(), "the last known record is still shown");
  assert.equal((await until("it is dead", ({ worker }) => worker.phase === "killed")).worker.phase, "killed");
  await assert.rejects(fetch(`${process.env.WORKER_URL}/health`), "something still answers for the Worker");

  await page.getByRole("button", { name: "Start it again" }).click();
  await page.locator("#pill", { hasText: "is running" }).waitFor({ timeout: LONG });
  await page.locator("#texts .number", { hasText: "Did you survive?" }).waitFor({ timeout: LONG });
  const texts = bob(await until("it is texted", () => true)).threads.flatMap((thread) => thread.texts);
  assert.equal(texts.filter((one) => one.text.includes("Did you survive?")).length, 1);
  await page.close();
});

test("while Nexmo fails a text is tried again, and leaves when it works", async () => {
  const page = await visit();
  await conversation("Errors");
  await page.locator("#nexmo").getByRole("radio", { name: "Fails" }).check();
  await page.locator("#nexmo-hint", { hasText: "503" }).waitFor();
  await write(page, "Errors", "Try me");
  await page
    .locator("#waiting .row", { hasText: "Try me" })
    .locator(".row-note", { hasText: /failed tr/ })
    .waitFor();
  await page.locator("#activity", { hasText: "Text put off" }).waitFor();
  await page.locator("#nexmo").getByRole("radio", { name: "Works" }).check();
  await page.locator("#texts .number", { hasText: "Try me" }).waitFor();
  await page.locator("#ended", { hasText: "texted from +1 202" }).waitFor();
  await page.close();
});

test("an answer that comes while Layer is down is kept, and posted when it is back", async () => {
  const page = await visit();
  await conversation("Outage");
  await write(page, "Outage", "Can you hear me?");
  await page.locator("#texts .number", { hasText: "Can you hear me?" }).waitFor();
  await page.locator("#layer").getByRole("radio", { name: "Is down" }).check();
  await until("Layer is down", ({ switches }) => switches.layer === "down");
  await page.locator("#answer-text").fill("Loud and clear");
  await page.locator("#answer-text").press("Enter");
  await page.locator("#replies .row-note", { hasText: /failed tr/ }).waitFor();
  assert.equal(await page.locator(".message", { hasText: "Loud and clear" }).count(), 0);
  await page.locator("#layer").getByRole("radio", { name: "Works" }).check();
  await page.locator(".message", { hasText: "Loud and clear" }).locator(".by-text").waitFor();
  await page.locator("#replies-part").waitFor({ state: "hidden" });
  await page.close();
});

test("a text that is refused for good is kept as a failure, and its number given back", async () => {
  const page = await visit();
  await conversation("Barred");
  await page.locator("#nexmo").getByRole("radio", { name: "Refuses" }).check();
  await write(page, "Barred", "No way");
  await page.locator("#failures li", { hasText: "Barred" }).first().waitFor();
  await page.locator("#ended li", { hasText: "No way" }).locator(".what", { hasText: "given up" }).waitFor();
  await page.locator("#links .row").waitFor({ state: "detached" });
  await page.close();
});

test("whatever ends without a text says why", async () => {
  const page = await visit();
  await conversation("Reasons");
  await write(page, "Reasons", "Read this");
  await page.locator("#waiting .row", { hasText: "Read this" }).waitFor();
  await page.locator("#who").getByRole("button", { name: "Bob" }).click();
  await page.getByRole("button", { name: "Mark read" }).click();
  await page.locator("#ended li", { hasText: "Read this" }).locator(".what", { hasText: "it was read" }).waitFor();

  await write(page, "Reasons", "Forget this");
  await page.locator("#waiting .row", { hasText: "Forget this" }).waitFor();
  await page.getByRole("button", { name: "Delete “Forget this”" }).click();
  await page.locator("#ended .what", { hasText: "it was deleted" }).first().waitFor();

  await write(page, "Reasons", "Stay");
  await page.locator("#waiting .row", { hasText: "Stay" }).waitFor();
  await page.locator("#who").getByRole("button", { name: "Bob" }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.locator("#ended .what", { hasText: "left the conversation" }).first().waitFor();

  await page.getByRole("button", { name: "Use up Bob’s numbers" }).click();
  await page.locator("#ended .what", { hasText: "every number is taken" }).first().waitFor();
  await page.locator("#links-none", { hasText: /\d dropped for want of a number/ }).waitFor();
  await page.close();
});

test("after STOP there are no texts until START", async () => {
  const page = await visit();
  await conversation("Enough");
  await write(page, "Enough", "Hello hello");
  await page.locator("#texts .number", { hasText: "Hello hello" }).waitFor();
  await page.getByRole("button", { name: "STOP", exact: true }).click();
  await page.locator("#stopped", { hasText: "Bob opted out" }).waitFor();
  await write(page, "Enough", "Are you cross?");
  await page
    .locator("#ended li", { hasText: "Are you cross?" })
    .locator(".what", { hasText: "the user opted out" })
    .waitFor();
  await page.getByRole("button", { name: "START", exact: true }).click();
  await page.locator("#stopped").waitFor({ state: "hidden" });
  await page.close();
});

test("settings are deployed from the page, and wrong ones are explained by the Worker", async () => {
  const page = await visit();
  const delay = page.getByRole("combobox", { name: "Unread for" });
  await delay.fill("banana");
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.locator("#settings-hint", { hasText: "DELAY `banana` is not a span of time" }).waitFor({ timeout: LONG });
  await page.locator("#pill", { hasText: "misconfigured" }).waitFor();
  await delay.fill("5 seconds");
  await page.getByLabel("A number stays taken for").fill("20 minutes");
  await page.getByRole("button", { name: "Deploy" }).click();
  await page.locator("#pill", { hasText: "is running" }).waitFor({ timeout: LONG });
  const { worker } = await ready();
  assert.deepEqual([worker.delay, worker.expiration], ["5 seconds", "20 minutes"]);
  await page.close();
});

test("every webhook can be copied as a curl command that the Worker takes, and takes only as it is", async () => {
  const page = await visit();
  await conversation("It’s 'quoted' $HOME");
  await write(page, "It’s 'quoted' $HOME", "It’s 'quoted' `too`");
  await page.locator("#texts .number", { hasText: "`too`" }).waitFor();
  const texts = page.locator("#webhooks li", { hasText: "a text from a phone" }).getByRole("button");
  const known = await texts.evaluateAll((buttons) => buttons.map((button) => button.ariaLabel));
  await page.locator("#answer-text").fill("Isn't it 50 % off?");
  await page.locator("#answer-text").press("Enter");
  await page.locator(".message .words", { hasText: "50 % off" }).waitFor();
  // The reply may be posted before its webhook is listed.
  await page.waitForFunction((known) => {
    const newest = document.querySelector('#webhooks button[aria-label*="a text from a phone"]');
    return newest && !known.includes(newest.ariaLabel);
  }, known);
  for (const [from, event] of [
    ["Layer", "a message was sent"],
    ["Nexmo", "a text from a phone"],
  ]) {
    await page
      .locator("#webhooks li", { hasText: from })
      .filter({ hasText: event })
      .first()
      .getByRole("button")
      .click();
    await page.locator("#curl[open] #curl-note", { hasText: "Copied" }).waitFor();
    const command = await page.locator("#curl-text").textContent();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
    await page.keyboard.press("Escape");
    const run = (text) => execFileSync("sh", ["-c", text.replace("curl -i", "curl -s -i")], { encoding: "utf8" });
    assert.match(run(command), /^HTTP\/1\.1 200/, from);
    const forged = command.replace(/quoted|off(?=\?|%3F)/, "forged");
    assert.notEqual(forged, command);
    assert.match(run(forged), /^HTTP\/1\.1 403/, from);
  }
  await page.close();
});

test("what someone is typing survives whatever happens around it", async () => {
  const page = await visit();
  const input = page.locator("#compose-text");
  await input.pressSequentially("Half a sen");
  const before = await page.evaluateHandle(() => document.activeElement);
  const id = await conversation("Meanwhile", ["alice", "carol"]);
  await act({ act: "write", conversation: id, user: "carol", text: "Hello?" });
  await page.locator("#conversations", { hasText: "Meanwhile" }).waitFor();
  assert.ok(await before.evaluate((node) => node === document.activeElement && node.isConnected));
  await input.pressSequentially("tence");
  assert.equal(await input.inputValue(), "Half a sentence");
  await page.close();
});

test("only this page's own files are allowed, and only under a name of this machine", async () => {
  const { headers } = await fetch(URL_);
  assert.match(headers.get("content-security-policy"), /^default-src 'none'; script-src 'self';/);
  const port = new URL(URL_).port;
  const status = execFileSync(
    "curl",
    ["-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", `Host: evil.example:${port}`, `${URL_}/api/state`],
    { encoding: "utf8" },
  );
  assert.equal(status, "403");
});

test("no page has complained, and none has asked anybody else", () => {
  assert.deepEqual(complaints, []);
});

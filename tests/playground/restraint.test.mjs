// What keeps texts few and the nights quiet, as the page shows it. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
  act,
  bob,
  close,
  complaints,
  conversation,
  forgetAll,
  open,
  ready,
  state,
  until,
  visit,
  write,
  LONG,
} from "./support.mjs";

before(async () => {
  await open();
  await ready();
});
// A switch stays as a test leaves it: each change of it restarts the Worker.
beforeEach(forgetAll);
after(close);

const waiting = (page, words) => page.locator("#waiting .row", { hasText: words });
const onPhone = (page, words) => page.locator("#texts .number", { hasText: words });

/** Turns a switch of the settings on, and waits until the Worker runs with it. */
const switchOn = async (page, name, setting) => {
  await page.getByRole("group", { name }).getByRole("radio", { name: "On" }).check();
  await until(`${setting} is on`, ({ worker }) => worker[setting] && worker.phase === "ready", LONG);
};

const sendPhoto = async (page) => {
  const photos = page.locator(".message").getByRole("img", { name: "A photo" });
  const before = await photos.count();
  await page.getByRole("button", { name: "Send a photo" }).click();
  await photos.nth(before).waitFor();
};

const setClock = async (page, time) => {
  await page.getByLabel("Set it to").fill(time);
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.locator("#clock-now", { hasText: time }).waitFor();
};

test("with digests the messages of a conversation come together, photos among them, and leave as one text", async () => {
  const page = await visit();
  await switchOn(page, "Digests", "digests");
  const id = await conversation("Picnic", ["alice", "bob", "carol"]);
  await write(page, "Picnic", "Who brings the bread?");
  await act({ act: "write", conversation: id, user: "carol", text: "I do" });
  await page.locator("#compose-text").fill("The lake");
  await sendPhoto(page);
  assert.equal(await page.locator("#compose-text").inputValue(), "", "the words went with the photo");
  await sendPhoto(page);

  const row = waiting(page, "4 messages in “Picnic”");
  await row.locator(".left", { hasText: /texts in \d/ }).waitFor();
  assert.deepEqual(await row.locator(".together li").allTextContents(), [
    "Alice: “Who brings the bread?”",
    "Carol: “I do”",
    "Alice: “The lake” and a photo",
    "Alice: a photo",
  ]);
  assert.match(await row.locator(".row-note").textContent(), /^leaves as one text/);

  const lines = "Alice: Who brings the bread?\nCarol: I do\nAlice: The lake\n[photo]\nAlice: [photo]";
  await onPhone(page, lines).waitFor();
  const ended = page.locator("#ended li", { hasText: "texted from +1 202 555 0101 with 3 others" });
  await ended.nth(3).waitFor();
  assert.deepEqual(await ended.locator(".row-note").allTextContents(), [
    "a photo",
    "“The lake” and a photo",
    "“I do”",
    "“Who brings the bread?”",
  ]);
  assert.equal(bob(await state()).threads.flatMap((thread) => thread.texts).length, 1);
  await page.close();
});

test("in quiet hours a text is held back, and it leaves when the clock is set to noon", async () => {
  const page = await visit();
  await setClock(page, "23:10");
  await switchOn(page, "Quiet hours, 21:00–08:00", "quiet");
  await conversation("Late");
  await write(page, "Late", "Are you asleep?");
  await waiting(page, "Are you asleep?").locator(".row-note", { hasText: "quiet until 08:00" }).waitFor();
  await waiting(page, "Are you asleep?")
    .locator(".left", { hasText: /texts in 8 h \d+ min/ })
    .waitFor();
  await page.locator("#activity", { hasText: "Text held back: quiet until 08:00 · Late" }).waitFor();
  assert.match(await page.locator("#clock").textContent(), /^23:1\d$/, "the phone shows another time");

  await setClock(page, "12:00");
  const text = onPhone(page, "Are you asleep?");
  await text.waitFor();
  assert.match(await text.locator("time").textContent(), /^12:0\d$/);
  assert.match(await page.locator(".message time").last().textContent(), /^23:1\d$/, "it was written at night");
  await page.close();
});

test("no page has complained, and none has asked anybody else", () => {
  assert.deepEqual(complaints, []);
});

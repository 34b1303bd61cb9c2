// How the playground looks and is used: by keyboard, on a phone, in the dark; and its pictures for the documents.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture } from "../support/browser.mjs";
import { cutOff, faintest, tabThrough } from "../support/looks.mjs";
import { act, bob, calm, close, complaints, open, ready, state, until, visit } from "./support.mjs";

before(async () => {
  await open();
  await ready();
  await calm();
  await act({ act: "settings", delay: "5 seconds", expiration: "1 week" });
  await ready();
  await someTalk();
});
after(close);

/** Two threads on Bob's phone, one answered. */
const someTalk = async () => {
  const { conversations } = await state();
  const id = (name) => conversations.find((one) => one.name === name).id;
  await act({ act: "write", conversation: id("Lunch"), user: "alice", text: "Are you coming to lunch?" });
  const asked = await until("a text", (now) => bob(now).threads.length > 0);
  await act({
    act: "reply",
    phone: bob(asked).phone,
    number: bob(asked).threads[0].number,
    text: "Yes, in ten minutes!",
  });
  await until("the reply", (now) => now.conversations.some((one) => one.messages.some((message) => message.by_text)));
  await act({ act: "read", conversation: id("Lunch"), user: "alice" });
  await act({ act: "write", conversation: id("Lunch"), user: "alice", text: "Great. I keep you a seat." });
  await act({ act: "read", conversation: id("Lunch"), user: "bob" });
  await act({ act: "write", conversation: id("Holiday"), user: "carol", text: "Did you book the ferry?" });
  await until("another text", (now) => bob(now).threads.length > 1);
};

test("the tab key reaches everything in order, and each place shows that it was reached", async () => {
  for (const width of [1380, 390]) {
    const page = await visit({ tour: true, width });
    const { wanted, reached, unseen } = await tabThrough(page);
    assert.ok(wanted.length > 30, "too few places to be true");
    assert.deepEqual(reached, wanted);
    assert.deepEqual(unseen, [], "nothing shows that they have the focus");
    await page.close();
  }
});

test("the arrow keys turn the switches", async () => {
  const page = await visit();
  await page.locator("#nexmo input:checked").focus();
  await page.keyboard.press("ArrowRight");
  await until("Nexmo throttles", ({ switches }) => switches.nexmo === "throttles");
  await page.keyboard.press("ArrowLeft");
  await until("Nexmo works", ({ switches }) => switches.nexmo === "fine");
  await page.close();
});

test("at a phone's width nothing is wider than the screen or cut off", async () => {
  const page = await visit({ tour: true, width: 390, height: 844 });
  assert.deepEqual(await cutOff(page), []);
  await page.getByRole("button", { name: "New …" }).click();
  assert.deepEqual(await cutOff(page), []);
  await page.locator("#webhooks button").first().click();
  assert.deepEqual(await cutOff(page), []);
  await page.close();
});

for (const dark of [false, true]) {
  test(`all words can be read when it is ${dark ? "dark" : "light"}`, async () => {
    const page = await visit({ dark, tour: true });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: "reduce" });
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [red] = ground.match(/\d+/).map(Number);
    assert.equal(red < 64, dark, `the ground is ${ground}`);
    const worst = await faintest(page);
    assert.ok(worst.ratio >= 4.5, `“${worst.words}” has a contrast of ${worst.ratio.toFixed(2)}`);
    await page.close();
  });
}

const picturePage = async (name, options, before = async () => {}) => {
  const page = await visit(options);
  const { conversations } = await state();
  await before(page, conversations);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400); // what came in has come to rest
  await picture(page, `playground-${name}`);
  await page.close();
};

test("pictures are taken", async () => {
  const saying = (text) => async (page, conversations) => {
    const lunch = conversations.find((one) => one.name === "Lunch").id;
    await act({ act: "write", conversation: lunch, user: "alice", text });
    await page.locator("#waiting .row", { hasText: text }).waitFor();
    await page.waitForTimeout(1200); // so that the delay has visibly run down
  };
  await picturePage("phone", { width: 390, height: 844, tour: true });
  await picturePage("light", { width: 1380, height: 1180 }, saying("The soup is good today"));
  await until("it is texted", (now) => bob(now).record.notices.waiting === 0);
  await picturePage("dark", { dark: true, width: 1380, height: 1180 }, saying("Shall I order for you?"));
});

test("no page has complained, and none has asked anybody else", () => {
  assert.deepEqual(complaints, []);
});

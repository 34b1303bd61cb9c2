// How the playground looks and is used: by keyboard, on a phone, in the dark; and its pictures for the documents.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { picture } from "../support/browser.mjs";
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

const outline = (page) =>
  page.evaluate(() => {
    const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled;
    const one = (node) => node.id || node.name || node.className || node.textContent;
    const all = [...document.querySelectorAll("a[href], button, input, [tabindex='0']")].filter(shown);
    // A group of radio buttons is one stop: the arrow keys go on from there.
    return all
      .filter((node) => node.type !== "radio" || node.checked)
      .map((node) => {
        node.dataset.stop ??= String(Math.random());
        return { stop: node.dataset.stop, what: one(node) };
      });
  });

test("the tab key reaches everything, and each place shows that it was reached", async () => {
  const page = await visit({ tour: true });
  const wanted = await outline(page);
  assert.ok(wanted.length > 30, "too few places to be true");
  const reached = new Set();
  for (let tabs = 0; tabs < wanted.length + 12; tabs += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const node = document.activeElement;
      const shown = node.type === "radio" ? node.nextElementSibling : node;
      return {
        stop: node.dataset.stop,
        ring: getComputedStyle(shown).outlineStyle !== "none",
        what: node.id || node.className,
      };
    });
    if (here.stop) {
      assert.ok(here.ring, `nothing shows that ${here.what} has the focus`);
      reached.add(here.stop);
    }
  }
  assert.deepEqual(
    wanted.filter(({ stop }) => !reached.has(stop)).map(({ what }) => what),
    [],
  );
  await page.close();
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

test("at a phone's width nothing is wider than the screen", async () => {
  const page = await visit({ tour: true, width: 390, height: 844 });
  const tooWide = () =>
    page.evaluate(() => {
      const wide = [...document.querySelectorAll("body *")].filter(
        (node) => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1,
      );
      return [
        document.documentElement.scrollWidth > innerWidth ? "the page" : "",
        ...wide.map((node) => `${node.tagName} ${node.id} ${node.className}`),
      ].filter(Boolean);
    });
  assert.deepEqual(await tooWide(), []);
  await page.getByRole("button", { name: "New …" }).click();
  assert.deepEqual(await tooWide(), []);
  await page.locator("#webhooks button").first().click();
  assert.deepEqual(await tooWide(), []);
  await page.close();
});

/** The smallest contrast of any words against what is behind them; text of disabled controls may be faint. */
const faintest = (page) =>
  page.evaluate(() => {
    const parts = (colour) => {
      const [, kind, numbers] = colour.match(/^(color\(srgb|rgba?\()(.*)\)$/) ?? [];
      const [r, g, b, a = 1] = numbers
        .replace("/", " ")
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(Number);
      const scale = kind.startsWith("color") ? 1 : 255;
      return { rgb: [r / scale, g / scale, b / scale], a };
    };
    const light = (rgb) =>
      rgb
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
    const over = (top, under) => top.rgb.map((c, place) => c * top.a + under[place] * (1 - top.a));
    const behind = (node) => {
      if (!node) return [1, 1, 1];
      const colour = parts(getComputedStyle(node).backgroundColor);
      return colour.a === 1 ? colour.rgb : over(colour, behind(node.parentElement));
    };
    const opacity = (node) => (node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1);
    const found = [];
    for (const node of document.querySelectorAll("body *")) {
      const words = [...node.childNodes]
        .filter((child) => child.nodeType === 3)
        .map((child) => child.data.trim())
        .join("");
      if (!words || !node.checkVisibility() || node.closest(":disabled, .bars, noscript")) continue;
      const back = behind(node);
      const front = parts(getComputedStyle(node).color);
      const ink = over({ ...front, a: front.a * opacity(node) }, back);
      const [high, low] = [light(ink), light(back)].sort((a, b) => b - a);
      found.push({ words: words.slice(0, 40), ratio: (high + 0.05) / (low + 0.05) });
    }
    return found.sort((a, b) => a.ratio - b.ratio)[0];
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

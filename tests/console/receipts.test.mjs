// What the console shows of delivery receipts. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { overflows, page, row, signIn, withCounts, world } from "./stage.mjs";

const conversations = Array.from({ length: 3 }, () => randomUUID());

/** Texts Cara, and sends the delivery receipt of that text. */
const textedTo = async (conversation, status, code) => {
  const texts = world.nexmo.texts.length;
  await world.say(conversation, "cara", "Are you there?");
  await world.record("cara", ({ notices }) => notices.waiting === 0 && world.nexmo.texts.length > texts);
  await world.receipt(status, code);
};

test("a user's view says what became of the last text of each conversation", async () => {
  await world.restart({ settings: { DELIVERY_RECEIPTS: "all" } });
  await textedTo(conversations[0], "delivered", "0");
  await textedTo(conversations[1], "failed", "2");
  await textedTo(conversations[2], "failed", "3");
  await world.record("cara", (record) => record.unreachable);
  await signIn("users/cara");
  await row("+12025550101").getByText("delivered, sent").waitFor();
  await row("+12025550102").getByText("not delivered: phone absent (code 2), sent").waitFor();
  await row("+12025550103").getByText("not delivered: out of service (code 3), sent").waitFor();
  await page.getByText("+15550104030. It is texted again after 30 days").waitFor();
  await picture(page, "console-user");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await overflows(), false, "wider than a phone's screen");
  const until = row("+12025550101").first().getByRole("cell").nth(2);
  const label = await until.evaluate((cell) => getComputedStyle(cell, "::before").content);
  assert.equal(label, '"Until: "', "without the head of the table, the cell names its column");
  await picture(page, "console-user-phone");
});

test("a text from an unreachable phone is the end of that", async () => {
  const { unreachable } = await world.record("cara", (record) => record.unreachable);
  await world.text(unreachable.phone, "I am back");
  await signIn("users/cara");
  await row("+12025550101").waitFor();
  assert.equal(await page.getByText("unreachable").count(), 0);
});

test("a user that has opted out at the carrier counts as opted out", async () => {
  await textedTo(conversations[0], "failed", "9");
  await signIn("users/cara");
  await page.getByText("The user opted out on").waitFor();
  await row("not delivered: opted out at the carrier (code 9)").waitFor();
});

test("receipts are counted by what they say, once there are any", async () => {
  await withCounts();
  await signIn("activity");
  await page.getByRole("img", { name: /^Not delivered\. \d/ }).waitFor();
  await page.getByRole("img", { name: /^Delivered\. \d/ }).waitFor();
  await row("Phone off or busy").getByText("(2, 7, 8)").waitFor();
  assert.match(await row("Out of service").getByRole("cell").nth(1).innerText(), /^[1-9]\d*$/);
  await page.getByRole("row", { name: /^Delivered/ }).scrollIntoViewIfNeeded();
  await picture(page, "console-receipts");

  const all = await world.admin("statistics");
  for (const { counts } of all.hours) {
    Object.keys(counts)
      .filter((word) => word.includes("delivered"))
      .forEach((word) => delete counts[word]);
  }
  await page.route("**/admin/statistics", (route) => route.fulfill({ json: all }));
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("heading", { name: "Delivery receipts" }).waitFor({ state: "detached" });
  assert.equal(await page.getByRole("img", { name: /elivered/ }).count(), 0);
});

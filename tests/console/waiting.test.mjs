// What the console shows of texts that wait. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { overflows, page, row, signIn, world } from "./stage.mjs";

const HOUR = 3_600_000;

/** A time of day in UTC, so many hours from now. */
const inHours = (hours) => new Date(Date.now() + hours * HOUR).toISOString().slice(11, 16);

test("a user's view says why a text waits, and which messages leave as one", async () => {
  const until = inHours(3);
  const quiet = { QUIET_HOURS: `${inHours(-3)}-${until}`, TIME_ZONE: "UTC", DIGEST: "on" };
  await world.restart({ settings: quiet });
  const conversation = randomUUID();
  for (const text of ["One", "Two", "Three"]) await world.say(conversation, "ben", text);
  await world.say(randomUUID(), "ben", "Alone");
  const isHeld = ({ waits_for: why }) => why === `quiet until ${until} UTC`;
  await world.record("ben", ({ notices: { first } }) => first.length === 4 && first.filter(isHeld).length >= 2);

  await signIn("users/ben");
  const first = row("leaves as one text with the next 2");
  await first.getByText(`quiet until ${until} UTC`).waitFor();
  assert.equal(await row("in one text with an earlier one").count(), 2);
  await first.locator("+ tr").getByText("with the first").waitFor();
  await page.getByText("looks again at texts that are held back").waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await overflows(), false, "wider than a phone's screen");
});

test("waking a user lets a text go that the settings no longer hold back", async () => {
  await world.restart({ settings: { QUIET_HOURS: "", TIME_ZONE: "" } });
  await signIn("users/ben");
  await page.getByRole("button", { name: "Wake" }).click();
  await page.getByText("Looked for due work, and at what is held back.").waitFor();
  await world.record("ben", ({ notices }) => notices.waiting === 0);
  assert.deepEqual(world.nexmo.texts.toSorted(), ["alice: Alone", "alice: One\nalice: Two\nalice: Three"]);
});

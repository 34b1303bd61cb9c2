// Tests the operator's console in a real browser. Started by scripts/browser-test.sh.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { picture } from "../support/browser.mjs";
import { forgive, heading, open, overflows, page, row, signIn, withCounts, world } from "./stage.mjs";

test("a wrong token is refused and not kept; the right one is kept until sign-out", async () => {
  await open();
  await heading("Texts");
  for (const wrong of ["wrong", "also wrøng"]) {
    await page.getByLabel("Token").fill(wrong);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Wrong token.").waitFor();
    assert.equal(await page.evaluate(() => JSON.stringify(sessionStorage)), "{}");
  }
  await page.getByLabel("Token").fill(world.token);
  await page.keyboard.press("Enter");
  await heading("Health and settings");
  await page.reload();
  await heading("Health and settings");
  assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading("Texts");
  await page.reload();
  await heading("Texts");
  assert.equal(await page.evaluate(() => JSON.stringify(sessionStorage)), "{}");
});

test("a token that becomes invalid leads back to the sign-in form", async () => {
  await signIn();
  await page.evaluate(() => sessionStorage.setItem("console.token", "old"));
  await page.getByRole("link", { name: "Numbers" }).click();
  await page.getByText("The token is no longer valid.").waitFor();
});

test("settings are shown, secrets are not", async () => {
  await signIn("health");
  await page.getByText("All settings are valid.").waitFor();
  await row("NEXMO_NUMBERS").getByText("12025550101").waitFor();
  await row("NEXMO_SECRET").getByText("set, secret").waitFor();
  await row("LAYER_PATH").getByText("by default").waitFor();
  assert.ok(!(await page.content()).includes("test-nexmo-secret"));
  assert.equal(await page.title(), "Health and settings · Texts");
});

test("registrations are shown, and changed only by the repair button", async () => {
  await signIn("registration");
  await page.getByText("Setup is incomplete.").waitFor();
  await row("+12025550102").getByText("not set up", { exact: true }).waitFor();
  assert.equal(world.layer.webhooks.length, 0);
  await page.getByRole("button", { name: "Repair" }).click();
  await page.getByRole("main").getByText("Everything is set up.").waitFor();
  await row("+12025550102").getByText("updated").waitFor();
  assert.equal(world.layer.webhooks.length, 1);
  world.nexmo.numbers.pop();
  await page.getByRole("button", { name: "Repair" }).click();
  await page.getByRole("main").getByText("Some problems remain.").waitFor();
  await row("+12025550103").getByText("not in your account").waitFor();
  world.nexmo.numbers.push({ country: "US", msisdn: "12025550103", features: ["SMS"] });
});

test("without counts the views say so", async () => {
  await signIn("numbers");
  await page.getByText("No users counted yet.").waitFor();
  await page.getByRole("link", { name: "Activity" }).click();
  await heading("Activity");
  await page.getByRole("img", { name: "Texted. No data." }).waitFor();
});

test("activity is drawn per hour and per day", async () => {
  await withCounts();
  await signIn("activity");
  const day = await page.locator("figure", { hasText: "Texted" }).locator("b").innerText();
  assert.equal(await page.locator("figure").first().locator("svg g").count(), 24);
  assert.ok((await page.locator("svg g.incomplete").count()) >= 8, "the last hours are incomplete");
  await picture(page, "console-overview");
  await page.getByText("Last 30 days").click();
  assert.equal(await page.locator("figure").first().locator("svg g").count(), 30);
  const month = await page.locator("figure", { hasText: "Texted" }).locator("b").innerText();
  assert.ok(Number(month.replace(",", "")) > 10 * Number(day.replace(",", "")), `${day} and ${month}`);
  await row("No number left").waitFor();
  assert.match(await row("Deleted").getByRole("cell").nth(1).innerText(), /^\d+$/);
});

test("messages that cause no text are counted by their reason", async () => {
  await withCounts();
  await signIn("activity");
  for (const [reason, why] of [
    ["Unwanted", "PREFERENCE_FIELD"],
    ["Enough for one day", "MAX_TEXTS_PER_DAY"],
  ]) {
    assert.match(await row(reason).getByRole("cell").nth(1).innerText(), /^[1-9]\d*$/, reason);
    await row(reason).getByText(why).waitFor();
  }
});

test("the numbers view gives advice", async () => {
  await withCounts();
  await signIn("numbers");
  await page.getByText("Add 1 number: 4 are enough.").waitFor();
  const fact = (name) => page.locator(".facts div", { hasText: name }).locator("dd").innerText();
  assert.deepEqual([await fact("Your pool"), await fact("Users counted")], ["3", "1,548"]);
  assert.equal(await row("your pool").getByRole("cell").nth(1).innerText(), "40");
  await row("enough for 99 of 100 users").waitFor();
  await page.getByRole("img", { name: /Users by conversations at a time\. 0: 210/ }).waitFor();
  await picture(page, "console-numbers");
});

test("a user's failure is shown and can be retried", async () => {
  world.nexmo.barred = true;
  await world.say(randomUUID(), "ben", "<img src=x onerror=alert(1)>");
  await world.record("ben", (record) => record.failures.length === 1);
  await signIn("users");
  await page.getByLabel("User id").fill("ben");
  await page.keyboard.press("Enter");
  await row("The number is barred").waitFor();
  world.nexmo.barred = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Retry started.").waitFor();
  await world.record("ben", (record) => record.failures.length === 0 && record.notices.waiting === 0);
  await page.getByRole("button", { name: "Refresh" }).click();
  await row("+12025550101").waitFor();
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  await page.getByRole("button", { name: "Wake" }).click();
  await page.getByText("Looked for due work, and at what is held back.").waitFor();
});

test("all failures with the same reason can be retried at once", async () => {
  world.nexmo.barred = true;
  for (const text of ["One", "Two"]) await world.say(randomUUID(), "ben", text);
  await world.record("ben", (record) => record.failures.length === 2);
  await signIn("users/ben");
  world.nexmo.barred = false;
  await page.getByRole("button", { name: "Try all 2 with this reason" }).click();
  await page.getByText("2 retries started.").waitFor();
  await world.record("ben", (record) => record.failures.length === 0 && record.notices.waiting === 0);
});

test("an opt-out is lifted only after confirmation", async () => {
  await world.say(randomUUID(), "cara", "Are you there?");
  const { links } = await world.record("cara", (record) => record.links.some((link) => link.introduced));
  await world.text(links[0].phone, "STOP");
  await world.record("cara", (record) => record.opted_out);
  await signIn("users/cara");
  await page.getByRole("button", { name: "Lift …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Lift …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Lift" }).click();
  await page.getByText("The next message may be texted.").waitFor();
  const texts = world.nexmo.texts.length;
  await world.say(randomUUID(), "cara", "And now?");
  await world.record("cara", (record) => !record.opted_out && record.notices.waiting === 0);
  assert.equal(world.nexmo.texts.length, texts + 1);
});

test("the opt-out of a phone that belongs to no user is lifted by the phone", async () => {
  await world.text("15550102099", "STOP");
  await signIn("users");
  const phone = page.getByLabel("Phone");
  await phone.fill("a phone");
  await phone.press("Enter");
  await page.getByText("That is no phone with its country's code.").waitFor();
  await phone.fill("+1 (555) 010-2099");
  await phone.press("Enter");
  await heading("+15550102099", 2);
  await page.getByText("No user is known at this phone.").waitFor();
  await page.getByRole("button", { name: "Lift its opt-out …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Lift" }).click();
  await page.getByText("The next message may be texted.").waitFor();
  await page.getByText("Wants texts again since").waitFor();
  assert.equal(await page.getByRole("button", { name: "Lift its opt-out …" }).count(), 0);
});

test("users are found by their phone", async () => {
  await world.say(randomUUID(), "ben", "Are you there?");
  const { links } = await world.record("ben", (record) => record.links.some((link) => link.introduced));
  await signIn("users");
  await page.getByLabel("Phone").fill(`+${links[0].phone}`);
  await page.getByRole("button", { name: "Find its users" }).click();
  await row("ben").getByText(`+${links[0].number}`).waitFor();
  await page.getByRole("link", { name: "ben" }).focus();
  await page.keyboard.press("Enter");
  await heading("ben", 2);
  assert.equal(await page.getByLabel("User id").inputValue(), "ben");
});

test("a user is erased only after confirmation", async () => {
  await world.say(randomUUID(), "ben", "Are you there?");
  await world.record("ben", (record) => record.notices.waiting === 0 && record.links.length > 0);
  await signIn("users/ben");
  await row("+12025550101").waitFor();
  await page.getByRole("button", { name: "Erase …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  assert.notEqual((await world.admin("users/ben")).user_id, null);
  await page.getByRole("button", { name: "Erase …" }).click();
  await page.keyboard.press("Escape");
  assert.notEqual((await world.admin("users/ben")).user_id, null);
  await page.getByRole("button", { name: "Erase …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Erase" }).click();
  await page.getByText("Nothing is stored about ben.").waitFor();
  assert.equal((await world.admin("users/ben")).user_id, null);
});

test("a user id may contain any characters", async () => {
  const id = `a/b #?%41 "<b>x</b>`;
  await signIn("users");
  await page.getByLabel("User id").fill(id);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByText(`Nothing is stored about ${id}.`).waitFor();
  assert.equal(await page.locator("main b").count(), 0);
  await page.reload();
  assert.equal(await page.getByLabel("User id").inputValue(), id);
});

test("everything works by keyboard", async () => {
  await open();
  await page.keyboard.type(world.token);
  await page.keyboard.press("Enter");
  await heading("Health and settings");
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), "Health and settings", "the new view has the focus");
  await page.keyboard.press("Shift+Tab"); // to Sign out, before the view
  assert.equal(await focused(), "Sign out");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "Users");
  await page.keyboard.press("Enter");
  await heading("Users");
  for (const part of ["Refresh", ""]) {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), part);
  }
  await page.keyboard.type("nobody");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is stored about nobody.").waitFor();
  await page.goto(`${world.url}/admin#/activity`);
  await page.getByRole("radio", { name: "Last 24 hours" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("figure svg")?.querySelectorAll("g").length === 30);
});

test("every view fits a phone screen, in dark mode too", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await world.say(randomUUID(), "cara", "Are you there?");
  await world.record("cara", (record) => record.notices.waiting === 0);
  await signIn();
  for (const view of ["health", "registration", "activity", "numbers", "users/cara"]) {
    await page.goto(`${world.url}/admin#/${view}`);
    await page.locator("main .card").first().waitFor();
    assert.equal(await overflows(), false, `${view} is wider than the screen`);
    if (view === "activity") await picture(page, "console-phone");
  }
  const [ground, ink] = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color].map((one) =>
      one
        .match(/\d+/g)
        .slice(0, 3)
        .reduce((sum, part) => sum + +part, 0),
    );
  });
  assert.ok(ground < 150 && ink > 600, "light on dark");
});

test("invalid settings are shown, and other views show the same problems", async () => {
  await world.restart({ settings: { DELAY: "soon" } });
  await signIn();
  await page.getByText("Some settings are invalid").waitFor();
  await page
    .locator(".problem", { hasText: "DELAY" })
    .getByText(/Expected: a span of time/)
    .waitFor();
  await page.getByRole("link", { name: "Registration" }).click();
  await heading("Registration");
  await page.locator(".problem", { hasText: "DELAY" }).waitFor();
  await world.restart({ settings: { DELAY: "0" } });
});

test("inline scripts are blocked by the content security policy", async () => {
  await signIn();
  const blocked = await page.evaluate(async () => {
    const broken = new Promise((resolve) =>
      addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), { once: true }),
    );
    const script = document.createElement("script");
    script.textContent = "window.inline = true";
    document.body.append(script);
    return [await broken, window.inline];
  });
  assert.deepEqual(blocked, ["script-src-elem", undefined]);
  forgive("Content Security Policy");
});

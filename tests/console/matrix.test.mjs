// What the console shows with a Matrix homeserver. The Worker's responses are replaced: no homeserver runs here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page, row, signIn, withCounts, world } from "./stage.mjs";

const replace = (path, json) => page.route(`**/admin/${path}`, (route) => route.fulfill({ json }));
const report = (matrix) => ({ ok: matrix.ok, matrix, nexmo: { ok: true, numbers: [] } });
const url = "https://matrix.example.org";

test("registrations say whether the homeserver is reached in both directions", async () => {
  await replace("setup", report({ ok: true, url, duration_ms: 7 }));
  await signIn("registration");
  await page.getByText("Everything is set up.").waitFor();
  await page.getByText(url).waitFor();
  await page.getByText("Requests arrive in both directions; the homeserver's took 7 ms.").waitFor();
  const problem = "the `hs_token` of the registration is not MATRIX_HS_TOKEN: HTTP 502, M_BAD_STATUS";
  await replace("setup", report({ ok: false, url, problem }));
  await page.getByRole("button", { name: "Repair" }).click();
  await page.getByText(problem).waitFor();
});

test("the registration for the homeserver can be seen, and an error is said", async () => {
  await replace("setup", report({ ok: false, url, problem: "the homeserver does not know the service" }));
  await signIn("registration");
  await page.getByRole("button", { name: "Show the registration" }).click();
  // This Worker has another chat.
  await page.getByText("The Worker answered 404.").waitFor();
  const yaml = "id: texts\nas_token: MATRIX_AS_TOKEN\n";
  await page.route("**/admin/matrix/registration.yaml", (route) => route.fulfill({ body: yaml }));
  await page.getByRole("button", { name: "Show the registration" }).click();
  assert.equal(await page.locator("pre:focus").textContent(), yaml);
  await page.getByText("Put the values of MATRIX_AS_TOKEN and MATRIX_HS_TOKEN in their places").waitFor();
});

test("the card of the services names the homeserver", async () => {
  const settings = await world.admin("settings");
  settings.settings.find(({ name }) => name === "CHAT").value = "matrix";
  await replace("settings", settings);
  await signIn("health");
  await row("Matrix homeserver").getByText("unread messages, replies").waitFor();
});

test("outcomes of Matrix are listed once there are any", async () => {
  await withCounts();
  const all = await world.admin("statistics");
  all.hours.at(-4).counts = { encrypted: 3, read_or_muted: 2 };
  await replace("statistics", all);
  await signIn("activity");
  await row("Encrypted").getByText("3", { exact: true }).waitFor();
  await row("Read or muted").getByText("2", { exact: true }).waitFor();
  await row("Too old").waitFor({ state: "detached" });
});

// What the console shows with a Matrix homeserver. The Worker's responses are replaced: no homeserver runs here.
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

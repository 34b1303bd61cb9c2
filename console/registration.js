// The registrations at the chat and at Nexmo, and their repair.
import { request, requestText } from "./api.js";
import { announce, button, card, chip, h, lead, muted, note, table } from "./dom.js";

const LABELS = {
  kept: "in place",
  activated: "activated",
  registered: "registered",
  deleted: "removed",
  elsewhere: "other URL",
  to_register: "missing",
  to_activate: "inactive",
  to_delete: "to be removed",
  updated: "updated",
  to_update: "not set up",
  not_owned: "not in your account",
  failed: "failed",
};

const kindOf = (one) => {
  if (one.problem) return "bad";
  return one.state === "elsewhere" ? "" : "good";
};

const state = (one) => chip(LABELS[one.state] ?? one.state, kindOf(one));

/** The table of registrations, whose first cell is their `name`; nothing if there are none. */
const registrations = (column, all, name) => {
  const rows = all.map((one) => ({ cells: [h("code", {}, name(one)), state(one), one.problem ?? ""] }));
  return rows.length > 0 && table([column, "State", "Remark"], rows);
};

const layer = ({ target_url: target, webhooks, problem }) =>
  card(
    "Layer's webhook",
    h("p", {}, "Target URL: ", h("code", {}, target)),
    problem && h("p", { class: "bad" }, problem),
    registrations("Webhook", webhooks, (one) => one.target_url ?? one.id ?? target),
  );

const TOKENS =
  "Put the values of MATRIX_AS_TOKEN and MATRIX_HS_TOKEN in their places, and name the file in the homeserver's " +
  "app_service_config_files.";

/** Shows the registration of the application service in place of the button that was pressed. */
const showRegistration = async ({ target }) => {
  try {
    const text = h("pre", { tabindex: "0" }, await requestText("matrix/registration.yaml"));
    target.replaceWith(note(TOKENS), text);
    text.focus();
  } catch (error) {
    announce(error.message);
  }
};

const matrix = ({ ok, url, duration_ms: duration, problem }) =>
  card(
    "Matrix homeserver",
    h("p", {}, "Client API: ", h("code", {}, url)),
    problem && h("p", { class: "bad" }, problem),
    ok && h("p", {}, `Requests arrive in both directions; the homeserver's took ${duration} ms.`),
    button("Show the registration", showRegistration),
  );

const chat = (report) => (report.matrix ? matrix(report.matrix) : layer(report.layer));

const nexmo = ({ numbers, problem }) =>
  card(
    "Numbers at Nexmo",
    h("p", {}, "Inbound texts to these numbers must be sent to this Worker."),
    problem && h("p", { class: "bad" }, problem),
    registrations("Number", numbers, (one) => `+${one.number}`),
  );

const summaryOf = (report, repaired) => {
  if (report.ok) return "Everything is set up.";
  return repaired ? "Some problems remain." : "Setup is incomplete.";
};

const summary = (report, text, repair) => {
  const word = report.ok ? chip("ok", "good") : chip("incomplete", "bad");
  return card(
    null,
    h("div", { class: "row" }, lead(word, ` ${text}`), repair),
    muted("The Worker also does this by itself every 15 minutes. Repairing is always safe."),
  );
};

export const registrationView = async () => {
  const body = h("div", { class: "view" });
  const draw = (report, repaired) => {
    const text = summaryOf(report, repaired);
    if (repaired) announce(text);
    body.replaceChildren(summary(report, text, repair), chat(report), nexmo(report.nexmo));
  };
  const onRepair = async () => {
    repair.disabled = true;
    repair.textContent = "Repairing …";
    try {
      draw(await request("setup", { method: "POST", accept: [502] }), true);
    } catch (error) {
      announce(error.message);
    }
    repair.disabled = false;
    repair.textContent = "Repair";
  };
  const repair = button("Repair", onRepair, "main");
  draw(await request("setup"), false);
  return body;
};

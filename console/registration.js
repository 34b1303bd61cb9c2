// The registrations at Layer and Nexmo, and their repair.
import { request } from "./api.js";
import { announce, button, card, chip, h, table } from "./dom.js";

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

const state = (one) =>
  chip(LABELS[one.state] ?? one.state, one.problem ? "bad" : one.state === "elsewhere" ? "" : "good");

const rows = (all, name) => all.map((one) => ({ cells: [name(one), state(one), one.problem ?? ""] }));

const layer = ({ target_url: target, webhooks, problem }) =>
  card(
    "Layer's webhook",
    h("p", {}, "Target URL: ", h("code", {}, target)),
    problem && h("p", { class: "bad" }, problem),
    webhooks.length > 0 &&
      table(
        ["Webhook", "State", "Remark"],
        rows(webhooks, (one) => h("code", {}, one.target_url ?? one.id ?? target)),
      ),
  );

const nexmo = ({ numbers, problem }) =>
  card(
    "Numbers at Nexmo",
    h("p", {}, "Inbound texts to these numbers must be sent to this Worker."),
    problem && h("p", { class: "bad" }, problem),
    numbers.length > 0 &&
      table(
        ["Number", "State", "Remark"],
        rows(numbers, (one) => h("code", {}, `+${one.number}`)),
      ),
  );

export const registrationView = async () => {
  const body = h("div", { class: "view" });
  const repair = button(
    "Repair",
    async () => {
      repair.disabled = true;
      repair.textContent = "Repairing …";
      try {
        draw(await request("setup", { method: "POST", accept: [502] }), true);
      } catch (error) {
        announce(error.message);
      }
      repair.disabled = false;
      repair.textContent = "Repair";
    },
    "main",
  );
  const draw = (report, repaired) => {
    const summary = report.ok ? "Everything is set up." : repaired ? "Some problems remain." : "Setup is incomplete.";
    if (repaired) announce(summary);
    body.replaceChildren(
      card(
        null,
        h(
          "div",
          { class: "row" },
          h("p", { class: "lead" }, chip(report.ok ? "ok" : "incomplete", report.ok ? "good" : "bad"), ` ${summary}`),
          repair,
        ),
        h("p", { class: "muted" }, "The Worker also does this by itself every 15 minutes. Repairing is always safe."),
      ),
      layer(report.layer),
      nexmo(report.nexmo),
    );
  };
  draw(await request("setup"), false);
  return body;
};

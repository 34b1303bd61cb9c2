// Where Layer and Nexmo send what they have for this Worker, and putting it right.
import { ask } from "./api.js";
import { button, card, chip, h, say, table } from "./dom.js";

const WORDS = {
  kept: "in place", activated: "activated", registered: "registered", deleted: "removed", elsewhere: "another address",
  to_register: "missing", to_activate: "inactive", to_delete: "to be removed",
  updated: "put right", to_update: "not here", not_owned: "not yours", failed: "failed",
};

const state = (one) =>
  chip(WORDS[one.state] ?? one.state, one.problem ? "bad" : one.state === "elsewhere" ? "" : "good");

const rows = (all, name) => all.map((one) => ({ cells: [name(one), state(one), one.problem ?? ""] }));

const layer = ({ target_url: target, webhooks, problem }) =>
  card("Layer's webhook",
    h("p", {}, "Events are to go to ", h("code", {}, target), "."),
    problem && h("p", { class: "bad" }, problem),
    webhooks.length > 0 && table(["Webhook", "State", "Remark"], rows(webhooks, (one) => h("code", {}, one.target_url ?? one.id ?? target))));

const nexmo = ({ numbers, problem }) =>
  card("Nexmo's numbers",
    h("p", {}, "Texts to each of them are to come here."),
    problem && h("p", { class: "bad" }, problem),
    numbers.length > 0 && table(["Number", "State", "Remark"], rows(numbers, (one) => h("code", {}, `+${one.number}`))));

export const registration = async () => {
  const body = h("div", { class: "view" });
  const repair = button("Repair", async () => {
    repair.disabled = true;
    repair.textContent = "Repairing …";
    try {
      draw(await ask("setup", { method: "POST", welcome: [502] }), true);
    } catch (error) {
      say(error.message);
    }
    repair.disabled = false;
    repair.textContent = "Repair";
  }, "main");
  const draw = (report, mended) => {
    const words = report.ok ? "All is in place." : mended ? "Not all could be put right." : "Not all is in place.";
    if (mended) say(words);
    body.replaceChildren(
      card(null, h("div", { class: "row" }, h("p", { class: "lead" }, chip(report.ok ? "ok" : "to do", report.ok ? "good" : "bad"), ` ${words}`), repair),
        h("p", { class: "muted" }, "The Worker repairs this by itself every 15 minutes; repairing is always safe.")),
      layer(report.layer), nexmo(report.nexmo));
  };
  draw(await ask("setup"), false);
  return body;
};

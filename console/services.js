// Whether the chat, Nexmo and KV are well, asked now, and what to do about what is not.
import { request } from "./api.js";
import { button, card, chip, h, muted, note, number, table } from "./dom.js";

const KINDS = { well: "good", warning: "warn", failed: "bad" };
const PURPOSES = {
  chat: "unread messages, replies",
  nexmo: "texts",
  kv: "whose phone it is, who sent STOP",
};
const ASKING = "Asking …";

const euros = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

const span = (ms) => (ms < 1000 ? `${number(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

const mark = (state) => chip(state, KINDS[state]);

/** What to do. Setup has a button of its own. */
const advised = (advice) => {
  const toSetup = /run setup/i.test(advice) && [" ", h("a", { href: "#/registration" }, "To the repair button")];
  return h("p", {}, advice, toSetup);
};

const remark = ({ state, credit, problem, advice }) =>
  h(
    "div",
    {},
    credit != null && h("p", {}, `Credit: ${euros.format(credit)}`),
    problem && h("p", { class: KINDS[state] }, sentence(problem)),
    advice && advised(advice),
  );

const rows = (checks, names) =>
  checks.map((check) => ({
    cells: [
      h("div", {}, names[check.service], note(PURPOSES[check.service])),
      mark(check.state),
      h("span", { class: "muted" }, `after ${span(check.duration_ms)}`),
      remark(check),
    ],
  }));

/** The worst state of all, and whose it is. */
const verdict = (checks, names) => {
  const ill = checks.filter((check) => check.state !== "well");
  if (ill.length === 0) return [mark("well"), " All are well."];
  const worst = ill.some((check) => check.state === "failed") ? "failed" : "warning";
  return [mark(worst), ` Not well: ${ill.map((check) => names[check.service]).join(", ")}.`];
};

/** Asks, and shows the answer: in a few words in `lead`, whole in `body`. */
const draw = async (lead, body, names) => {
  lead.replaceChildren(ASKING);
  try {
    const { checks } = await request("health", { accept: [502] });
    lead.replaceChildren(...verdict(checks, names));
    body.replaceChildren(table(["Service", "State", "Answer", "Remark"], rows(checks, names), { class: "services" }));
  } catch (error) {
    const signedOut = error.status === 401;
    lead.replaceChildren(chip("not known", "bad"), signedOut ? " The token is no longer valid." : ` ${error.message}`);
    body.replaceChildren(...(error.status && !signedOut ? [muted("See the Worker's log.")] : []));
    return error;
  }
};

/** The card, which fills itself. With invalid settings the Worker asks nobody, and the card goes away. */
export const servicesCard = (chat) => {
  const names = { chat, nexmo: "Nexmo", kv: "KV" };
  const lead = h("p", { class: "lead", role: "status" });
  const body = h("div", { class: "answer" });
  // Not disabled while it waits: the focus would be lost.
  const ask = async () => {
    if (again.ariaDisabled === "true") return;
    again.ariaDisabled = "true";
    const error = await draw(lead, body, names);
    again.ariaDisabled = "false";
    if (error?.status === 503) all.remove();
  };
  const again = button("Check again", ask);
  const all = card(null, h("div", { class: "row" }, h("h2", {}, "Services"), again), lead, body);
  ask();
  return all;
};

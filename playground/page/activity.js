// The Worker's log, and the webhooks sent to it.

import { command } from "./api.js";
import { clock } from "./clock.js";
import { $, attribute, el, icon, keyed, text } from "./dom.js";
import { EVENTS, about } from "./words.js";

const COPY = "M5.500 5.500V3h7.500v7.500h-2.500M3 5.500h7.500V13H3z";

const logEntry = (state) => (entry) => {
  const [tone, words] = about(entry);
  const title = state.title[entry.fields.conversation_id];
  const where = title ? [el("span", { class: "where" }, ` · ${title}`)] : [];
  return el(
    "li",
    { data: { tone } },
    el("time", {}, clock(entry.at, true)),
    el("div", {}, el("p", {}, words, ...where), el("code", {}, entry.message)),
  );
};

const nothingLogged = (worker) =>
  worker.managed ? "Nothing yet." : "The playground shows the log only of a Worker that it started.";

export const drawActivity = (state) => {
  const newest = state.activity.slice(-80).reverse();
  keyed($("activity"), newest, { key: (entry) => entry.number, make: logEntry(state) });
  text($("activity-none"), newest.length > 0 ? "" : nothingLogged(state.worker));
};

const sender = (webhook) => (webhook.from === "layer" ? "Layer" : "Nexmo");
const event = (webhook) => EVENTS[webhook.kind] ?? webhook.kind;

const outcome = ({ outcome, answer, tries }) => {
  const again = tries > 1 ? `, ${tries} tries` : "";
  if (outcome === "delivered") return ["good", `${answer}${again}`];
  if (outcome === "pending") return ["warn", answer ? `${answer}: retried later${again}` : "on its way"];
  return ["bad", `${answer ?? "not sent"}: given up${again}`];
};

/** Copies a text; returns whether that was allowed. */
const copy = async (words) => {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
};

/** Shows a webhook as a curl command, and copies it. */
const show = async (webhook) => {
  const words = await command(webhook.id);
  const copied = (await copy(words)) ? "Copied. " : "";
  text($("curl-title"), `${sender(webhook)}: ${event(webhook)}`);
  text($("curl-text"), words);
  text(
    $("curl-note"),
    `${copied}It has the original signature. Send it as often as you like: the Worker recognises duplicates.`,
  );
  $("curl").showModal();
};

const webhookEntry = (webhook) => {
  const copyButton = el(
    "button",
    {
      type: "button",
      class: "quiet copy",
      title: "Copy as curl",
      "aria-label": `Copy as curl: ${webhook.from} ${webhook.id}, ${event(webhook)}`,
      on: { click: () => show(webhook) },
    },
    icon(COPY),
    "curl",
  );
  const words = el("p", {}, el("strong", {}, sender(webhook)), ` ${event(webhook)}`);
  return el("li", {}, el("time"), el("div", {}, words, el("code", { class: "answer-code" })), copyButton);
};

const updateWebhook = (node, webhook) => {
  const [tone, words] = outcome(webhook);
  attribute(node, "data-tone", tone);
  text(node.querySelector("time"), webhook.at ? clock(webhook.at, true) : "");
  text(node.querySelector("code"), words);
};

export const drawWebhooks = (state) => {
  const newest = state.webhooks.slice(-60).reverse();
  keyed($("webhooks"), newest, { key: (webhook) => webhook.id, make: webhookEntry, update: updateWebhook });
  $("webhooks-none").hidden = newest.length > 0;
};

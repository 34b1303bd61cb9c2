// The Worker's log, and the webhooks sent to it.

import { command } from "./api.js";
import { $, attribute, clock, el, icon, keyed, text } from "./dom.js";
import { EVENTS, about } from "./words.js";

const COPY = "M5.500 5.500V3h7.500v7.500h-2.500M3 5.500h7.500V13H3z";

export const drawActivity = (state) => {
  const newest = state.activity.slice(-80).reverse();
  keyed(
    $("activity"),
    newest,
    (one) => one.number,
    (one) => {
      const [tone, words] = about(one);
      const title = state.title[one.fields.conversation_id];
      return el(
        "li",
        { data: { tone } },
        el("time", {}, clock(one.at, true)),
        el(
          "div",
          {},
          el("p", {}, words, ...(title ? [el("span", { class: "where" }, ` · ${title}`)] : [])),
          el("code", {}, one.message),
        ),
      );
    },
  );
  text(
    $("activity-none"),
    newest.length > 0
      ? ""
      : state.worker.managed
        ? "Nothing yet."
        : "The playground shows the log only of a Worker that it started.",
  );
};

const outcome = ({ outcome, answer, tries }) => {
  const again = tries > 1 ? `, ${tries} tries` : "";
  if (outcome === "delivered") return ["good", `${answer}${again}`];
  if (outcome === "pending") return ["warn", answer ? `${answer}: retried later${again}` : "on its way"];
  return ["bad", `${answer ?? "not sent"}: given up${again}`];
};

const show = async (one) => {
  const words = await command(one.id);
  text($("curl-title"), `${one.from === "layer" ? "Layer" : "Nexmo"}: ${EVENTS[one.kind] ?? one.kind}`);
  text($("curl-text"), words);
  const copied = await navigator.clipboard?.writeText(words).then(
    () => true,
    () => false,
  );
  text(
    $("curl-note"),
    `${copied ? "Copied. " : ""}It has the original signature. Send it as often as you like: the Worker recognises duplicates.`,
  );
  $("curl").showModal();
};

export const drawWebhooks = (state) => {
  const newest = state.webhooks.slice(-60).reverse();
  keyed(
    $("webhooks"),
    newest,
    (one) => one.id,
    (one) =>
      el(
        "li",
        {},
        el("time"),
        el(
          "div",
          {},
          el("p", {}, el("strong", {}, one.from === "layer" ? "Layer" : "Nexmo"), ` ${EVENTS[one.kind] ?? one.kind}`),
          el("code", { class: "answer-code" }),
        ),
        el(
          "button",
          {
            type: "button",
            class: "quiet copy",
            title: "Copy as curl",
            "aria-label": `Copy as curl: ${one.from} ${one.id}, ${EVENTS[one.kind] ?? one.kind}`,
            on: { click: () => show(one) },
          },
          icon(COPY),
          "curl",
        ),
      ),
    (node, one) => {
      const [tone, words] = outcome(one);
      attribute(node, "data-tone", tone);
      text(node.querySelector("time"), one.at ? clock(one.at, true) : "");
      text(node.querySelector("code"), words);
    },
  );
  $("webhooks-none").hidden = newest.length > 0;
};

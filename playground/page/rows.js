// Rows of a user record that count down.

import { attribute, el, text } from "./dom.js";

/** Waits by key. */
const totals = new Map();

/** The wait in milliseconds when it was first seen: the full length of its bar. */
const total = (key, until) => {
  if (!totals.has(key)) totals.set(key, Math.max(1, until - Date.now()));
  return totals.get(key);
};

/** Makes a row; `children` come before its note. */
export const row =
  (kind, children = () => []) =>
  () =>
    el(
      "li",
      { class: `row ${kind}` },
      el("p", { class: "row-head" }, el("strong"), el("span", { class: "left" })),
      ...children(),
      el("p", { class: "row-note" }),
      el("div", { class: "bar", "aria-hidden": "true" }, el("i")),
    );

/** Fills a row that counts down to `until`; `words` says what is left. */
export const running = (node, { key, until, head, note, words }) => {
  text(node.querySelector("strong"), head);
  text(node.querySelector(".row-note"), note);
  Object.assign(node, { until, whole: total(key, until), say: words });
  tick(node);
};

export const tick = (node) => {
  const left = node.until - Date.now();
  text(node.querySelector(".left"), node.say(left));
  const share = Math.min(1, Math.max(0, left / node.whole));
  node.querySelector("i").style.transform = `scaleX(${share.toFixed(4)})`;
  attribute(node, "data-over", left <= 0);
};

// A user record from the Worker's admin API, with countdowns.

import { $, attribute, clock, el, hide, keyed, number, span, text } from "./dom.js";
import { ENDED, PROBLEMS } from "./words.js";

/** Waits by key. */
const totals = new Map();

/** The wait in milliseconds when it was first seen: the full length of its bar. */
const total = (key, until) => {
  if (!totals.has(key)) totals.set(key, Math.max(1, until - Date.now()));
  return totals.get(key);
};

const row = (kind) => () =>
  el(
    "li",
    { class: `row ${kind}` },
    el("p", { class: "row-head" }, el("strong"), el("span", { class: "left" })),
    el("p", { class: "row-note" }),
    el("div", { class: "bar", "aria-hidden": "true" }, el("i")),
  );

const running = (node, { key, until, head, note, words }) => {
  text(node.querySelector("strong"), head);
  text(node.querySelector(".row-note"), note);
  Object.assign(node, { until, whole: total(key, until), say: words });
  tick(node);
};

const tick = (node) => {
  const left = node.until - Date.now();
  text(node.querySelector(".left"), node.say(left));
  const share = Math.min(1, Math.max(0, left / node.whole));
  node.querySelector("i").style.transform = `scaleX(${share.toFixed(4)})`;
  attribute(node, "data-over", left <= 0);
};

const sayNotice = (notice) => (left) => {
  if (notice.sending) return "texting now …";
  if (notice.behind_another && left <= 0) return "waits behind another";
  if (left <= 0) return "due";
  return notice.tries > 0 ? `again in ${span(left)}` : `texts in ${span(left)}`;
};

const excerpt = (state, id) => {
  const message = state.message[id];
  return message
    ? `“${message.text.length > 60 ? `${message.text.slice(0, 60)} …` : message.text}”`
    : "a deleted message";
};

const drawWaiting = (state, record, name) => {
  const notices = record?.notices.first ?? [];
  keyed(
    $("waiting"),
    notices,
    (one) => one.message_id,
    row("notice"),
    (node, one) => {
      attribute(node, "data-tone", one.tries > 0 ? "warn" : "");
      const sender = state.name[state.message[one.message_id]?.sender] ?? "Someone";
      const tries = one.tries > 0 ? ` · ${one.tries} failed ${one.tries === 1 ? "try" : "tries"}` : "";
      running(node, {
        key: `${one.message_id} ${one.due_at}`,
        until: one.due_at,
        head: excerpt(state, one.message_id),
        note: `${sender} in “${state.title[one.conversation_id] ?? "?"}” · ${one.status}${tries}`,
        words: sayNotice(one),
      });
    },
  );
  const more = (record?.notices.waiting ?? 0) - notices.length;
  text(
    $("waiting-none"),
    more > 0
      ? `and ${more} more`
      : notices.length > 0
        ? ""
        : record
          ? `No unread message for ${name} is waiting.`
          : "Not read from the Worker yet.",
  );
};

const drawLinks = (state, record, name) => {
  const links = record?.links ?? [];
  keyed(
    $("links"),
    links,
    (one) => `${one.number} ${one.conversation_id}`,
    row("link"),
    (node, one) => {
      const title = state.title[one.conversation_id] ?? "a deleted conversation";
      running(node, {
        key: `${one.number} ${one.conversation_id} ${one.expires_at}`,
        until: one.expires_at,
        head: number(one.number),
        note: `linked to “${title}”${one.introduced ? "" : " · not texted yet"}${one.configured ? "" : " · no longer in the pool"}`,
        words: (left) => (left > 0 ? `free in ${span(left)}` : "expired, can be reused"),
      });
    },
  );
  const free = state.numbers.filter((digits) => !links.some((one) => one.number === digits));
  const dropped = record?.dropped_without_number ?? 0;
  text(
    $("links-none"),
    [
      free.length > 0
        ? `Free for ${name}’s next conversation: ${free.map(number).join(", ")}.`
        : `All numbers are taken for ${name}.`,
      dropped > 0 ? `${dropped} dropped for want of a number.` : "",
    ].join(" "),
  );
};

const drawReplies = (state, record) => {
  const replies = record?.replies.first ?? [];
  hide($("replies-part"), replies.length === 0);
  keyed(
    $("replies"),
    replies,
    (one) => one.nexmo_id,
    row("reply"),
    (node, one) => {
      attribute(node, "data-tone", one.tries > 0 ? "warn" : "");
      running(node, {
        key: `${one.nexmo_id} ${one.due_at}`,
        until: one.due_at,
        head: `to “${state.title[one.conversation_id] ?? "?"}”`,
        note: one.tries > 0 ? `${one.tries} failed ${one.tries === 1 ? "try" : "tries"}` : "on its way to Layer",
        words: (left) => (left > 0 ? `again in ${span(left)}` : "posting …"),
      });
    },
  );
};

const plain = () =>
  el(
    "li",
    {},
    el("span", { class: "mark", "aria-hidden": "true" }),
    el("div", {}, el("p", { class: "what" }), el("p", { class: "row-note" })),
    el("time"),
  );

const drawEnded = (state, user) => {
  const last = user.ended.slice(-6).reverse();
  keyed(
    $("ended"),
    last,
    (one) => `${one.message_id} ${one.what} ${one.at}`,
    plain,
    (node, one) => {
      attribute(node, "data-what", one.what);
      const words =
        one.what === "texted"
          ? `texted from ${number(one.number)}${one.parts > 1 ? ` in ${one.parts} parts` : ""}`
          : one.what === "failed"
            ? `given up: ${one.reason}`
            : `no text: ${ENDED[one.reason] ?? one.reason}`;
      text(node.querySelector(".what"), words);
      text(node.querySelector(".row-note"), excerpt(state, one.message_id));
      text(node.querySelector("time"), clock(one.at));
    },
  );
  text($("ended-none"), last.length === 0 ? "Every message ends with a text, or with a reason for none." : "");
};

const drawFailures = (state, record) => {
  const failures = record?.failures ?? [];
  hide($("failures-part"), failures.length === 0);
  keyed(
    $("failures"),
    failures.slice(-4).reverse(),
    (one) => one.id,
    plain,
    (node, one) => {
      attribute(node, "data-what", "failed");
      text(node.querySelector(".what"), one.reason);
      text(node.querySelector(".row-note"), `${one.kind} · “${state.title[one.conversation_id] ?? "?"}”`);
      text(node.querySelector("time"), clock(one.failed_at));
    },
  );
};

export const drawRecord = (state, view) => {
  const user = state.users.find((one) => one.id === view.person);
  if (!user) return;
  const { record, name } = user;
  const away = PROBLEMS[state.worker.phase];
  const stopped = record?.opted_out ? `${name} sent STOP: no texts until START.` : "";
  text($("stopped"), away ?? stopped);
  attribute($("stopped"), "data-tone", away ? "bad" : "warn");
  hide($("stopped"), !away && !stopped);
  attribute($("record"), "data-stale", Boolean(away));
  drawWaiting(state, record, name);
  drawLinks(state, record, name);
  drawReplies(state, record);
  drawEnded(state, user);
  drawFailures(state, record);
};

export const tickRecord = () => {
  for (const node of document.querySelectorAll("#record .row")) tick(node);
};

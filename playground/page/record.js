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
  if (notice.joins_another) return "leaves with the first";
  if (notice.behind_another && left <= 0) return "waits behind another";
  if (left <= 0) return "due";
  return notice.tries > 0 ? `again in ${span(left)}` : `texts in ${span(left)}`;
};

/** The beginning of a message. */
const excerpt = (state, id) => {
  const message = state.message[id];
  if (!message) return "a deleted message";
  return message.text.length > 60 ? `“${message.text.slice(0, 60)} …”` : `“${message.text}”`;
};

const titleOf = (state, { conversation_id: id }) => state.title[id] ?? "?";

const failedTries = (tries) => `${tries} failed ${tries === 1 ? "try" : "tries"}`;

const noMoreNotices = (record, shown, name) => {
  if (!record) return "Not read from the Worker yet.";
  const more = record.notices.waiting - shown;
  if (more > 0) return `and ${more} more`;
  return shown > 0 ? "" : `No unread message for ${name} is waiting.`;
};

const drawWaiting = (state, record, name) => {
  const notices = record?.notices.first ?? [];
  const update = (node, notice) => {
    attribute(node, "data-tone", notice.tries > 0 ? "warn" : "");
    const sender = state.name[state.message[notice.message_id]?.sender] ?? "Someone";
    const tries = notice.tries > 0 ? ` · ${failedTries(notice.tries)}` : "";
    running(node, {
      key: `${notice.message_id} ${notice.due_at}`,
      until: notice.due_at,
      head: excerpt(state, notice.message_id),
      note: `${sender} in “${titleOf(state, notice)}” · ${notice.waits_for ?? notice.status}${tries}`,
      words: sayNotice(notice),
    });
  };
  keyed($("waiting"), notices, { key: (notice) => notice.message_id, make: row("notice"), update });
  text($("waiting-none"), noMoreNotices(record, notices.length, name));
};

const linkNote = (state, link) => {
  const title = state.title[link.conversation_id] ?? "a deleted conversation";
  const untexted = link.introduced ? "" : " · not texted yet";
  const removed = link.configured ? "" : " · no longer in the pool";
  return `linked to “${title}”${untexted}${removed}`;
};

const freeNumbers = (state, record, name) => {
  const taken = new Set((record?.links ?? []).map((link) => link.number));
  const free = state.numbers.filter((digits) => !taken.has(digits));
  if (free.length === 0) return `All numbers are taken for ${name}.`;
  return `Free for ${name}’s next conversation: ${free.map(number).join(", ")}.`;
};

const drawLinks = (state, record, name) => {
  const update = (node, link) =>
    running(node, {
      key: `${link.number} ${link.conversation_id} ${link.expires_at}`,
      until: link.expires_at,
      head: number(link.number),
      note: linkNote(state, link),
      words: (left) => (left > 0 ? `free in ${span(left)}` : "expired, can be reused"),
    });
  const key = (link) => `${link.number} ${link.conversation_id}`;
  keyed($("links"), record?.links ?? [], { key, make: row("link"), update });
  const count = record?.dropped_without_number ?? 0;
  const dropped = count > 0 ? `${count} dropped for want of a number.` : "";
  text($("links-none"), `${freeNumbers(state, record, name)} ${dropped}`);
};

const drawReplies = (state, record) => {
  const replies = record?.replies.first ?? [];
  const update = (node, reply) => {
    attribute(node, "data-tone", reply.tries > 0 ? "warn" : "");
    running(node, {
      key: `${reply.nexmo_id} ${reply.due_at}`,
      until: reply.due_at,
      head: `to “${titleOf(state, reply)}”`,
      note: reply.tries > 0 ? failedTries(reply.tries) : "on its way to Layer",
      words: (left) => (left > 0 ? `again in ${span(left)}` : "posting …"),
    });
  };
  hide($("replies-part"), replies.length === 0);
  keyed($("replies"), replies, { key: (reply) => reply.nexmo_id, make: row("reply"), update });
};

const plain = () =>
  el(
    "li",
    {},
    el("span", { class: "mark", "aria-hidden": "true" }),
    el("div", {}, el("p", { class: "what" }), el("p", { class: "row-note" })),
    el("time"),
  );

const fillPlain = (node, { kind, what, note, at }) => {
  attribute(node, "data-what", kind);
  text(node.querySelector(".what"), what);
  text(node.querySelector(".row-note"), note);
  text(node.querySelector("time"), clock(at));
};

const outcome = (one) => {
  if (one.what === "failed") return `given up: ${one.reason}`;
  if (one.what !== "texted") return `no text: ${ENDED[one.reason] ?? one.reason}`;
  return `texted from ${number(one.number)}${one.parts > 1 ? ` in ${one.parts} parts` : ""}`;
};

const drawEnded = (state, user) => {
  const last = user.ended.slice(-6).reverse();
  const key = (one) => `${one.message_id} ${one.what} ${one.at}`;
  const update = (node, one) =>
    fillPlain(node, { kind: one.what, what: outcome(one), note: excerpt(state, one.message_id), at: one.at });
  keyed($("ended"), last, { key, make: plain, update });
  text($("ended-none"), last.length === 0 ? "Every message ends with a text, or with a reason for none." : "");
};

const drawFailures = (state, record) => {
  const failures = record?.failures ?? [];
  const update = (node, one) => {
    const note = `${one.kind} · “${titleOf(state, one)}”`;
    fillPlain(node, { kind: "failed", what: one.reason, note, at: one.failed_at });
  };
  hide($("failures-part"), failures.length === 0);
  keyed($("failures"), failures.slice(-4).reverse(), { key: (one) => one.id, make: plain, update });
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

// A user record from the Worker's admin API, with countdowns.

import { clock } from "./clock.js";
import { $, attribute, el, hide, keyed, number, span, text } from "./dom.js";
import { row, running, tick } from "./rows.js";
import { drawWaiting } from "./waiting.js";
import { ENDED, PROBLEMS, excerpt, failedTries, titleOf, verdictOf } from "./words.js";

const linkNote = (state, link) => {
  const title = state.title[link.conversation_id] ?? "a deleted conversation";
  const untexted = link.introduced ? "" : " · not texted yet";
  const removed = link.configured ? "" : " · no longer in the pool";
  const last = link.last_verdict ? ` · last text ${verdictOf(link.last_verdict)}` : "";
  return `linked to “${title}”${untexted}${removed}${last}`;
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
  const parts = one.parts > 1 ? ` in ${one.parts} parts` : "";
  const others = one.others > 0 ? ` with ${one.others} ${one.others === 1 ? "other" : "others"}` : "";
  return `texted from ${number(one.number)}${parts}${others}`;
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

/** Why a user gets no texts. */
const forbidden = (record, name) => {
  if (record?.opted_out) return `${name} opted out: no texts until START.`;
  if (record?.unreachable) return `No text reaches ${name}’s phone: none for 30 days, or until one comes from it.`;
  return "";
};

export const drawRecord = (state, view) => {
  const user = state.users.find((one) => one.id === view.person);
  if (!user) return;
  const { record, name } = user;
  const away = PROBLEMS[state.worker.phase];
  const stopped = forbidden(record, name);
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

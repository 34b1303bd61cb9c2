// A user's phone: one thread for each number.

import { act } from "./api.js";
import { clock, clockNow } from "./clock.js";
import { $, attribute, el, hide, keepingTheEnd, keyed, number, text } from "./dom.js";

const LONG = "I am on a train and have time to answer properly. ".repeat(7).trim();

let now = { state: null, view: null, user: null, thread: null };
const counts = {};

const send = (words) =>
  now.thread && act({ act: "reply", phone: now.user.phone, number: now.thread.number, text: words });

$("answer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = $("answer-text");
  const words = input.value;
  input.value = "";
  if (!(await send(words)) && input.value === "") input.value = words;
  $("texts").scrollTop = $("texts").scrollHeight;
});

$("quick").addEventListener("click", (event) => {
  const words = event.target.dataset?.text;
  if (words) send(words === "long" ? LONG : words);
});

/** The open thread. A new text opens its thread, unless a reply is being typed. */
const open = (view, user) => {
  for (const thread of user.threads) {
    const key = `${user.id} ${thread.number}`;
    const received = thread.texts.filter((one) => one.from === "number").length;
    if (received > (counts[key] ?? 0) && !$("answer-text").value) view.thread[user.id] = thread.number;
    counts[key] = received;
  }
  return user.threads.find((one) => one.number === view.thread[user.id]) ?? user.threads[0] ?? null;
};

/** The name of the conversation that a number is linked to in the user record. */
const meaning = (state, user, digits) => {
  const link = user.record?.links?.find((one) => one.number === digits);
  return link && (state.title[link.conversation_id] ?? "a deleted conversation");
};

const drawThreads = (view, user, thread) => {
  const make = (one) => {
    const choose = () => view.choose({ thread: { ...view.thread, [user.id]: one.number } });
    return el("button", { type: "button", on: { click: choose } }, number(one.number));
  };
  const update = (node, one) => attribute(node, "aria-pressed", one === thread);
  keyed($("threads"), user.threads, { key: (one) => `${user.id} ${one.number}`, make, update });
};

const drawTexts = (user, thread) => {
  const list = $("texts");
  const key = `${user.id} ${thread?.number}`;
  const other = list.dataset.thread !== key;
  list.dataset.thread = key;
  const items = (thread?.texts ?? []).map((one, place) => ({ ...one, key: `${key} ${place} ${one.at}` }));
  const make = (one) => {
    const isLost = one.arrived === false;
    const when = isLost ? `${clock(one.at)}, did not arrive` : clock(one.at);
    return el("li", { class: `${one.from} ${isLost ? "lost" : ""}` }, el("p", {}, one.text), el("time", {}, when));
  };
  keepingTheEnd(list, () => keyed(list, items, { key: (one) => one.key, make }));
  if (other) list.scrollTop = list.scrollHeight;
  attribute(list, "data-empty", items.length === 0 ? "No texts" : "");
};

const caption = (state, user, thread) => {
  if (!thread) return `Texts to ${user.name} arrive here.`;
  const title = meaning(state, user, thread.number);
  if (!title)
    return `${number(thread.number)} is no longer linked to a conversation. A text to it comes again for two minutes, then it is answered.`;
  return `On ${user.name}’s phone, ${number(thread.number)} is linked to “${title}”. Replies go there.`;
};

export const drawPhone = (state, view) => {
  const user = state.users.find((one) => one.id === view.person);
  if (!user) return;
  const thread = open(view, user);
  now = { state, view, user, thread };
  text($("phone-title"), `${user.name}’s phone`);
  text($("owner"), thread ? "Messages" : `${user.name}’s phone, ${number(user.phone)}`);
  drawThreads(view, user, thread);
  drawTexts(user, thread);
  const words = thread ? "Text message" : "No text to reply to yet";
  attribute($("answer-text"), "placeholder", words);
  attribute($("answer-text"), "aria-label", thread ? `Reply from ${user.name}’s phone` : words);
  for (const control of $("answer").elements) control.disabled = !thread;
  for (const button of $("quick").querySelectorAll("button")) button.disabled = !thread;
  text($("caption"), caption(state, user, thread));
  hide($("quick"), !thread);
};

export const tickPhone = () => text($("clock"), clockNow());

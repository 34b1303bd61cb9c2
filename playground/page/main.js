// Draws the page from the server's state and the view.

import { follow } from "./api.js";
import { $, attribute, el, hide, keyed, text } from "./dom.js";
import { drawActivity, drawWebhooks } from "./activity.js";
import { drawChat } from "./chat.js";
import { useOffsets } from "./clock.js";
import { drawPhone, tickPhone } from "./phone.js";
import { drawRecord, tickRecord } from "./record.js";
import { drawSettings, tickSettings } from "./settings.js";
import { drawSwitches } from "./switches.js";
import { drawTour } from "./tour.js";
import { PHASES } from "./words.js";

/** The selected user, conversation, sender and threads. Modules change it with `choose`. */
const view = { person: "bob", conversation: null, writer: "alice", thread: {}, choose };
let state = null;

function choose(changes) {
  Object.assign(view, changes);
  if (state) draw();
}

const colour = (state, id) => state.users.findIndex((user) => user.id === id) % 6;

/** Adds look-up tables to the state. */
const enrich = (state) => {
  state.name = Object.fromEntries(state.users.map((user) => [user.id, user.name]));
  state.title = Object.fromEntries(state.conversations.map((one) => [one.id, one.name]));
  state.message = Object.fromEntries(
    state.conversations.flatMap((one) => one.messages.map((message) => [message.id, message])),
  );
  state.avatar = (id) =>
    el("span", { class: `avatar tone-${colour(state, id)}`, "aria-hidden": "true" }, state.name[id]?.[0] ?? "?");
  return state;
};

/** Replaces a selection that no longer exists. */
const settle = () => {
  const open = state.conversations;
  if (!open.some((one) => one.id === view.conversation)) view.conversation = open[0]?.id ?? null;
  const people = open.find((one) => one.id === view.conversation)?.participants ?? [];
  if (!people.includes(view.writer)) view.writer = people[0] ?? null;
};

/** How many texts of each user's phone have been shown. */
const seen = {};

const personButton = (user) => {
  const parts = [state.avatar(user.id), el("span", {}, user.name), el("span", { class: "badge" })];
  return el("button", { type: "button", on: { click: () => choose({ person: user.id }) } }, ...parts);
};

const drawPersons = () => {
  const count = (user) =>
    user.threads.flatMap((one) => one.texts).filter((one) => one.from === "number" && one.arrived).length;
  for (const user of state.users) if (user.id === view.person) seen[user.id] = count(user);
  const update = (node, user) => {
    attribute(node, "aria-pressed", user.id === view.person);
    const fresh = count(user) - (seen[user.id] ?? 0);
    const badge = node.querySelector(".badge");
    text(badge, fresh > 0 ? String(fresh) : "");
    attribute(badge, "aria-label", fresh > 0 ? `${fresh} new texts` : "");
    hide(badge, fresh <= 0);
  };
  keyed($("persons"), state.users, { key: (user) => user.id, make: personButton, update });
};

const drawPill = () => {
  const { phase, managed, connected } = state.worker;
  const known = PHASES[phase === "ready" && !connected ? "unconnected" : phase];
  attribute($("pill"), "data-tone", known.tone);
  text($("pill").querySelector(".words"), managed || phase !== "elsewhere" ? known.words : "No Worker responds");
};

const draw = () => {
  useOffsets(state.worker.clock);
  settle();
  drawPill();
  drawChat(state, view);
  drawPersons();
  drawRecord(state, view);
  drawPhone(state, view);
  drawSettings(state);
  drawSwitches(state, view);
  drawActivity(state);
  drawWebhooks(state);
  drawTour(state, view);
};

follow(
  (fresh) => {
    state = enrich(fresh);
    draw();
  },
  () => {
    attribute($("pill"), "data-tone", "bad");
    text($("pill").querySelector(".words"), "The playground has ended");
  },
);

setInterval(
  () => {
    if (!state) return;
    tickRecord(state, view);
    tickPhone();
    tickSettings();
  },
  matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 100,
);

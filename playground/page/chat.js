// The chat: conversations, participants and messages.

import { act } from "./api.js";
import { clock } from "./clock.js";
import { $, attribute, el, hide, icon, keepingTheEnd, keyed, text } from "./dom.js";
import { drawCreate, openCreate } from "./create.js";
import { photo } from "./photo.js";
import { said } from "./words.js";

const TRASH = "M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.6 8.500h5.800l.6-8.500";
const PHONE = "M5 1.800h6v12.400H5zM7.300 12.300h1.400";
const STATES = { sent: "sent", delivered: "delivered", read: "read" };

let now = { state: null, view: null };

const conversation = () => now.state.conversations.find((one) => one.id === now.view.conversation);
const unread = (one, user) =>
  one.messages.filter((message) => user in message.status && message.status[user] !== "read").length;

/** Sends what is typed, or a photo with it. */
const write = async (photo) => {
  const input = $("compose-text");
  const words = input.value;
  input.value = "";
  const { conversation, writer: user } = now.view;
  const done = await act({ act: "write", conversation, user, text: words, photo });
  if (!done && input.value === "") input.value = words;
  $("messages").scrollTop = $("messages").scrollHeight;
};

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  write(false);
});
$("photo").addEventListener("click", () => write(true));

const NEW = { id: "new" };

const conversationButton = (state, view) => (one) => {
  if (one === NEW)
    return el("button", { type: "button", class: "new", on: { click: () => openCreate(state) } }, "New …");
  const choose = () => view.choose({ conversation: one.id });
  const parts = [el("span", { class: "name" }), el("span", { class: "badge" })];
  return el("button", { type: "button", on: { click: choose } }, ...parts);
};

const updateConversation = (state, view) => (node, one) => {
  if (one === NEW) return;
  const count = view.writer in state.name ? unread(one, view.writer) : 0;
  text(node.querySelector(".name"), one.name ?? "Untitled");
  attribute(node, "aria-pressed", one.id === view.conversation);
  const badge = node.querySelector(".badge");
  text(badge, String(count));
  attribute(badge, "aria-label", `${count} unread for ${state.name[view.writer]}`);
  hide(badge, count === 0);
};

const drawConversations = (state, view) =>
  keyed($("conversations"), [...state.conversations, NEW], {
    key: (one) => one.id,
    make: conversationButton(state, view),
    update: updateConversation(state, view),
  });

/** What the selected user does in the conversation. */
const inConversation = (what) => () => act({ act: what, conversation: now.view.conversation, user: now.view.writer });

// The first character keeps these keys from being a user's id.
const LABEL = { id: " label" };
const READ = { id: " read" };
const LEAVE = { id: " leave" };

const whoItem = (state, view) => (item) => {
  if (item === LABEL) return el("span", { class: "label" }, "You are");
  if (item === READ) {
    return el("button", { type: "button", class: "quiet push", on: { click: inConversation("read") } }, "Mark read");
  }
  if (item === LEAVE) {
    return el("button", { type: "button", class: "quiet", on: { click: inConversation("leave") } }, "Leave");
  }
  const choose = () => view.choose({ writer: item.id });
  const name = el("span", {}, state.name[item.id] ?? item.id);
  return el("button", { type: "button", class: "person", on: { click: choose } }, state.avatar(item.id), name);
};

const drawWho = (state, view, one) => {
  const people = one?.participants ?? [];
  const update = (node, item) => {
    if (item === READ) node.disabled = !one || unread(one, view.writer) === 0;
    else if (item === LEAVE) node.disabled = people.length === 0;
    else if (item !== LABEL) attribute(node, "aria-pressed", item.id === view.writer);
  };
  keyed($("who"), [LABEL, ...people.map((id) => ({ id })), READ, LEAVE], {
    key: (item) => item.id,
    make: whoItem(state, view),
    update,
  });
};

const deleteButton = (message) =>
  el(
    "button",
    {
      type: "button",
      class: "delete",
      title: "Delete for everyone",
      "aria-label": `Delete ${said(message, 40)}`,
      on: { click: () => act({ act: "delete", message: message.id }) },
    },
    icon(TRASH),
  );

/** A message's words, and the picture of its photo. */
const words = (message) =>
  [message.text && el("p", { class: "words" }, message.text), message.photo && photo()].filter(Boolean);

const messageItem = (state) => (message) => {
  const byText = message.by_text ? [el("span", { class: "by-text" }, icon(PHONE), "by text")] : [];
  const from = [state.name[message.sender] ?? "Bot", ...byText, el("time", {}, clock(message.at))];
  const bubble = el(
    "div",
    { class: "bubble" },
    el("p", { class: "from" }, ...from),
    ...words(message),
    el("ul", { class: "status" }),
  );
  return el("li", { class: "message" }, state.avatar(message.sender), bubble, deleteButton(message));
};

const updateMessage = (state, view) => (node, message) => {
  attribute(node, "data-mine", message.sender === view.writer);
  const others = Object.entries(message.status).filter(([id]) => id !== message.sender);
  keyed(node.querySelector(".status"), others, {
    key: ([id]) => id,
    make: () => el("li"),
    update: (chip, [id, status]) => {
      attribute(chip, "data-status", status);
      text(chip, `${state.name[id] ?? id}: ${STATES[status] ?? status}`);
    },
  });
};

const drawMessages = (state, view, one) => {
  const list = $("messages");
  const id = one?.id ?? "";
  const isOther = list.dataset.conversation !== id;
  list.dataset.conversation = id;
  keepingTheEnd(list, () =>
    keyed(list, one?.messages ?? [], {
      key: (message) => message.id,
      make: messageItem(state),
      update: updateMessage(state, view),
    }),
  );
  if (isOther) list.scrollTop = list.scrollHeight;
  const isEmpty = one && one.messages.length === 0;
  attribute(list, "data-empty", isEmpty ? "No messages yet. Write one, and leave it unread." : "");
};

export const drawChat = (state, view) => {
  now = { state, view };
  const one = conversation();
  drawConversations(state, view);
  drawCreate(state, view);
  drawWho(state, view, one);
  drawMessages(state, view, one);
  const words = one && view.writer ? `Write as ${state.name[view.writer]}` : "Nobody is here";
  attribute($("compose-text"), "placeholder", words);
  attribute($("compose-text"), "aria-label", words);
  for (const control of $("compose").elements) control.disabled = !one || !view.writer;
};

// The chat: conversations, participants and messages.

import { act } from "./api.js";
import { $, attribute, clock, el, hide, icon, keepingTheEnd, keyed, text } from "./dom.js";
import { drawCreate, openCreate } from "./create.js";

const TRASH = "M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.6 8.500h5.800l.6-8.500";
const PHONE = "M5 1.800h6v12.400H5zM7.300 12.300h1.400";
const STATES = { sent: "sent", delivered: "delivered", read: "read" };

let now = { state: null, view: null };

const conversation = () => now.state.conversations.find((one) => one.id === now.view.conversation);
const unread = (one, user) =>
  one.messages.filter((message) => user in message.status && message.status[user] !== "read").length;

$("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = $("compose-text");
  const words = input.value;
  input.value = "";
  const done = await act({ act: "write", conversation: now.view.conversation, user: now.view.writer, text: words });
  if (!done && input.value === "") input.value = words;
  $("messages").scrollTop = $("messages").scrollHeight;
});

const drawConversations = (state, view) => {
  const items = [...state.conversations, { id: "new" }];
  keyed(
    $("conversations"),
    items,
    (one) => one.id,
    (one) =>
      one.id === "new"
        ? el("button", { type: "button", class: "new", on: { click: () => openCreate(state) } }, "New …")
        : el(
            "button",
            { type: "button", on: { click: () => view.choose({ conversation: one.id }) } },
            el("span", { class: "name" }),
            el("span", { class: "badge" }),
          ),
    (node, one) => {
      if (one.id === "new") return;
      const count = view.writer in state.name ? unread(one, view.writer) : 0;
      text(node.querySelector(".name"), one.name ?? "Untitled");
      attribute(node, "aria-pressed", one.id === view.conversation);
      const badge = node.querySelector(".badge");
      text(badge, String(count));
      attribute(badge, "aria-label", `${count} unread for ${state.name[view.writer]}`);
      hide(badge, count === 0);
    },
  );
};

const drawWho = (state, view, one) => {
  const people = one?.participants ?? [];
  const items = [{ id: " label" }, ...people.map((id) => ({ id })), { id: " read" }, { id: " leave" }];
  const make = ({ id }) => {
    if (id === " label") return el("span", { class: "label" }, "You are");
    if (id === " read") {
      const read = () => act({ act: "read", conversation: now.view.conversation, user: now.view.writer });
      return el("button", { type: "button", class: "quiet push", on: { click: read } }, "Mark read");
    }
    if (id === " leave") {
      const leave = () => act({ act: "leave", conversation: now.view.conversation, user: now.view.writer });
      return el("button", { type: "button", class: "quiet", on: { click: leave } }, "Leave");
    }
    return el(
      "button",
      { type: "button", class: "person", on: { click: () => view.choose({ writer: id }) } },
      state.avatar(id),
      el("span", {}, state.name[id] ?? id),
    );
  };
  keyed(
    $("who"),
    items,
    (item) => item.id,
    make,
    (node, { id }) => {
      if (!id.startsWith(" ")) attribute(node, "aria-pressed", id === view.writer);
      if (id === " read") node.disabled = !one || unread(one, view.writer) === 0;
      if (id === " leave") node.disabled = people.length === 0;
    },
  );
};

const drawMessages = (state, view, one) => {
  const list = $("messages");
  const other = list.dataset.conversation !== (one?.id ?? "");
  list.dataset.conversation = one?.id ?? "";
  const make = (message) =>
    el(
      "li",
      { class: "message" },
      state.avatar(message.sender),
      el(
        "div",
        { class: "bubble" },
        el(
          "p",
          { class: "from" },
          state.name[message.sender] ?? "Bot",
          ...(message.by_text ? [el("span", { class: "by-text" }, icon(PHONE), "by text")] : []),
          el("time", {}, clock(message.at)),
        ),
        el("p", { class: "words" }, message.text),
        el("ul", { class: "status" }),
      ),
      el(
        "button",
        {
          type: "button",
          class: "delete",
          title: "Delete for everyone",
          "aria-label": `Delete “${message.text.slice(0, 40)}”`,
          on: { click: () => act({ act: "delete", message: message.id }) },
        },
        icon(TRASH),
      ),
    );
  keepingTheEnd(list, () =>
    keyed(
      list,
      one?.messages ?? [],
      (message) => message.id,
      make,
      (node, message) => {
        attribute(node, "data-mine", message.sender === view.writer);
        const others = Object.entries(message.status).filter(([id]) => id !== message.sender);
        keyed(
          node.querySelector(".status"),
          others,
          ([id]) => id,
          () => el("li"),
          (chip, [id, status]) => {
            attribute(chip, "data-status", status);
            text(chip, `${state.name[id] ?? id}: ${STATES[status] ?? status}`);
          },
        );
      },
    ),
  );
  if (other) list.scrollTop = list.scrollHeight;
  attribute(
    list,
    "data-empty",
    one && one.messages.length === 0 ? "No messages yet. Write one, and leave it unread." : "",
  );
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

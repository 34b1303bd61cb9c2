// The form for a new conversation.

import { act } from "./api.js";
import { $, el, hide, keyed } from "./dom.js";

const form = $("create");
let before = null;
let awaited = null;

const name = el("input", {
  name: "name",
  placeholder: "Name",
  "aria-label": "Name of the conversation",
  autocomplete: "off",
  maxLength: 40,
});
const people = el("div", { class: "checks", role: "group", "aria-label": "Participants" });
const cancel = el("button", { type: "button", class: "quiet", on: { click: () => close() } }, "Cancel");
form.append(name, people, el("button", { class: "primary" }, "Create"), cancel);

const close = () => {
  hide(form, true);
  before?.focus();
};

export const openCreate = () => {
  before = document.activeElement;
  hide(form, false);
  name.focus();
};

form.addEventListener("keydown", (event) => event.key === "Escape" && close());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = [...people.querySelectorAll("input:checked")].map((box) => box.value);
  awaited = name.value.trim() || "Untitled";
  if (!(await act({ act: "create", name: name.value, people: chosen }))) {
    awaited = null;
    return;
  }
  name.value = "";
  close();
});

export const drawCreate = (state, view) => {
  const choice = (user) => {
    const box = el("input", { type: "checkbox", value: user.id, checked: user.id !== "carol" });
    return el("label", {}, box, user.name);
  };
  keyed(people, state.users, { key: (user) => user.id, make: choice });
  const last = state.conversations.at(-1);
  if (awaited && last?.name === awaited) {
    awaited = null;
    queueMicrotask(() => view.choose({ conversation: last.id }));
  }
};

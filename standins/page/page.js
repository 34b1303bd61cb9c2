"use strict";

// The page draws the lists anew when the state changed, and never touches the forms: what someone is
// typing stays.

const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

const act = async (body) => {
  const answer = await fetch("/api/act", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    status((await answer.json().catch(() => ({}))).error || `refused (${answer.status})`, true);
  }
  await refresh();
};

const status = (text, bad = false) => {
  const line = document.getElementById("status");
  line.textContent = text;
  line.className = bad ? "bad" : "";
};

const box = (label, submit) => {
  const input = el("input", { placeholder: label, ariaLabel: label, required: true, autocomplete: "off" });
  const form = el("form", {}, input, el("button", { textContent: "Send" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value;
    input.value = "";
    submit(text);
  });
  return form;
};

const names = {};
const lists = new Map();

const fill = (key, items) => {
  const list = lists.get(key);
  const stamp = JSON.stringify(items.map((item) => [item.textContent, item.className]));
  if (list.dataset.stamp === stamp) return;
  list.dataset.stamp = stamp;
  list.replaceChildren(...items);
  list.scrollTop = list.scrollHeight;
};

const drawConversation = (conversation) => {
  if (!lists.has(conversation.id)) {
    const list = el("ol");
    lists.set(conversation.id, list);
    const who = el("select", { ariaLabel: "Write as" });
    who.append(...conversation.participants.map((id) => el("option", { value: id, textContent: names[id] })));
    const form = box("Write", (text) => act({ act: "write", conversation: conversation.id, user: who.value, text }));
    form.prepend(who);
    const read = el("button", { type: "button", textContent: "Mark read" });
    read.addEventListener("click", () => act({ act: "read", conversation: conversation.id, user: who.value }));
    form.append(read);
    const title = `${conversation.name} (${conversation.participants.map((id) => names[id]).join(", ")})`;
    document.getElementById("conversations").append(el("article", {}, el("h3", { textContent: title }), list, form));
  }
  fill(conversation.id, conversation.messages.map((message) => {
    const states = Object.entries(message.status)
      .filter(([id]) => id !== message.sender)
      .map(([id, state]) => `${names[id]}: ${state}`);
    const note = [message.by_text ? "by text" : null, ...states].filter(Boolean).join(" · ");
    return el("li", {}, `${names[message.sender] ?? "Bot"}: ${message.text}`, el("small", { textContent: note }));
  }));
};

const drawPhone = (user) => {
  const key = `phone ${user.phone}`;
  if (!lists.has(key)) {
    lists.set(key, el("div"));
    const title = el("h3", { textContent: `${user.name}, ${user.phone}` });
    document.getElementById("phones").append(el("article", {}, title, lists.get(key)));
  }
  for (const thread of user.threads.filter((one) => one.texts.length > 0)) {
    const threadKey = `${key} ${thread.number}`;
    if (!lists.has(threadKey)) {
      const list = el("ol");
      lists.set(threadKey, list);
      const reply = (text) => act({ act: "reply", phone: user.phone, number: thread.number, text });
      lists.get(key).append(el("h4", { textContent: `from ${thread.number}` }), list, box("Reply", reply));
    }
    fill(threadKey, thread.texts.map((text) => el("li", { className: text.from, textContent: text.text })));
  }
};

const draw = (state) => {
  for (const user of state.users) names[user.id] = user.name;
  state.conversations.forEach(drawConversation);
  state.users.forEach(drawPhone);
  const active = state.webhooks.filter((hook) => hook.active).length;
  status(active > 0 ? "The Worker is connected." : "The Worker is not connected yet: no active webhook.", active === 0);
};

const refresh = async () => {
  try {
    draw(await (await fetch("/api/state")).json());
  } catch {
    status("The demonstration has ended.", true);
  }
};

refresh();
setInterval(refresh, 700);

// Elements from plain values. Text is always a text node: nothing that the Worker says is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

const build = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child != null && child !== false));
  return element;
};

export const h = (name, attributes, ...children) => build(document.createElement(name), attributes, children);
export const svg = (name, attributes, ...children) => build(document.createElementNS(SVG, name), attributes, children);

export const button = (text, onclick, kind = "") => h("button", { type: "button", class: kind, onclick }, text);
export const chip = (text, kind = "") => h("span", { class: `chip ${kind}` }, text);
export const card = (title, ...children) => h("section", { class: "card" }, title && h("h2", {}, title), ...children);

/** A table whose cells carry their column's name, for narrow screens. */
export const table = (columns, rows, attributes = {}) =>
  h("table", attributes,
    h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))),
    h("tbody", {}, rows.map(({ cells, kind }) =>
      h("tr", { class: kind }, cells.map((cell, at) => h("td", { "data-column": columns[at] }, cell))))));

export const facts = (pairs) =>
  h("dl", { class: "facts" }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
export const moment = (at) => h("time", { datetime: new Date(at).toISOString() }, MOMENT.format(at));
export const number = (value) => value.toLocaleString("en");
export const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

/** Tells screen readers, and shows for a while, what was done. */
export const say = (words) => {
  const said = document.getElementById("said");
  said.textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { said.textContent = ""; }, 6000);
};

/** Asks before something that cannot be undone. */
export const confirmed = (question, detail, word) =>
  new Promise((answer) => {
    const end = (value) => () => dialog.close(value);
    const dialog = h("dialog", { "aria-labelledby": "question" },
      h("h2", { id: "question" }, question), h("p", {}, detail),
      h("div", { class: "row end" }, button("Cancel", end("")), button(word, end("yes"), "danger")));
    dialog.addEventListener("close", () => { dialog.remove(); answer(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });

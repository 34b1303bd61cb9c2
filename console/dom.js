// Builds elements. Text always becomes a text node, so nothing from the Worker is parsed as HTML.

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

/** Paragraphs: the most important one of a card, a less important one, and a remark in small letters. */
export const lead = (...children) => h("p", { class: "lead" }, children);
export const muted = (...children) => h("p", { class: "muted" }, children);
export const note = (...children) => h("p", { class: "muted small" }, children);

/** A table whose cells also carry the name of their column, for narrow screens. */
export const table = (columns, rows, attributes = {}) => {
  const heads = columns.map((column) => h("th", { scope: "col" }, column));
  const cell = (content, at) => h("td", { "data-column": columns[at] }, content);
  const lines = rows.map(({ cells, kind }) => h("tr", { class: kind }, cells.map(cell)));
  return h("table", attributes, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, lines));
};

export const factList = (pairs) => {
  const facts = pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  return h("dl", { class: "facts" }, facts);
};

/** Those of the texts that are not false, separated by commas. */
export const joined = (...texts) => texts.filter(Boolean).join(", ");

const TIME_FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
export const time = (at) => h("time", { datetime: new Date(at).toISOString() }, TIME_FORMAT.format(at));
export const number = (value) => value.toLocaleString("en");
export const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

/** Shows a message for six seconds and announces it to screen readers. */
export const announce = (text) => {
  const status = document.getElementById("said");
  status.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => {
    status.textContent = "";
  }, 6000);
};

/** Asks for confirmation; resolves to true if the action is confirmed. */
export const confirmAction = (question, detail, action) =>
  new Promise((resolve) => {
    const closing = (value) => () => dialog.close(value);
    const buttons = [button("Cancel", closing("")), button(action, closing("yes"), "danger")];
    const dialog = h(
      "dialog",
      { "aria-labelledby": "question" },
      h("h2", { id: "question" }, question),
      h("p", {}, detail),
      h("div", { class: "row end" }, buttons),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });

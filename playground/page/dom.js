// Drawing without flicker: creates nodes once, and changes only what differs.

export const $ = (id) => document.getElementById(id);

/**
 * Creates an element. Props are properties; `class`, `data`, `on`, `role` and names with a dash are attributes and
 * listeners.
 */
export const el = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
};

const SVG = "http://www.w3.org/2000/svg";

/** Creates an SVG icon from a path on a 16 × 16 grid. */
export const icon = (path) => {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
};

export const text = (node, words) => {
  if (node.textContent !== words) node.textContent = words;
};

export const attribute = (node, name, value) => {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
};

export const hide = (node, hidden) => {
  if (node.hidden !== hidden) node.hidden = hidden;
};

/**
 * Makes the children of `list` match `items`: `key(item)` tells them apart, `make(item)` creates a node, and
 * `update(node, item)` changes it at each call. Returns whether a node was added.
 */
export const keyed = (list, items, { key, make, update = () => {} }) => {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let before = list.firstElementChild;
  let added = false;
  for (const item of items) {
    const name = String(key(item));
    let node = old.get(name);
    old.delete(name);
    if (!node) {
      node = make(item);
      node.dataset.key = name;
      added = true;
    }
    update(node, item);
    if (node === before) before = before.nextElementSibling;
    else list.insertBefore(node, before);
  }
  for (const node of old.values()) node.remove();
  return added;
};

/** Runs `draw`, which returns whether it added to the list. A list that was scrolled to its end stays there. */
export const keepingTheEnd = (list, draw) => {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  if (draw() && atEnd) list.scrollTop = list.scrollHeight;
};

/** A duration in milliseconds: 3200 → "3.2 s", up to days. */
export const span = (ms) => {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} h ${Math.round((seconds % 3600) / 60)} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
};

/** Formats a phone or number: 12025550101 → "+1 202 555 0101". */
export const number = (digits) => {
  const parts = digits.match(/^1(\d{3})(\d{3})(\d{4})$/);
  if (parts) return `+1 ${parts[1]} ${parts[2]} ${parts[3]}`;
  return `+${digits.replace(/^(\d{2})(\d{4})/, "$1 $2 ")}`;
};

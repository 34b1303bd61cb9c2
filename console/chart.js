// Small bar charts as inline SVG. The values are repeated in the chart's label and in each bar's title.
import { h, number, svg } from "./dom.js";

const HEIGHT = 96;
const FOOT = 14;

const kindOf = (at, incomplete, mark) => {
  if (at >= incomplete) return "incomplete";
  if (at === mark) return "mark";
  return at > mark ? "over" : "";
};

/** A bar over the whole height of its column, which begins at `left`. `most` is the value of a full bar. */
const column = ({ value, label }, kind, left, step, most) => {
  const width = Math.max(1, step * 0.72);
  const height = value ? Math.max(2, (value / most) * (HEIGHT - 12)) : 0;
  const bar = { x: left + (step - width) / 2, y: HEIGHT - height, width, height, rx: Math.min(2, width / 3) };
  return svg(
    "g",
    { class: kind },
    svg("rect", { class: "ground", x: left, y: 0, width: step, height: HEIGHT }),
    svg("rect", { class: "bar", ...bar }),
    svg("title", {}, `${label}: ${number(value)}`),
  );
};

const anchor = (at, count) => {
  if (at === 0) return "start";
  return at === count - 1 ? "end" : "middle";
};

const describe = (title, all) => {
  const values = all.filter((bar) => bar.value).map((bar) => `${bar.label}: ${bar.value}`);
  return `${title}. ${values.join(", ") || "No data."}`;
};

/**
 * `all` is [{ value, label }]. Bars from index `incomplete` on are pale. The bar at index `mark` is highlighted, and
 * those after it are shown as bad. `ticks` lists the indices whose label is printed below the bar.
 */
export const barChart = (title, all, options = {}) => {
  const { kind = "", incomplete = all.length, mark = Infinity, ticks = [], width = 400 } = options;
  const most = Math.max(1, ...all.map((bar) => bar.value));
  const step = width / all.length;
  const draw = (bar, at) => column(bar, kindOf(at, incomplete, mark), at * step, step, most);
  const tick = (at) => {
    const x = Math.min(width - 2, Math.max(2, (at + 0.5) * step));
    return svg("text", { x, y: HEIGHT + FOOT - 2, "text-anchor": anchor(at, all.length) }, all[at].label);
  };
  const viewBox = `0 0 ${width} ${HEIGHT + FOOT}`;
  return svg(
    "svg",
    { viewBox, class: `chart ${kind}`, role: "img", "aria-label": describe(title, all) },
    svg("line", { x1: 0, x2: width, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
    all.map(draw),
    ticks.map(tick),
    incomplete < all.length && svg("text", { x: width - 4, y: 10, "text-anchor": "end" }, "incomplete"),
    svg("text", { x: 2, y: 10 }, number(most)),
  );
};

export const figure = (title, total, chart) =>
  h("figure", { class: "card" }, h("figcaption", {}, title, h("b", {}, total)), chart);

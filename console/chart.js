// Small bar charts as inline SVG. The values are repeated in the chart's label and in each bar's title.
import { h, number, svg } from "./dom.js";

const HEIGHT = 96;
const FOOT = 14;

/**
 * `all` is [{ value, label }]. Bars from index `incomplete` on are pale. The bar at index `mark` is highlighted, and
 * those after it are shown as bad. `ticks` lists the indices whose label is printed below the bar.
 */
export const barChart = (
  title,
  all,
  { kind = "", incomplete = all.length, mark = Infinity, ticks = [], width: whole = 400 } = {},
) => {
  const most = Math.max(1, ...all.map((bar) => bar.value));
  const step = whole / all.length;
  const width = Math.max(1, step * 0.72);
  const rect = ({ value, label }, at) => {
    const height = value ? Math.max(2, (value / most) * (HEIGHT - 12)) : 0;
    return svg(
      "g",
      { class: at >= incomplete ? "incomplete" : at === mark ? "mark" : at > mark ? "over" : "" },
      svg("rect", { class: "ground", x: at * step, y: 0, width: step, height: HEIGHT }),
      svg("rect", {
        class: "bar",
        x: at * step + (step - width) / 2,
        y: HEIGHT - height,
        width,
        height,
        rx: Math.min(2, width / 3),
      }),
      svg("title", {}, `${label}: ${number(value)}`),
    );
  };
  const tick = (at) =>
    svg(
      "text",
      {
        x: Math.min(whole - 2, Math.max(2, (at + 0.5) * step)),
        y: HEIGHT + FOOT - 2,
        "text-anchor": at === 0 ? "start" : at === all.length - 1 ? "end" : "middle",
      },
      all[at].label,
    );
  const values = all
    .filter((bar) => bar.value)
    .map((bar) => `${bar.label}: ${bar.value}`)
    .join(", ");
  return svg(
    "svg",
    {
      viewBox: `0 0 ${whole} ${HEIGHT + FOOT}`,
      class: `chart ${kind}`,
      role: "img",
      "aria-label": `${title}. ${values || "No data."}`,
    },
    svg("line", { x1: 0, x2: whole, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
    all.map(rect),
    ticks.map(tick),
    incomplete < all.length && svg("text", { x: whole - 4, y: 10, "text-anchor": "end" }, "incomplete"),
    svg("text", { x: 2, y: 10 }, number(most)),
  );
};

export const figure = (title, total, chart) =>
  h("figure", { class: "card" }, h("figcaption", {}, title, h("b", {}, total)), chart);

// How messages and replies ended: per hour for a day, per day for a month.
import { request } from "./api.js";
import { barChart, figure } from "./chart.js";
import { card, h, number, table } from "./dom.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const REASONS = [
  ["texted", "Texted", "Nexmo accepted the text."],
  ["read", "Read in time", "The message was read before its text was due."],
  ["reply_posted", "Replies posted", "Replies from users were posted into their conversations."],
  ["failed", "Texts given up", "Nexmo refused the text, or it was tried too often."],
  ["reply_failed", "Replies given up", "Layer refused the reply, or it was tried for a day."],
  ["no_number", "No number left", "The user's other conversations hold all numbers."],
  ["no_phone", "No phone", "The user has no identity or no plausible phone."],
  ["opted_out", "Opted out", "The user sent STOP."],
  ["blank", "Blank", "The message contains no text."],
  ["not_reported", "State not reported", "REPORT_ON_STATUS excludes the message's state."],
  ["deleted", "Deleted", "The message or its conversation was deleted."],
  ["left", "Left", "The user left the conversation."],
];
const TROUBLE = ["failed", "reply_failed", "no_number"];
const CHARTS = [
  ["Texted", ["texted"], ""],
  ["Read in time", ["read"], "calm"],
  ["Replies posted", ["reply_posted"], ""],
  ["Given up, or no number", TROUBLE, "bad"],
];

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

const sum = (counts, reasons) => reasons.reduce((total, reason) => total + (counts[reason] ?? 0), 0);

/** The last `count` hours or days up to now, including those without counts. */
const fillGaps = (spans, now, length, count) => {
  const known = new Map(spans.map((span) => [span.from, span.counts]));
  const last = Math.floor(now / length) * length;
  return Array.from({ length: count }, (_, at) => {
    const from = last - (count - 1 - at) * length;
    return { from, counts: known.get(from) ?? {} };
  });
};

const PERIODS = {
  day: ["24 hours", (all) => [fillGaps(all.hours, all.now, HOUR, 24), clock, [0, 6, 12, 18]]],
  month: ["30 days", (all) => [fillGaps(all.days, all.now, DAY, 30), date, [0, 10, 20, 29]]],
};

const render = (all, period) => {
  const [spans, format, ticks] = PERIODS[period][1](all);
  const incomplete = spans.findIndex((span) => span.from >= all.complete_to);
  const chart = ([title, reasons, kind]) => {
    const values = spans.map((span) => ({ value: sum(span.counts, reasons), label: format.format(span.from) }));
    const total = values.reduce((total, bar) => total + bar.value, 0);
    return figure(
      title,
      number(total),
      barChart(title, values, {
        kind,
        ticks,
        incomplete: period === "day" && incomplete >= 0 ? incomplete : undefined,
      }),
    );
  };
  const totals = REASONS.map(([reason, name, why]) => [
    reason,
    name,
    why,
    spans.reduce((total, span) => total + (span.counts[reason] ?? 0), 0),
  ]);
  const rows = totals.map(([reason, name, why, count]) => ({
    kind: count === 0 ? "none" : TROUBLE.includes(reason) && "bad",
    cells: [name, number(count), h("span", { class: "muted" }, why)],
  }));
  return [
    h("div", { class: "charts" }, CHARTS.map(chart)),
    card("Totals", table(["Outcome", "Count", "Reason"], rows, { class: "totals" })),
  ];
};

export const activityView = async () => {
  const all = await request("statistics");
  const body = h("div", { class: "view" });
  const draw = (period) => body.replaceChildren(...render(all, period));
  const radio = (period) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name: "period", checked: period === "day", onchange: () => draw(period) }),
      h("span", {}, `Last ${PERIODS[period][0]}`),
    );
  draw("day");
  return [
    h("fieldset", { class: "choice" }, h("legend", {}, "Period"), Object.keys(PERIODS).map(radio)),
    body,
    h(
      "p",
      { class: "muted small" },
      "A user's counts arrive three hours later at the earliest, with the user's next activity, and are added to the hour in which they happened. Hours that are still incomplete are pale. Days are in UTC.",
    ),
  ];
};

// What became of messages and replies: by the hour for a day, by the day for a month.
import { ask } from "./api.js";
import { bars, figure } from "./chart.js";
import { card, h, number, table } from "./dom.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const REASONS = [
  ["texted", "Texted", "Nexmo accepted the text."],
  ["read", "Read in time", "The user read the message; no text was needed."],
  ["reply_posted", "Replies posted", "Texts from users, posted into their conversations."],
  ["failed", "Texts given up", "Nexmo refused them, or they were tried too often."],
  ["reply_failed", "Replies given up", "Layer refused them, or they were tried for a day."],
  ["no_number", "No number left", "Every number stood for another conversation of the user."],
  ["no_phone", "No phone", "The user has no identity, or no plausible phone."],
  ["opted_out", "Opted out", "The user wants no texts."],
  ["blank", "Nothing to text", "The message holds no text."],
  ["not_reported", "Not to be reported", "REPORT_ON_STATUS leaves out the message's state."],
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

const sum = (counts, words) => words.reduce((total, word) => total + (counts[word] ?? 0), 0);

/** Every span up to now, those without a count too. */
const filled = (spans, now, length, many) => {
  const known = new Map(spans.map((span) => [span.from, span.counts]));
  const last = Math.floor(now / length) * length;
  return Array.from({ length: many }, (_, at) => {
    const from = last - (many - 1 - at) * length;
    return { from, counts: known.get(from) ?? {} };
  });
};

const PERIODS = {
  day: ["24 hours", (all) => [filled(all.hours, all.now, HOUR, 24), clock, [0, 6, 12, 18]]],
  month: ["30 days", (all) => [filled(all.days, all.now, DAY, 30), date, [0, 10, 20, 29]]],
};

const drawn = (all, period) => {
  const [spans, format, ticks] = PERIODS[period][1](all);
  const open = spans.findIndex((span) => span.from >= all.complete_to);
  const chart = ([title, words, kind]) => {
    const values = spans.map((span) => ({ value: sum(span.counts, words), label: format.format(span.from) }));
    const total = values.reduce((total, bar) => total + bar.value, 0);
    return figure(title, number(total), bars(title, values, { kind, ticks, open: period === "day" && open >= 0 ? open : undefined }));
  };
  const totals = REASONS.map(([word, name, why]) => [word, name, why, spans.reduce((total, span) => total + (span.counts[word] ?? 0), 0)]);
  const rows = totals.map(([word, name, why, count]) => ({
    kind: count === 0 ? "none" : TROUBLE.includes(word) && "bad",
    cells: [name, number(count), h("span", { class: "muted" }, why)],
  }));
  return [
    h("div", { class: "charts" }, CHARTS.map(chart)),
    card("Totals by reason", table(["What", "Count", "Why"], rows, { class: "totals" })),
  ];
};

export const activity = async () => {
  const all = await ask("statistics");
  const body = h("div", { class: "view" });
  const draw = (period) => body.replaceChildren(...drawn(all, period));
  const choice = (period) =>
    h("label", {}, h("input", { type: "radio", name: "period", checked: period === "day", onchange: () => draw(period) }), h("span", {}, `Last ${PERIODS[period][0]}`));
  draw("day");
  return [
    h("fieldset", { class: "choice" }, h("legend", {}, "Period"), Object.keys(PERIODS).map(choice)),
    body,
    h("p", { class: "muted small" }, "Each user's hours arrive here three hours later at the earliest, with the user's next activity, and are then counted in the hour in which they happened. Hours that are still to come in are pale. Days are those of UTC."),
  ];
};

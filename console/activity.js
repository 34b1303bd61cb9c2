// How messages and replies ended: per hour for a day, per day for a month.
import { request } from "./api.js";
import { barChart, figure } from "./chart.js";
import { card, h, note, number, table } from "./dom.js";
import { UNDELIVERED, VERDICTS } from "./verdicts.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const REASONS = [
  ["texted", "Texted", "Nexmo accepted the text."],
  ["read", "Read in time", "The message was read before its text was due."],
  ["reply_posted", "Replies posted", "Replies from users were posted into their conversations."],
  ["failed", "Texts given up", "Nexmo refused the text, or it was tried for too long."],
  ["perhaps_sent", "Perhaps sent", "Three times Nexmo took the text, or may have, but its response was lost."],
  ["reply_failed", "Replies given up", "The chat refused the reply, or it was tried for a day."],
  ["no_number", "No number left", "The user's other conversations hold all numbers."],
  ["no_phone", "No phone", "The user has no identity or no plausible phone."],
  ["opted_out", "Opted out", "The user sent STOP, or the carrier says that the user opted out."],
  ["unreachable", "Unreachable", "No text reaches the user's phone, by what delivery receipts said."],
  ["unwanted", "Unwanted", "The user's identity says no to texts: PREFERENCE_FIELD."],
  ["capped", "Enough for one day", "The user got as many texts in 24 hours as MAX_TEXTS_PER_DAY allows."],
  ["blank", "Blank", "The message contains no text."],
  ["not_reported", "State not reported", "REPORT_ON_STATUS excludes the message's state."],
  ["deleted", "Deleted", "The message or its conversation was deleted."],
  ["left", "Left", "The user left the conversation."],
];
// Outcomes of Matrix alone. They are listed once there are any.
const REASONS_OF_MATRIX = [
  [
    "read_or_muted",
    "Read or muted",
    "The message has no notification: it was read, or the user's rules are quiet about it.",
  ],
  ["too_old", "Too old", "The message came more than 23 hours late: nobody knows whether it is unread."],
  ["encrypted", "Encrypted", "Messages in encrypted rooms, which nobody else can read."],
];
const TROUBLE = ["failed", "perhaps_sent", "reply_failed", "no_number", "too_old"];
const CHARTS = [
  ["Texted", ["texted"], ""],
  ["Read in time", ["read"], "calm"],
  ["Replies posted", ["reply_posted"], ""],
  ["Given up, or no number", TROUBLE, "bad"],
];
// What delivery receipts say. It is drawn once there is any.
const CHARTS_OF_RECEIPTS = [
  ["Not delivered", UNDELIVERED, "bad"],
  ["Delivered", ["delivered"], ""],
];
const OF_RECEIPTS =
  "What Nexmo's delivery receipts say of texts that left, each counted once, in the hour in which the receipt came.";
const DELAYS =
  "A user's counts arrive three hours later at the earliest, with the user's next activity, and are added to the " +
  "hour in which they happened. Hours that are still incomplete are pale. Days are in UTC.";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** The last `count` hours or days up to now, including those without counts. */
const fillGaps = (spans, now, length, count) => {
  const known = new Map(spans.map((span) => [span.from, span.counts]));
  const last = Math.floor(now / length) * length;
  return Array.from({ length: count }, (_, at) => {
    const from = last - (count - 1 - at) * length;
    return { from, counts: known.get(from) ?? {} };
  });
};

/** The index of the first hour that not all records have reported; undefined if there is none. */
const firstIncomplete = (hours, { complete_to: completeTo }) => {
  const at = hours.findIndex((hour) => hour.from >= completeTo);
  return at < 0 ? undefined : at;
};

const PERIODS = {
  day: {
    label: "Last 24 hours",
    spans: (all) => fillGaps(all.hours, all.now, HOUR, 24),
    format: clock,
    ticks: [0, 6, 12, 18],
    incomplete: firstIncomplete,
  },
  month: {
    label: "Last 30 days",
    spans: (all) => fillGaps(all.days, all.now, DAY, 30),
    format: date,
    ticks: [0, 10, 20, 29],
    incomplete: () => undefined,
  },
};

const count = (span, reasons) => reasons.reduce((total, reason) => total + (span.counts[reason] ?? 0), 0);
const total = (spans, reasons) => spans.reduce((total, span) => total + count(span, reasons), 0);

const charts = (spans, format, options) => {
  const ofReceipts = CHARTS_OF_RECEIPTS.filter(([, reasons]) => total(spans, reasons) > 0);
  return [...CHARTS, ...ofReceipts].map(([title, reasons, kind]) => {
    const bars = spans.map((span) => ({ value: count(span, reasons), label: format.format(span.from) }));
    return figure(title, number(total(spans, reasons)), barChart(title, bars, { kind, ...options }));
  });
};

const counts = (spans, reasons, trouble) => {
  const rows = reasons.map(([reason, name, why]) => {
    const all = total(spans, [reason]);
    return {
      kind: all === 0 ? "none" : trouble.includes(reason) && "bad",
      cells: [name, number(all), h("span", { class: "muted" }, why)],
    };
  });
  return table(["Outcome", "Count", "Reason"], rows, { class: "totals" });
};

const totals = (spans) => {
  const ofMatrix = REASONS_OF_MATRIX.filter(([reason]) => total(spans, [reason]) > 0);
  return counts(spans, [...REASONS, ...ofMatrix], TROUBLE);
};

const receipts = (spans) => {
  const all = VERDICTS.map(([word]) => word);
  return (
    total(spans, all) > 0 &&
    card("Delivery receipts", counts(spans, VERDICTS, ["undelivered_operator"]), note(OF_RECEIPTS))
  );
};

const render = (all, { spans: spansOf, format, ticks, incomplete }) => {
  const spans = spansOf(all);
  return [
    h("div", { class: "charts" }, charts(spans, format, { ticks, incomplete: incomplete(spans, all) })),
    card("Totals", totals(spans)),
    receipts(spans),
  ].filter(Boolean);
};

export const activityView = async () => {
  const all = await request("statistics");
  const body = h("div", { class: "view" });
  const draw = (period) => body.replaceChildren(...render(all, period));
  const choices = Object.values(PERIODS).map((period) => {
    const checked = period === PERIODS.day;
    const radio = h("input", { type: "radio", name: "period", checked, onchange: () => draw(period) });
    return h("label", {}, radio, h("span", {}, period.label));
  });
  draw(PERIODS.day);
  return [h("fieldset", { class: "choice" }, h("legend", {}, "Period"), choices), body, note(DELAYS)];
};

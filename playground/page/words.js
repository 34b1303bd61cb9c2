// Texts for the states and log entries of the Worker.

import { clock } from "./clock.js";
import { number, span } from "./dom.js";

/** The Worker's phases, for the pill in the header. */
export const PHASES = {
  starting: { tone: "wait", words: "The Worker is starting" },
  ready: { tone: "good", words: "The Worker is running" },
  unconnected: { tone: "wait", words: "The Worker is registering itself" },
  misconfigured: { tone: "bad", words: "The Worker is misconfigured" },
  killed: { tone: "bad", words: "The Worker is dead" },
  ended: { tone: "bad", words: "The Worker has ended" },
  elsewhere: { tone: "bad", words: "No Worker responds" },
};

/** Why the user record may be out of date. */
export const PROBLEMS = {
  killed: "The Worker is dead. This is the last known record; the record itself is on disk.",
  ended: "The Worker has ended. This is the last known record.",
  misconfigured: "The Worker rejects these settings and refuses webhooks. Layer and Nexmo retry.",
};

/** Why there was no text. */
export const ENDED = {
  read: "it was read",
  deleted: "it was deleted",
  left: "the user left the conversation",
  not_reported: "its status does not justify a text",
  blank: "it contains no text",
  no_phone: "the user has no phone",
  opted_out: "the user opted out",
  no_number: "every number is taken by another conversation",
  unwanted: "the user’s identity says no to texts",
  capped: "the user got enough texts for one day",
  unreachable: "no text reaches the user’s phone",
};

/** Why a text was not delivered, by Nexmo's code in the receipt. */
const CODES = { 2: "phone absent", 3: "out of service", 9: "opted out at the carrier" };

const undelivered = (code) => `not delivered: ${CODES[code] ?? `code ${code}`}`;

/** What a delivery receipt says of a text. */
export const verdictOf = ({ verdict, code }) => (verdict === "delivered" ? verdict : undelivered(code));

/** Quiet hours name their end themselves. */
const heldWhy = (why, until) => (why.startsWith("quiet until") ? why : `${why}; until ${clock(until)}`);

const ABOUT = {
  "notice.sent": () => ["good", "Texted"],
  "notice.dropped": ({ reason }) => [reason === "no_number" ? "bad" : "quiet", `No text: ${ENDED[reason] ?? reason}`],
  "notice.postponed": ({ why, wait_ms: wait }) => ["warn", `Text put off for ${span(Number(wait))}: ${why}`],
  "notice.held": ({ why, until }) => ["quiet", `Text held back: ${heldWhy(why, Number(until))}`],
  "notice.failed": ({ why }) => ["bad", `Text given up: ${why}`],
  "notice.perhaps_sent": ({ why }) => ["bad", `Text given up, perhaps sent: ${why}`],
  "notice.interrupted": () => ["warn", "An attempt was interrupted; it is retried"],
  "reply.done": ({ kind }) => ["good", kind === "text" ? "Answered by text" : "Reply posted"],
  "reply.postponed": ({ why, wait_ms: wait }) => ["warn", `Reply put off for ${span(Number(wait))}: ${why}`],
  "reply.failed": ({ why }) => ["bad", `Reply given up: ${why}`],
  "reply.keyword": ({ keyword }) => ["quiet", `Received the keyword ${keyword}`],
  "reply.part_missing": () => ["warn", "A part of a long text is missing"],
  "reply.repeated": () => ["warn", "Not posted: the same words came too often"],
  "stray.answered": () => ["quiet", "Answered a text that reaches no conversation"],
  "stray.not_answered": ({ why }) => ["warn", `No answer to a text that reaches no conversation: ${why}`],
  "text.undelivered": ({ code }) => ["warn", `A receipt: ${undelivered(code)}`],
  "health.problem": ({ service, problem }) => ["bad", `Not well: ${service}: ${problem}`],
  "health.warning": ({ service, problem }) => ["warn", `Soon not well: ${service}: ${problem}`],
  "reply.without_link": () => ["warn", "A reply to a number without a link"],
  "record.erased": () => ["quiet", "A record was erased"],
  "setup.done": () => ["good", "Registered itself at Layer and Nexmo"],
  "settings.problem": ({ setting, problem }) => ["bad", `${setting} ${problem}`],
  "nexmo_webhook.ignored": ({ why }) => ["quiet", `Ignored: ${why}`],
  "nexmo_webhook.unknown_phone": () => ["warn", "A text from an unknown phone"],
  "nexmo_webhook.refused": ({ why }) => ["warn", `Refused a text: ${why}`],
  "layer_webhook.bad_signature": () => ["warn", "Refused a webhook with a wrong signature"],
  "demo.worker_started": () => ["quiet", "The process was started"],
  "demo.worker_ready": () => ["good", "The Worker is ready"],
  "demo.worker_killed": () => ["bad", "The process was killed"],
  "demo.worker_ended": () => ["bad", "The process ended"],
};

/** What a message says, in a few words. */
export const said = (message, longest = 60) => {
  const words = message.text.length > longest ? `“${message.text.slice(0, longest)} …”` : `“${message.text}”`;
  if (!message.photo) return words;
  return message.text ? `${words} and a photo` : "a photo";
};

export const excerpt = (state, id) => (state.message[id] ? said(state.message[id]) : "a deleted message");

export const titleOf = (state, { conversation_id: id }) => state.title[id] ?? "?";

export const failedTries = (tries) => `${tries} failed ${tries === 1 ? "try" : "tries"}`;

/** Tone and text of a log entry. */
export const about = ({ message, level, fields }) => {
  const known = ABOUT[message]?.(fields);
  if (known) return known;
  const tone = { error: "bad", warn: "warn" }[level] ?? "quiet";
  const rest = Object.values(fields).filter(
    (value) => typeof value === "string" && value.length < 80 && !/^[0-9a-f-]{36}$/.test(value),
  );
  return [tone, [message.replace(/[._]/g, " "), ...rest].join(" · ")];
};

export const EVENTS = {
  "message.sent": "a message was sent",
  "message.delivered": "a message was delivered",
  "message.read": "a message was read",
  "message.deleted": "a message was deleted",
  "conversation.created": "a conversation was created",
  "conversation.deleted": "a conversation was deleted",
  "conversation.updated.participants": "someone joined or left",
  "inbound text": "a text from a phone",
};

export const NEXMO = {
  fine: ["Works", "Texts arrive."],
  throttles: ["Throttles", "Status 1, “please wait”: the text is retried, and the attempt does not count."],
  fails: ["Fails", "503: the text is retried with increasing waits, ten times at most."],
  hangs: ["Hangs", "No response: the request times out after ten seconds and is retried."],
  refuses: ["Refuses", "“Number barred”, permanent: kept as a failure, and a new link is removed."],
};

export const LAYER = {
  fine: ["Works", "Messages can be looked up and posted."],
  down: ["Is down", "503: texts that need an introduction wait; replies are kept and posted later."],
};

export const PHONE = {
  fine: ["Gets texts", "Delivery receipts say so."],
  off: ["Is off", "Receipts say “absent”, code 2. The next message is texted all the same."],
  dead: ["Out of service", "Code 3: no text for 30 days, or until a text comes from the phone."],
  barred: ["Opted out at the carrier", "Code 9: it counts as STOP. START lifts it."],
};

export const pool = (numbers) => `The pool: ${numbers.map(number).join(", ")}.`;

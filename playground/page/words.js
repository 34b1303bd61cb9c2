// What the Worker's words mean, for people.

import { number, span } from "./dom.js";

/** The Worker's phases: what the pill says. */
export const PHASES = {
  starting: { tone: "wait", words: "The Worker is starting" },
  ready: { tone: "good", words: "The Worker is running" },
  unconnected: { tone: "wait", words: "The Worker is registering itself" },
  misconfigured: { tone: "bad", words: "The Worker is misconfigured" },
  killed: { tone: "bad", words: "The Worker is dead" },
  ended: { tone: "bad", words: "The Worker has ended" },
  elsewhere: { tone: "bad", words: "No Worker answers" },
};

/** Why the record that is shown may be out of date. */
export const PROBLEMS = {
  killed: "The Worker is dead. This is what its record said last; it is on disk.",
  ended: "The Worker has ended. This is what its record said last.",
  misconfigured: "The Worker refuses to work with these settings; senders will try again.",
};

/** Why there was no text. */
export const ENDED = {
  read: "it was read",
  deleted: "it was deleted",
  left: "the user left the conversation",
  not_reported: "its state is not one to report on",
  blank: "there is nothing to say in it",
  no_phone: "the user has no phone",
  opted_out: "the user sent STOP",
  no_number: "every number is taken by another conversation",
};

const ABOUT = {
  "notice.sent": () => ["good", "Texted"],
  "notice.dropped": ({ reason }) => [reason === "no_number" ? "bad" : "quiet", `No text: ${ENDED[reason] ?? reason}`],
  "notice.postponed": ({ why, wait_ms: wait }) => ["warn", `Text put off for ${span(Number(wait))}: ${why}`],
  "notice.failed": ({ why }) => ["bad", `Text given up: ${why}`],
  "notice.interrupted": () => ["warn", "An attempt was cut off; it is made again"],
  "reply.done": ({ kind }) => ["good", kind === "text" ? "Answered by text" : "Reply posted"],
  "reply.postponed": ({ why, wait_ms: wait }) => ["warn", `Reply put off for ${span(Number(wait))}: ${why}`],
  "reply.failed": ({ why }) => ["bad", `Reply given up: ${why}`],
  "reply.keyword": ({ keyword }) => ["quiet", `Asked to ${keyword}`],
  "reply.part_missing": () => ["warn", "A part of a long text is missing"],
  "reply.without_link": () => ["warn", "A text from a number that stands for nothing"],
  "record.erased": () => ["quiet", "A record was erased"],
  "setup.done": () => ["good", "Registered itself at Layer and Nexmo"],
  "settings.problem": ({ setting, problem }) => ["bad", `${setting} ${problem}`],
  "nexmo_webhook.unknown_phone": () => ["warn", "A text from an unknown phone"],
  "nexmo_webhook.refused": ({ why }) => ["warn", `Refused a text: ${why}`],
  "layer_webhook.bad_signature": () => ["warn", "Refused a webhook with a wrong signature"],
  "demo.worker_started": () => ["quiet", "Its process was started"],
  "demo.worker_ready": () => ["good", "It answers: ready"],
  "demo.worker_killed": () => ["bad", "Killed, with all its processes"],
  "demo.worker_ended": () => ["bad", "Its process ended"],
};

/** Tone and words for a log entry. */
export const about = ({ message, level, fields }) => {
  const known = ABOUT[message]?.(fields);
  if (known) return known;
  const tone = { error: "bad", warn: "warn" }[level] ?? "quiet";
  const rest = Object.values(fields).filter((value) => typeof value === "string" && value.length < 80 && !/^[0-9a-f-]{36}$/.test(value));
  return [tone, [message.replace(/[._]/g, " "), ...rest].join(" · ")];
};

export const EVENTS = {
  "message.sent": "a message was sent",
  "message.delivered": "a message was delivered",
  "message.read": "a message was read",
  "message.deleted": "a message was deleted",
  "conversation.created": "a conversation began",
  "conversation.deleted": "a conversation was deleted",
  "conversation.updated.participants": "someone joined or left",
  "inbound text": "a text from a phone",
};

export const NEXMO = {
  fine: ["Works", "Texts arrive."],
  throttles: ["Throttles", "“Please wait”: the text is tried again, and no try is counted."],
  fails: ["Fails", "503: tried again, each time after a longer wait, ten times at most."],
  hangs: ["Hangs", "No answer: given up after ten seconds, and tried again."],
  refuses: ["Refuses", "“Number barred”, for good: kept as a failure, and a new number is given back."],
};

export const LAYER = {
  fine: ["Works", "Messages can be looked up and posted."],
  down: ["Is down", "503: no text leaves without its introduction; replies are kept and posted later."],
};

export const pool = (numbers) => `The pool: ${numbers.map(number).join(", ")}.`;

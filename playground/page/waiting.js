// What waits to be texted: a row for each text to come, with the messages that will be in it.

import { $, attribute, el, hide, keyed, span, text } from "./dom.js";
import { row, running } from "./rows.js";
import { excerpt, failedTries, titleOf } from "./words.js";

/** The notices by the texts that they will be in, each text's in the order of the chat. With digests, a conversation's are one. */
const textsToCome = (state, notices) => {
  const place = new Map(state.conversations.flatMap((one) => one.messages).map((message, at) => [message.id, at]));
  const byText = Map.groupBy(notices, (one) => (state.worker.digests ? one.conversation_id : one.message_id));
  return [...byText].map(([key, all]) => ({
    key,
    // The first one is claimed for all.
    first: all.find((one) => !one.joins_another) ?? all[0],
    all: all.sort((a, b) => place.get(a.message_id) - place.get(b.message_id)),
  }));
};

const sayNotice = (notice) => (left) => {
  if (notice.sending) return "texting now …";
  if (notice.behind_another && left <= 0) return "waits behind another";
  if (left <= 0) return "due";
  return notice.tries > 0 ? `again in ${span(left)}` : `texts in ${span(left)}`;
};

const senderOf = (state, notice) => state.name[state.message[notice.message_id]?.sender] ?? "Someone";

const joined = (...words) => words.filter(Boolean).join(" · ");

const describe = (state, { first, all }) => {
  const tries = first.tries > 0 && failedTries(first.tries);
  if (all.length === 1) {
    const where = `${senderOf(state, first)} in “${titleOf(state, first)}”`;
    return {
      head: excerpt(state, first.message_id),
      note: joined(where, first.waits_for ?? first.status, tries),
    };
  }
  return {
    head: `${all.length} messages in “${titleOf(state, first)}”`,
    note: joined("leaves as one text", first.waits_for, tries),
  };
};

const drawMessages = (state, list, all) => {
  const several = all.length > 1 ? all : [];
  hide(list, several.length === 0);
  keyed(list, several, {
    key: (one) => one.message_id,
    make: () => el("li"),
    update: (node, one) => text(node, `${senderOf(state, one)}: ${excerpt(state, one.message_id)}`),
  });
};

const drawText = (state) => (node, one) => {
  const { first, all } = one;
  attribute(node, "data-tone", first.tries > 0 ? "warn" : first.waits_for ? "held" : "");
  drawMessages(state, node.querySelector(".together"), all);
  running(node, {
    key: `${first.message_id} ${first.due_at}`,
    until: first.due_at,
    words: sayNotice(first),
    ...describe(state, one),
  });
};

const noMore = (record, shown, name) => {
  if (!record) return "The Worker has not answered yet.";
  const more = record.notices.waiting - shown;
  if (more > 0) return `and ${more} more`;
  return shown > 0 ? "" : `No unread message for ${name} is waiting.`;
};

export const drawWaiting = (state, record, name) => {
  const notices = record?.notices.first ?? [];
  keyed($("waiting"), textsToCome(state, notices), {
    key: (one) => one.key,
    make: row("notice", () => [el("ol", { class: "together" })]),
    update: drawText(state),
  });
  text($("waiting-none"), noMore(record, notices.length, name));
};

// One user's record: what it holds, and what can be done about it.
import { ask, user as at } from "./api.js";
import { button, card, chip, confirmed, facts, h, moment, number, plural, say, table } from "./dom.js";

const list = (title, count, columns, rows) =>
  card(title, rows.length ? table(columns, rows) : h("p", { class: "muted" }, "None."),
    count > rows.length && h("p", { class: "muted small" }, `The first ${rows.length} of ${number(count)}.`));

const short = (id) => h("code", { title: id }, id.length > 18 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

const links = (record) =>
  list("Numbers in use", 0, ["Number", "Conversation", "Until", "Remark"], record.links.map((link) => ({
    cells: [h("code", {}, `+${link.number}`), short(link.conversation_id), moment(link.expires_at),
      [link.expired && "may be given away", !link.introduced && "no text accepted yet", !link.configured && "not in the pool any more"].filter(Boolean).join(", ")],
  })));

const notices = ({ notices: { waiting, first } }) =>
  list("Waiting to be texted", waiting, ["Message", "Conversation", "Due", "State"], first.map((one) => ({
    cells: [short(one.message_id), short(one.conversation_id), moment(one.due_at),
      [one.status, one.sending && "on its way", one.behind_another && "behind another", one.tries > 0 && `${plural(one.tries, "failed try").replace("trys", "tries")}`].filter(Boolean).join(", ")],
  })));

const replies = ({ replies: { waiting, first } }) =>
  waiting > 0 && list("Replies on their way", waiting, ["Reply", "Conversation", "Next try", "Tries"], first.map((one) => ({
    cells: [short(one.nexmo_id), short(one.conversation_id), moment(one.due_at), number(one.tries)],
  })));

const failures = (record, retry) =>
  list("Given up", 0, ["What", "Reason", "When", ""], record.failures.map((one) => ({
    cells: [h("span", {}, one.kind === "text" ? "Text " : "Reply ", short(one.message_id)), one.reason, moment(one.failed_at),
      button("Try again", (event) => retry(one, event.target))],
  })));

const summary = (record, actions) =>
  card(null, h("div", { class: "row" }, h("h2", {}, record.user_id), h("div", { class: "row" }, actions)),
    record.opted_out && h("p", {}, chip("opted out", "bad"), " They sent STOP ", moment(record.opted_out.at), "."),
    facts([
      ["Numbers in use", number(record.links.filter((link) => !link.expired).length)],
      ["Waiting", number(record.notices.waiting)],
      ["Given up", number(record.failures.length)],
      ["Dropped for want of a number", number(record.dropped_without_number)],
    ]));

const drawn = (record, redraw, id) => {
  const act = (done, path, method) => async (button) => {
    button.disabled = true;
    try {
      await ask(path, { method });
      say(done);
    } catch (error) {
      say(error.status === 404 ? "That is not kept any more." : error.message);
    }
    await redraw();
  };
  const erase = async ({ target }) => {
    const sure = await confirmed(`Erase ${id}?`, "Everything stored of this user goes: links, waiting messages, failures, the opt-out. Replies from their phone are then unknown until they are texted again.", "Erase");
    if (sure) await act(`${id} was erased.`, at(id), "DELETE")(target);
  };
  const wake = ({ target }) => act("The record has looked for due work.", `${at(id)}/wake`, "POST")(target);
  const retry = (failure, target) => act("It is tried again.", `${at(id)}/failures/${failure.id}/retry`, "POST")(target);
  if (record.user_id == null) return [card(null, h("p", {}, "Nothing is stored of ", h("code", {}, id), "."))];
  return [summary(record, [button("Wake", wake), button("Erase …", erase, "danger")]), links(record), notices(record), replies(record), failures(record, retry)].filter(Boolean);
};

export const users = async (id) => {
  const field = h("input", { id: "user", type: "text", value: id ?? "", required: true, autocomplete: "off", spellcheck: "false", autocapitalize: "none" });
  const body = h("div", { class: "view", "aria-live": "polite" });
  const look = async () => body.replaceChildren(...drawn(await ask(at(id)), look, id));
  const go = (event) => {
    event.preventDefault();
    const address = `#/users/${encodeURIComponent(field.value)}`;
    if (location.hash === address) dispatchEvent(new Event("hashchange"));
    else location.hash = address;
  };
  if (id) await look();
  return [
    h("form", { class: "row find", onsubmit: go, role: "search" }, h("label", { for: "user" }, "User id"), field, h("button", { class: "main" }, "Look up")),
    body,
  ];
};

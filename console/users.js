// One user's record, with actions: wake, erase, retry a failure.
import { request, userPath } from "./api.js";
import { announce, button, card, chip, confirmAction, factList, h, number, plural, table, time } from "./dom.js";

const list = (title, count, columns, rows) =>
  card(
    title,
    rows.length ? table(columns, rows) : h("p", { class: "muted" }, "None."),
    count > rows.length && h("p", { class: "muted small" }, `The first ${rows.length} of ${number(count)}.`),
  );

const short = (id) => h("code", { title: id }, id.length > 18 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

const links = (record) =>
  list(
    "Numbers in use",
    0,
    ["Number", "Conversation", "Until", "Remark"],
    record.links.map((link) => ({
      cells: [
        h("code", {}, `+${link.number}`),
        short(link.conversation_id),
        time(link.expires_at),
        [
          link.expired && "expired",
          !link.introduced && "no text accepted yet",
          !link.configured && "no longer configured",
        ]
          .filter(Boolean)
          .join(", "),
      ],
    })),
  );

const notices = ({ notices: { waiting, first } }) =>
  list(
    "Waiting to be texted",
    waiting,
    ["Message", "Conversation", "Due", "State"],
    first.map((one) => ({
      cells: [
        short(one.message_id),
        short(one.conversation_id),
        time(one.due_at),
        [
          one.status,
          one.sending && "sending",
          one.behind_another && "behind an earlier one",
          one.tries > 0 && `${plural(one.tries, "failed try").replace("trys", "tries")}`,
        ]
          .filter(Boolean)
          .join(", "),
      ],
    })),
  );

const replies = ({ replies: { waiting, first } }) =>
  waiting > 0 &&
  list(
    "Replies in progress",
    waiting,
    ["Reply", "Conversation", "Next try", "Tries"],
    first.map((one) => ({
      cells: [short(one.nexmo_id), short(one.conversation_id), time(one.due_at), number(one.tries)],
    })),
  );

const failures = (record, retry) =>
  list(
    "Given up",
    0,
    ["What", "Reason", "When", ""],
    record.failures.map((one) => ({
      cells: [
        h("span", {}, one.kind === "text" ? "Text " : "Reply ", short(one.message_id)),
        one.reason,
        time(one.failed_at),
        button("Try again", (event) => retry(one, event.target)),
      ],
    })),
  );

const summary = (record, actions) =>
  card(
    null,
    h("div", { class: "row" }, h("h2", {}, record.user_id), h("div", { class: "row" }, actions)),
    record.opted_out && h("p", {}, chip("opted out", "bad"), " The user sent STOP on ", time(record.opted_out.at), "."),
    factList([
      ["Numbers in use", number(record.links.filter((link) => !link.expired).length)],
      ["Waiting", number(record.notices.waiting)],
      ["Given up", number(record.failures.length)],
      ["Dropped without a number", number(record.dropped_without_number)],
    ]),
  );

const render = (record, reload, id) => {
  const act = (done, path, method) => async (button) => {
    button.disabled = true;
    try {
      await request(path, { method });
      announce(done);
    } catch (error) {
      announce(error.status === 404 ? "It no longer exists." : error.message);
    }
    await reload();
  };
  const erase = async ({ target }) => {
    const sure = await confirmAction(
      `Erase ${id}?`,
      "This deletes everything stored about the user: links, waiting messages, failures, the opt-out. A STOP stored for the phone is kept. Replies from the phone are not recognised until the user is texted again.",
      "Erase",
    );
    if (sure) await act(`${id} was erased.`, userPath(id), "DELETE")(target);
  };
  const wake = ({ target }) => act("The record looked for due work.", `${userPath(id)}/wake`, "POST")(target);
  const retry = (failure, target) =>
    act("Retry started.", `${userPath(id)}/failures/${failure.id}/retry`, "POST")(target);
  if (record.user_id == null) return [card(null, h("p", {}, "Nothing is stored about ", h("code", {}, id), "."))];
  return [
    summary(record, [button("Wake", wake), button("Erase …", erase, "danger")]),
    links(record),
    notices(record),
    replies(record),
    failures(record, retry),
  ].filter(Boolean);
};

export const usersView = async (id) => {
  const field = h("input", {
    id: "user",
    type: "text",
    value: id ?? "",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "none",
  });
  const body = h("div", { class: "view", "aria-live": "polite" });
  const load = async () => body.replaceChildren(...render(await request(userPath(id)), load, id));
  const search = (event) => {
    event.preventDefault();
    const hash = `#/users/${encodeURIComponent(field.value)}`;
    if (location.hash === hash) dispatchEvent(new Event("hashchange"));
    else location.hash = hash;
  };
  if (id) await load();
  return [
    h(
      "form",
      { class: "row find", onsubmit: search, role: "search" },
      h("label", { for: "user" }, "User id"),
      field,
      h("button", { class: "main" }, "Look up"),
    ),
    body,
  ];
};

// One user's record, with actions: wake, erase, retry a failure. Users by their phone.
import { request, userPath } from "./api.js";
import {
  announce,
  button,
  card,
  chip,
  confirmAction,
  factList,
  h,
  joined,
  muted,
  note,
  number,
  table,
  time,
} from "./dom.js";
import { verdictOf } from "./verdicts.js";

const ERASING =
  "This deletes everything stored about the user: links, waiting messages, failures, the opt-out. A STOP stored for " +
  "the phone is kept. Replies from the phone are not recognised until the user is texted again.";

const WAKING =
  "Wake looks for work that is due, and looks again at texts that are held back: the settings may have changed.";

const LIFTING =
  "The user said STOP. This overrides it, and is logged: lift it only if the user asked for texts again. It counts for " +
  "every user with this phone.";

const NO_PHONE = "That is no phone with its country's code.";

const UNREACHABLE = ". It is texted again after 30 days, or once a text comes from it.";

/** A card with the first of `count` rows. */
const list = (title, count, columns, rows, kind = "") =>
  card(
    title,
    rows.length ? table(columns, rows, { class: `record ${kind}` }) : muted("None."),
    count > rows.length && note(`The first ${rows.length} of ${number(count)}.`),
  );

const short = (id) => h("code", { title: id }, id.length > 18 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

/** What a delivery receipt says of the last text on a link, if one does. */
const lastText = ({ last_verdict: last }) =>
  last && h("span", {}, verdictOf(last), last.sent_at && [", sent ", time(last.sent_at)]);

const links = (record) => {
  const remark = (link) =>
    joined(
      link.expired && "expired",
      !link.introduced && (link.perhaps_texted ? "a text perhaps sent" : "no text accepted yet"),
      link.retired && "for replies only",
      !link.configured && "no longer configured",
    );
  const rows = record.links.map((link) => ({
    cells: [
      h("code", {}, `+${link.number}`),
      short(link.conversation_id),
      time(link.expires_at),
      lastText(link),
      remark(link),
    ],
  }));
  const columns = ["Number", "Conversation", "Until", "Last text", "Remark"];
  return list("Numbers in use", 0, columns, rows, "links");
};

/** Those that leave as one text side by side, in the order of the first of each text. */
const byText = (notices) => {
  const lead = new Map(notices.filter((one) => !one.joins_another).map((one) => [one.conversation_id, one]));
  const groups = Map.groupBy(notices, (one) => (one.joins_another && lead.get(one.conversation_id)) || one);
  return [...groups].map(([first, all]) => ({ first, others: all.filter((one) => one !== first) }));
};

const noticeState = (notice, others) =>
  joined(
    notice.status,
    notice.sending && "sending",
    notice.waits_for,
    notice.behind_another && "behind an earlier one",
    notice.joins_another && "in one text with an earlier one",
    others > 0 && `leaves as one text with the next ${others === 1 ? "one" : others}`,
    notice.tries > 0 && (notice.tries === 1 ? "1 failed try" : `${number(notice.tries)} failed tries`),
    notice.perhaps_taken > 0 && `${number(notice.perhaps_taken)} perhaps sent`,
  );

const noticeRow = (notice, due, others = 0) => ({
  kind: notice.joins_another && "joins",
  cells: [short(notice.message_id), short(notice.conversation_id), due, noticeState(notice, others)],
});

const notices = ({ notices: { waiting, first } }) => {
  const rows = byText(first).flatMap(({ first, others }) => [
    noticeRow(first, time(first.due_at), others.length),
    ...others.map((one) => noticeRow(one, "with the first")),
  ]);
  return list("Waiting to be texted", waiting, ["Message", "Conversation", "Due", "State"], rows);
};

/** What is still to be stored or answered, of replies that are not posted. */
const KINDS = {
  stop: "STOP",
  start: "START",
  help: "HELP",
  carrier_stop: "opted out at the carrier",
  note_open: "its receipts matter",
};

const replies = ({ replies: { waiting, first } }) => {
  const rows = first.map((reply) => ({
    cells: [
      short(reply.nexmo_id),
      KINDS[reply.kind] ?? short(reply.conversation_id),
      time(reply.due_at),
      number(reply.tries),
    ],
  }));
  return waiting > 0 && list("Replies in progress", waiting, ["Reply", "For", "Next try", "Tries"], rows);
};

const failures = (record, retry) => {
  const withReason = (reason) => record.failures.filter((failure) => failure.reason === reason);
  const retryAll = (same) =>
    same.length > 1 && button(`Try all ${same.length} with this reason`, ({ target }) => retry(same, target));
  const rows = record.failures.map((failure) => {
    const same = withReason(failure.reason);
    return {
      cells: [
        h("span", {}, failure.kind === "text" ? "Text " : "Reply ", short(failure.message_id)),
        failure.reason,
        time(failure.failed_at),
        h(
          "div",
          { class: "row" },
          button("Try again", ({ target }) => retry([failure], target)),
          same[0] === failure && retryAll(same),
        ),
      ],
    };
  });
  return list("Given up", 0, ["What", "Reason", "When", ""], rows);
};

const unreachable = ({ phone, since }) =>
  h("p", {}, chip("unreachable", "bad"), " since ", time(since), ": ", h("code", {}, `+${phone}`), UNREACHABLE);

const summary = (record, actions, lift) =>
  card(
    null,
    h("div", { class: "row" }, h("h2", {}, record.user_id), h("div", { class: "row" }, actions)),
    record.opted_out &&
      h(
        "p",
        { class: "row" },
        h("span", {}, chip("opted out", "bad"), " The user opted out on ", time(record.opted_out.at), "."),
        button("Lift …", lift),
      ),
    record.unreachable && unreachable(record.unreachable),
    note(WAKING),
    factList([
      ["Numbers in use", number(record.links.filter((link) => !link.expired).length)],
      ["Waiting", number(record.notices.waiting)],
      ["Given up", number(record.failures.length)],
      ["Dropped without a number", number(record.dropped_without_number)],
    ]),
  );

/** Requests each path in order. Returns how many of what they name no longer exist. */
const requestEach = async (method, paths) => {
  let missing = 0;
  for (const path of paths) {
    try {
      await request(path, { method });
    } catch (error) {
      if (error.status !== 404) throw error;
      missing += 1;
    }
  }
  return missing;
};

/** Lifts the opt-out of `phone` once the operator has confirmed it. Returns whether it was lifted. */
const liftOptOut = async (phone) => {
  const sure = await confirmAction("Lift the opt-out?", LIFTING, "Lift");
  if (!sure) return false;
  try {
    await request(`optouts/${encodeURIComponent(phone)}`, { method: "DELETE" });
    announce("The next message may be texted.");
    return true;
  } catch (error) {
    announce(error.message);
    return false;
  }
};

/** What a user's buttons do. Each action disables its button, says how it ended and shows the record anew. */
const actionsOn = (id, reload) => {
  const act = async (button, method, paths, done) => {
    button.disabled = true;
    try {
      const missing = await requestEach(method, paths);
      announce(missing === paths.length ? "It no longer exists." : done);
    } catch (error) {
      announce(error.message);
    }
    await reload();
  };
  const user = userPath(id);
  return {
    wake: ({ target }) => act(target, "POST", [`${user}/wake`], "Looked for due work, and at what is held back."),
    retry: (failures, target) => {
      // Oldest first, so that texts and replies keep their order.
      const paths = failures.map(({ id }) => `${user}/failures/${id}/retry`).reverse();
      return act(target, "POST", paths, paths.length > 1 ? `${paths.length} retries started.` : "Retry started.");
    },
    lift: async (phone) => {
      if (await liftOptOut(phone)) await reload();
    },
    erase: async ({ target }) => {
      const sure = await confirmAction(`Erase ${id}?`, ERASING, "Erase");
      if (sure) await act(target, "DELETE", [user], `${id} was erased.`);
    },
  };
};

const render = (record, id, reload) => {
  if (record.user_id == null) return [card(null, h("p", {}, "Nothing is stored about ", h("code", {}, id), "."))];
  const { wake, erase, lift, retry } = actionsOn(id, reload);
  return [
    summary(record, [button("Wake", wake), button("Erase …", erase, "danger")], () => lift(record.opted_out.phone)),
    links(record),
    notices(record),
    replies(record),
    failures(record, retry),
  ].filter(Boolean);
};

/** The URL's fragment for a user's record. */
const hashOf = (id) => `#/users/${encodeURIComponent(id)}`;

const plain = { autocomplete: "off", spellcheck: "false", autocapitalize: "none" };

/** Whether a phone wants texts, by its last STOP or START. */
const wishOf = ({ phone, wish }, reload) => {
  if (!wish) return null;
  if (!wish.opted_out) return muted("Wants texts again since ", time(wish.at), ".");
  const lift = async () => {
    if (await liftOptOut(phone)) await reload();
  };
  return h(
    "p",
    { class: "row" },
    h("span", {}, chip("opted out", "bad"), " No user is texted at this phone since ", time(wish.at), "."),
    button("Lift its opt-out …", lift),
  );
};

const usersOf = (found, reload) => {
  const rows = found.users.map((user) => ({
    cells: [
      h("a", { href: hashOf(user.user_id) }, user.user_id),
      h("code", {}, joined(...user.numbers.map((number) => `+${number}`))),
    ],
  }));
  return card(
    `+${found.phone}`,
    rows.length ? table(["User", "Answers to"], rows) : muted("No user is known at this phone."),
    wishOf(found, reload),
  );
};

/** Finds the users of a phone, and its opt-out, which no user's record may show: the user may have been erased. */
const phoneForm = () => {
  const field = h("input", { id: "phone", type: "tel", required: true, placeholder: "+1 555 010 0001", ...plain });
  const body = h("div", { class: "view", "aria-live": "polite" });
  const find = async () => {
    try {
      const found = await request(`users?phone=${encodeURIComponent(field.value)}`);
      body.replaceChildren(usersOf(found, find));
    } catch (error) {
      announce(error.status === 400 ? NO_PHONE : error.message);
    }
  };
  const onsubmit = (event) => {
    event.preventDefault();
    find();
  };
  const label = h("label", { for: "phone" }, "Phone");
  return [h("form", { class: "row find", onsubmit }, label, field, h("button", {}, "Find its users")), body];
};

const searchForm = (id) => {
  const field = h("input", { id: "user", type: "text", value: id ?? "", required: true, ...plain });
  const onsubmit = (event) => {
    event.preventDefault();
    const hash = hashOf(field.value);
    if (location.hash === hash) dispatchEvent(new Event("hashchange"));
    else location.hash = hash;
  };
  const label = h("label", { for: "user" }, "User id");
  return h(
    "form",
    { class: "row find", onsubmit, role: "search" },
    label,
    field,
    h("button", { class: "main" }, "Look up"),
  );
};

export const usersView = async (id) => {
  const body = h("div", { class: "view", "aria-live": "polite" });
  const load = async () => body.replaceChildren(...render(await request(userPath(id)), id, load));
  if (id) await load();
  return [searchForm(id), body, ...phoneForm()];
};

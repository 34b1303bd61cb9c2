// A tour of the product in five steps. It does not come back once it was finished or skipped.

import { act } from "./api.js";
import { $, attribute, hide, text } from "./dom.js";

const KEY = "playground.tour";
const QUESTION = "Are you coming to lunch?";
const REPLY = "Yes, in ten minutes!";

const remembered = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const remember = (word) => {
  try {
    if (word) localStorage.setItem(KEY, word);
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the tour starts again at the next visit.
  }
};

let step = remembered() ? -1 : 0;
let message = null;
let sentText = null;
let began = Date.now();
let now = { state: null, view: null };

const lunch = () =>
  now.state.conversations.find((one) => one.participants.includes("alice") && one.participants.includes("bob"));
const bob = () => now.state.users.find((one) => one.id === "bob");
const texts = () => bob().threads.flatMap((thread) => thread.texts.map((one) => ({ ...one, number: thread.number })));

/** Each step: the highlighted element, the texts, the button's action, and whether the step is done. */
const STEPS = [
  {
    place: "compose",
    title: "Alice writes to Bob",
    words: () => "Send Bob a message in the chat, and leave it unread.",
    button: "Write it for me",
    act: () => act({ act: "write", conversation: lunch().id, user: "alice", text: QUESTION }),
    done: () => {
      const fresh = now.state.conversations
        .flatMap((one) => one.messages)
        .findLast((one) => one.at >= began && one.sender !== "bob" && one.status.bob && one.status.bob !== "read");
      message = fresh?.id ?? null;
      return Boolean(fresh);
    },
  },
  {
    place: "waiting-part",
    title: "The Worker waits",
    words: () =>
      `Layer called the Worker, which gives Bob ${now.state.worker.delay} to read the message. ` +
      "If he reads it, no text is sent.",
    done: () => {
      const sent = bob().ended.find((one) => one.message_id === message && one.what === "texted");
      sentText = sent ?? null;
      return Boolean(sent);
    },
    failed: () => bob().ended.some((one) => one.message_id === message && one.what !== "texted"),
  },
  {
    place: "phone",
    title: "Bob’s phone has a text",
    words: () =>
      "The message was still unread, so it was texted from one of your numbers. " +
      "For Bob, this number is now linked to the conversation.",
    button: "Go on",
    act: () => go(3),
    done: () => false,
  },
  {
    place: "answer",
    title: "Bob answers the text",
    words: () => "He does not open the app: he replies to the text.",
    button: "Answer for me",
    act: () =>
      act({ act: "reply", phone: bob().phone, number: sentText?.number ?? bob().threads[0]?.number, text: REPLY }),
    done: () => texts().some((one) => one.from === "phone" && one.at >= began),
  },
  {
    place: "messages",
    title: "And it is in the chat, as Bob’s",
    words: () => "Alice sees his reply in the conversation. Next, make something go wrong, below.",
    button: "Done",
    act: () => finish("done"),
    done: () => false,
  },
];

const mark = () => {
  for (const node of document.querySelectorAll(".tour-here")) node.classList.remove("tour-here");
  if (step >= 0) $(STEPS[step].place).classList.add("tour-here");
};

const go = (next) => {
  step = next;
  const { view } = now;
  if (step === 0) {
    began = Date.now();
    view.choose({ person: "bob", conversation: lunch()?.id ?? view.conversation, writer: "alice" });
  }
  // Shows the conversation of Bob's reply, as Alice.
  if (step === 4) {
    const link = bob().record?.links.find((one) => one.number === sentText?.number);
    view.choose({ writer: "alice", conversation: link?.conversation_id ?? view.conversation });
  }
  show();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (step >= 0) $(STEPS[step].place).scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
};

const finish = (word) => {
  remember(word);
  step = -1;
  show();
  $("tour-again").focus();
};

const show = () => {
  hide($("tour"), step < 0);
  mark();
  if (step < 0) return;
  const { title, words, button } = STEPS[step];
  text($("tour-title"), `${step + 1}. ${title}`);
  text($("tour-text"), words());
  text($("tour-do"), button ?? "");
  hide($("tour-do"), !button);
  text($("tour-end"), step === STEPS.length - 1 ? "Close" : "Skip");
  [...document.querySelectorAll(".steps li")].forEach((dot, place) =>
    attribute(dot, "data-state", place < step ? "done" : place === step ? "here" : "next"),
  );
};

$("tour-do").addEventListener("click", () => STEPS[step]?.act());
$("tour-end").addEventListener("click", () => finish("skipped"));
$("tour-again").addEventListener("click", () => {
  remember(null);
  go(0);
});
$("tour").addEventListener("keydown", (event) => event.key === "Escape" && finish("skipped"));

export const drawTour = (state, view) => {
  now = { state, view };
  if (step < 0) return show();
  if (STEPS[step].failed?.()) return queueMicrotask(() => go(0));
  if (STEPS[step].done()) return queueMicrotask(() => go(step + 1));
  show();
};

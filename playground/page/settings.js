// The Worker's settings, and the clock that its quiet hours go by.

import { act, toast } from "./api.js";
import { clockNow } from "./clock.js";
import { $, attribute, el, hide, keyed, text } from "./dom.js";

const NIGHT = "23:00";
const DAY = "12:00";
const DEPLOYED = "Deployed: the Worker starts with these settings.";

const form = $("settings");
const clockForm = $("clock-form");
let deployed = null;
let quietHours = "";

const say = async (done, words) => {
  if (await done) toast(words);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  say(act({ act: "settings", delay: form.delay.value, expiration: form.expiration.value }), DEPLOYED);
});

/** Proposes the other half of the day. */
const propose = () => {
  const [from, until] = quietHours.split("–");
  const now = clockNow();
  clockForm.time.value = now >= from || now < until ? DAY : NIGHT;
};

clockForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { value } = clockForm.time;
  if (!(await act({ act: "clock", time: value }))) return;
  toast(`It is ${value} now.`);
  propose();
});

const CHOICES = { off: "Off", on: "On" };

/** What the server said last, and the switches that it has not answered for yet: those stay as they were turned. */
let latest = null;
const turned = new Set();

const show = (name) => {
  if (turned.has(name)) return;
  const input = $(name).querySelector(`[value="${latest[name] ? "on" : "off"}"]`);
  if (!input.checked) input.checked = true;
};

const turn = async (name, on) => {
  turned.add(name);
  await say(act({ act: name, on }), DEPLOYED);
  turned.delete(name);
  show(name);
};

/** Two radio buttons, off and on. */
const offOrOn = (name) => {
  for (const [value, words] of Object.entries(CHOICES)) {
    const change = () => turn(name, value === "on");
    const input = el("input", { type: "radio", name, value, on: { change } });
    $(name).append(el("label", {}, input, el("span", {}, words)));
  }
};

offOrOn("quiet");
offOrOn("digests");

/** Fills the fields when other settings are deployed; keeps edits otherwise. */
const fill = ({ delay, expiration }) => {
  const stamp = `${delay}|${expiration}`;
  if (stamp === deployed) return;
  form.delay.value = delay;
  form.expiration.value = expiration;
  deployed = stamp;
};

const DURATIONS = "Any duration that the settings accept, such as 90s, 1.5h or 2 days. Deploying restarts the Worker.";

/** What is wrong with the settings, or what they may be. */
const hints = ({ problems }) => {
  if (!problems?.length) return [{ kind: "", words: DURATIONS }];
  const words = (one) => `${one.setting} ${one.problem}. Expected: ${one.expected}.`;
  return problems.map((one) => ({ kind: "bad", words: words(one) }));
};

export const drawSettings = ({ worker }) => {
  hide($("settings-card"), !worker.managed);
  text($("quiet-hours"), worker.quiet_hours);
  if (!quietHours) {
    quietHours = worker.quiet_hours;
    propose();
  }
  latest = worker;
  show("quiet");
  show("digests");
  fill(worker);
  keyed($("settings-hint"), hints(worker), {
    key: (hint) => hint.words,
    make: (hint) => el("p", { class: hint.kind }, hint.words),
  });
  tickSettings();
};

export const tickSettings = () => {
  text($("clock-now"), clockNow());
  attribute($("clock-now"), "datetime", clockNow());
};

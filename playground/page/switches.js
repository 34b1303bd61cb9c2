// Switches for faults, and controls of the Worker: kill, start, erase.

import { act } from "./api.js";
import { $, attribute, el, hide, text } from "./dom.js";
import { LAYER, NEXMO, PHONE, pool } from "./words.js";

/** The mode of each switch, as the server last said. */
const modes = {};
/** The switches whose new mode is on its way: until then they show what was chosen. */
const turned = new Set();

const turn = async (id, mode, send) => {
  turned.add(id);
  await send(mode);
  turned.delete(id);
  check(id, modes[id]);
};

const radios = (id, all, send) => {
  for (const [mode, [words]] of Object.entries(all)) {
    const change = () => turn(id, mode, send);
    const input = el("input", { type: "radio", name: id, value: mode, on: { change } });
    $(id).append(el("label", {}, input, el("span", {}, words)));
  }
};

radios("nexmo", NEXMO, (mode) => act({ act: "nexmo", mode }));
radios("layer", LAYER, (mode) => act({ act: "layer", mode }));
radios("receiver", PHONE, (mode) => act({ act: "phone", user: person, mode }));

let person = null;

$("kill").addEventListener("click", async () => {
  await act({ act: "kill" });
  $("start").focus();
});
$("start").addEventListener("click", async () => {
  await act({ act: "start" });
  $("kill").focus();
});
$("exhaust").addEventListener("click", () => act({ act: "exhaust", user: person }));
$("forget").addEventListener("click", () => act({ act: "forget", user: person }));

const check = (id, mode) => {
  modes[id] = mode;
  if (turned.has(id)) return;
  const input = $(id).querySelector(`[value="${mode}"]`);
  if (input && !input.checked) input.checked = true;
};

const drawWorker = ({ phase, managed }) => {
  const alive = phase === "starting" || phase === "ready" || phase === "misconfigured";
  // Hidden, not disabled: the focus moves to the other button.
  hide($("kill"), !managed || !alive);
  hide($("start"), !managed || alive);
  text($("worker-hint"), workerHint(managed, alive));
};

const workerHint = (managed, alive) => {
  if (!managed) return "The playground did not start it: kill and start it yourself.";
  if (alive) return "Like a crash of the machine. Everything that waits is on disk.";
  return "Meanwhile Layer and Nexmo retry, and delays keep running.";
};

/** The switch of the phone that is shown. */
const drawReceiver = ({ users, switches }, view) => {
  const { name, phone } = users.find((one) => one.id === view.person);
  const mode = switches.phones[phone] ?? "fine";
  check("receiver", mode);
  text($("receiver-whose"), `${name}’s phone`);
  text($("receiver-hint"), PHONE[mode][1]);
  attribute($("receiver"), "data-broken", mode !== "fine");
};

export const drawSwitches = (state, view) => {
  const { worker, switches } = state;
  person = view.person;
  check("nexmo", switches.nexmo);
  check("layer", switches.layer);
  text($("nexmo-hint"), NEXMO[switches.nexmo][1]);
  text($("layer-hint"), LAYER[switches.layer][1]);
  attribute($("nexmo"), "data-broken", switches.nexmo !== "fine");
  attribute($("layer"), "data-broken", switches.layer !== "fine");
  text($("exhaust"), `Use up ${state.name[view.person]}’s numbers`);
  attribute($("exhaust"), "title", pool(state.numbers));
  text($("forget"), `Forget ${state.name[view.person]}`);
  attribute($("forget"), "title", "Erases the user record: links, notices, STOP");
  drawReceiver(state, view);
  drawWorker(worker);
};

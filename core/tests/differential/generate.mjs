// Writes durations.json and requests.json: what npm's ms 2.1.3 and layer-api 2.3.3 do with the inputs
// below, which the tests beside this file hold against our own. Run it with node 20 (layer-api uses a
// function that node 23 removed), with npm and openssl on the PATH:
//   node core/tests/differential/generate.mjs
// The packages go to a temporary folder. layer-api speaks TLS to a local server with a certificate made
// for the occasion, so that the requests are those that it really sends.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:https";

const folder = mkdtempSync(join(tmpdir(), "differential-"));
const quiet = { cwd: folder, stdio: ["ignore", "ignore", "inherit"] };

function golden(name, rows) {
  const file = new URL(name, import.meta.url);
  writeFileSync(file, `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`);
}

// --- Durations ---------------------------------------------------------------------------------------

// The same numbers at each run (mulberry32).
let state = 2013;
function below(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % limit;
}
const one = (list) => list[below(list.length)];
const some = (most, make) => Array.from({ length: below(most + 1) }, make).join("");
const digits = (most) => one("0123456789") + some(most - 1, () => one("0123456789"));

const UNITS = [
  "",
  ...(
    "ms msec msecs millisecond milliseconds s sec secs second seconds m min mins minute minutes h hr hrs " +
    "hour hours d day days w week weeks y yr yrs year years"
  ).split(" "),
];
// prettier-ignore
const NUMBERS = [
  "0", "00", "-0", ".0", "1", "1.5", ".5", "-1", "-.5", "007", "0.0001", "1.4999", "2.5", "0.1", "1.005", "99999",
  "285616",
];
// prettier-ignore
const NO_NUMBERS = ["", ".", "-", "1.", "1.2.3", "1-2", "--1", "+1", "1e3", "1,5", "0x10", "1_0", "٣", "NaN", "Infinity"];
// prettier-ignore
const NO_UNITS = ["mo", "month", "msek", "sss", "minutess", "dayz", "wk", "us", "ns", "fortnight", "ſ", "µs", "m s", "s.", "K"];

const anyCase = (text) => [...text].map((c) => (below(2) ? c.toUpperCase() : c)).join("");
const spaces = () => one(["", "", " ", "  ", "   "]);

function number() {
  const whole = below(4) ? digits(one([1, 2, 3, 6, 12])) : "";
  const fraction = whole === "" || below(2) ? `.${digits(one([1, 2, 5]))}` : "";
  return (below(8) ? "" : "-") + whole + fraction;
}

function* durations() {
  for (const amount of NUMBERS) for (const unit of UNITS) yield `${amount}${spaces()}${anyCase(unit)}`;
  for (const amount of NO_NUMBERS) for (const unit of ["", "s", " days"]) yield amount + unit;
  for (const unit of NO_UNITS) for (const amount of ["5", "1.5 ", "-2"]) yield amount + unit;
  for (const space of ["\t", "\n", "\u00a0", "\u2003", "\r\n"]) yield* [`5${space}m`, `5m${space}`, `${space}5m`];
  for (const length of [15, 16, 17, 99, 100, 101])
    yield* ["9", "0", ".1"].map((of) => of.repeat(length).slice(0, length));
  for (const length of [99, 100, 101]) yield* [`1${" ".repeat(length - 2)}m`, `${"0".repeat(length - 2)}1h`];
  for (const large of ["9007199254740992", "9007199254740993", "9007199254740994", "9007199254740991.5"]) yield large;
  for (let i = 0; i < 1100; i += 1) yield `${number()}${spaces()}${anyCase(one(UNITS))}`;
  for (let i = 0; i < 200; i += 1) yield `${number()}${spaces()}${one(UNITS)}${one(["", " "])}${number()}${one(UNITS)}`;
  for (let i = 0; i < 150; i += 1) yield `${one(["", " ", "\n"])}${number()}${one(UNITS)}${one(["", " ", "\t"])}`;
  for (let i = 0; i < 400; i += 1) yield some(7, () => one("0123456789..-- +smhdwyMSinec"));
}

// What a whole number of milliseconds makes of the answer; null where ms reads nothing.
function rounded(ms, text) {
  const millis = text === "" ? undefined : ms(text);
  if (millis === undefined) return null;
  if (millis < 0) return "negative";
  return millis > 2 ** 53 ? "too long" : Math.round(millis) + 0;
}

// Where there are blanks around the text, also what it means without them.
function row(ms, text) {
  const bare = text.trim();
  return bare === text ? [text, rounded(ms, text)] : [text, rounded(ms, text), rounded(ms, bare)];
}

// --- Requests ----------------------------------------------------------------------------------------

const APP = "082d4684-0992-11e5-a6c0-1697f925ec7b";
const CONVERSATION = "c4b8f3de-91a2-4f6e-8b57-2d0a6e9f7c31";
const MESSAGE = "7a1e0c52-0d7b-4a86-9d0f-1c3f5b2e8a10";
const DEDUPE = "b17eed23-65ce-55c5-ae6e-3cd746c4c860";
const USERS = [
  "ann",
  "12345",
  "user-1_2.3~4",
  "00u1a2b3",
  "a".repeat(100),
  "a b",
  "a/b",
  "a?b",
  "a#b",
  "a%20b",
  "a+b",
  "a&b=c",
  "it's",
  "ann@example.com",
  "a:b",
  "zoë",
  "日本",
  "😀",
  "..",
];
const TEXTS = [
  "Hi",
  "",
  " ",
  "two\nlines\r\n",
  'quote " and \\ and /',
  "it's <b>&amp;</b>",
  "tab\tbell\u0007nul\u0000",
  "\b\f\u000b\u001b\u001f\u007f",
  "Zoë €",
  "日本語",
  "😀👩‍👩‍👧",
  "\u2028\u2029\ufeff\ufffd",
  "\u0080\u009f\u00a0",
  '{"a":1}',
  "x".repeat(300),
  "\\u0041 \\n",
];

// Each is [what, arguments of ours, version, how layer-api is called].
function* requests() {
  for (const version of ["1.0", "1.1", "2.0", "3.0"]) {
    yield [
      "get_conversation",
      { conversation: CONVERSATION },
      version,
      (api, done) => api.conversations.get(CONVERSATION, done),
    ];
    yield [
      "get_message",
      { conversation: CONVERSATION, message: MESSAGE },
      version,
      (api, done) => api.messages.get(`layer:///messages/${MESSAGE}`, CONVERSATION, done),
    ];
    yield ["get_identity", { user: "ann" }, version, (api, done) => api.identities.get("ann", done)];
    const sender = version < "2" ? { sender: { user_id: "ann" } } : { sender_id: "layer:///identities/ann" };
    const body = { ...sender, parts: [{ body: "Hi", mime_type: "text/plain" }] };
    yield [
      "post_message",
      { conversation: CONVERSATION, user: "ann", text: "Hi", dedupe: DEDUPE },
      version,
      (api, done) => api.messages.sendDedupe(DEDUPE, CONVERSATION, body, done),
    ];
    if (version === "1.0" || version === "3.0") yield* webhooks(version);
  }
  for (const id of [`layer:///conversations/${CONVERSATION}`, CONVERSATION.toUpperCase(), "c4b8f3de", ""]) {
    yield ["get_conversation", { conversation: id }, "1.0", (api, done) => api.conversations.get(id, done)];
  }
  for (const user of USERS) {
    yield ["get_identity", { user }, "1.0", (api, done) => api.identities.get(user, done)];
    yield [
      "post_message",
      { conversation: CONVERSATION, user, text: "Hi", dedupe: DEDUPE },
      "1.0",
      (api, done) => api.messages.sendTextFromUser(CONVERSATION, user, "Hi", done),
    ];
  }
  for (const text of TEXTS) {
    yield [
      "post_message",
      { conversation: CONVERSATION, user: "ann", text, dedupe: DEDUPE },
      "1.0",
      (api, done) => api.messages.sendTextFromUser(CONVERSATION, "ann", text, done),
    ];
  }
}

// layer-api knows no webhooks; layer-webhooks, whose request.js is the same but for `Accept`, is in no
// registry any more. So its paths and bodies go through layer-api's.
function* webhooks(version) {
  const id = MESSAGE;
  const hook = { name: "Nexmo Integration", target_url: "https://texts.example.com/layer", secret: "Lord of the Mog" };
  const events = ["message.sent", "message.read", "message.delivered", "message.deleted"];
  const body = { target_url: hook.target_url, events, secret: hook.secret, config: { name: hook.name }, version };
  yield ["list", {}, version, (_, done, request) => request.get({ path: "/webhooks" }, done)];
  yield ["create", hook, version, (_, done, request) => request.post({ path: "/webhooks", body }, done)];
  yield ["activate", { id }, version, (_, done, request) => request.post({ path: `/webhooks/${id}/activate` }, done)];
  yield ["delete", { id }, version, (_, done, request) => request.delete({ path: `/webhooks/${id}` }, done)];
}

async function server() {
  execFileSync(
    "openssl",
    (
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem " +
      "-out cert.pem -days 2 -subj /CN=api.layer.com -addext subjectAltName=DNS:api.layer.com"
    ).split(" "),
    { cwd: folder, stdio: "ignore" },
  );
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(join(folder, name)));
  const seen = [];
  const listener = createServer({ key, cert }, async (request, response) => {
    request.setEncoding("utf8");
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    seen.push({ method, path: url, headers, body });
    response.end("{}");
  });
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  const { port } = listener.address();
  return { listener, seen, agentOptions: { host: "127.0.0.1", port, servername: "api.layer.com", ca: [cert] } };
}

async function recorded(require) {
  const LayerApi = require("layer-api");
  const Request = require("layer-api/lib/request.js");
  const { listener, seen, agentOptions } = await server();
  const rows = [];
  for (const [what, args, version, call] of requests()) {
    const config = { token: "t0ken", appId: APP, version, agentOptions };
    let error = null;
    try {
      await new Promise((done) =>
        call(new LayerApi(config), (problem) => done((error = problem ?? null)), new Request(config)),
      );
    } catch (thrown) {
      error = thrown;
    }
    rows.push({ what, version, args, sends: seen.shift() ?? null, failed: error !== null });
  }
  listener.close();
  return rows;
}

try {
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "ms@2.1.3", "layer-api@2.3.3"], quiet);
  const require = createRequire(join(folder, "package.json"));
  const ms = require("ms");
  golden(
    "durations.json",
    [...new Set(durations())].map((text) => row(ms, text)),
  );
  golden("requests.json", await recorded(require));
} finally {
  rmSync(folder, { recursive: true });
}

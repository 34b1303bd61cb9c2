// Runs the built Worker with minimal fakes of Layer and Nexmo, for the console's browser tests and for
// scripts/check-openapi.sh. The strict stand-ins are in standins/.
//
// As a program it prints {"url", "token"} and exits when standard input is closed.
import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const RUNNER = fileURLToPath(new URL("../support/worker-runner.mjs", import.meta.url));
const NUMBERS = ["12025550101", "12025550102", "12025550103"];
const APP = "5c1a9b0e-6f0d-4a57-9d0b-2f6f3c1d7e42";
const SECRET = "test-layer-webhook-secret";

const listening = (answer) =>
  new Promise((ready) => {
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const [status, json] = await answer(request.method, request.url.split("?")[0], body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    });
    server.listen(0, "127.0.0.1", () => ready(server));
  });

const originOf = (server) => `http://127.0.0.1:${server.address().port}`;

/** A fake Layer: webhooks are active at once, and the only users are alice, ben and cara. */
const layer = (state) => (method, path, body) => {
  const [what, id] = path.replace(`/apps/${APP}/`, "").split("/");
  if (what === "webhooks" && method === "GET") return [200, state.webhooks];
  if (what === "webhooks" && id) {
    state.webhooks = state.webhooks.filter((one) => method !== "DELETE" || one.id !== id);
    return [method === "DELETE" ? 204 : 200, state.webhooks.find((one) => one.id === id) ?? {}];
  }
  if (what === "webhooks") {
    const webhook = { ...JSON.parse(body), id: randomUUID(), status: "active" };
    state.webhooks.push(webhook);
    return [201, webhook];
  }
  if (what === "users" && ["alice", "ben", "cara"].includes(id)) {
    return [200, { display_name: id, phone_number: `1555010${id.length}030` }];
  }
  // Asked about a message: the Worker then uses the state from the webhook.
  return [503, {}];
};

/** The credit of the account: slow, wrong or refused as the state says. */
const credit = async ({ answers, refuses, credit }) => {
  await answers;
  if (refuses) return [401, { "error-code": "401", "error-code-label": "authentication failed" }];
  return [200, { value: credit, autoReload: false }];
};

const nexmo = (state) => (method, path, body) => {
  if (path === "/account/get-balance") return credit(state);
  if (path === "/account/numbers") return [200, { count: state.numbers.length, numbers: state.numbers }];
  const form = new URLSearchParams(body);
  if (path === "/number/update") {
    state.numbers.find((one) => one.msisdn === form.get("msisdn")).moHttpUrl = form.get("moHttpUrl");
    return [200, { "error-code": "200", "error-code-label": "success" }];
  }
  state.texts.push(form.get("text"));
  const id = randomUUID();
  state.last = { id, ...Object.fromEntries(form) };
  const status = state.barred
    ? { status: "7", "error-text": "The number is barred" }
    : { status: "0", "message-id": id };
  return [200, { "message-count": "1", messages: [{ to: form.get("to"), ...status }] }];
};

const freePort = async () => {
  const server = await listening(() => [200, {}]);
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
};

export class World {
  static async start(settings = {}) {
    const world = new World();
    world.token = "test-admin-token";
    world.layer = { webhooks: [] };
    world.nexmo = {
      numbers: NUMBERS.map((msisdn) => ({ country: "US", msisdn, features: ["SMS"] })),
      texts: [],
      barred: false,
      credit: 23.4,
      refuses: false,
      // A promise: what Nexmo waits for before it tells the credit.
      answers: null,
    };
    world.servers = await Promise.all([listening(layer(world.layer)), listening(nexmo(world.nexmo))]);
    world.persist = mkdtempSync(join(tmpdir(), "console-"));
    world.port = await freePort();
    world.url = `http://127.0.0.1:${world.port}`;
    world.settings = {
      LAYER_APP_ID: APP,
      LAYER_BEARER_TOKEN: "test-layer-bearer-token",
      LAYER_WEBHOOK_SECRET: SECRET,
      LAYER_API_URL: originOf(world.servers[0]),
      NEXMO_KEY: "test1234",
      NEXMO_SECRET: "test-nexmo-secret",
      NEXMO_NUMBERS: NUMBERS.join(","),
      NEXMO_API_URL: originOf(world.servers[1]),
      SERVER_URL: world.url,
      DELAY: "0",
      ADMIN_TOKEN: world.token,
      ...settings,
    };
    await world.run();
    return world;
  }

  async run() {
    const { port, persist, settings } = this;
    const options = JSON.stringify({ port, persist, settings });
    this.child = spawn(process.execPath, [RUNNER, options], { stdio: ["pipe", "pipe", "inherit"] });
    this.logs ??= [];
    await new Promise((ready, failed) => {
      this.child.once("exit", () => failed(new Error("the Worker exited")));
      createInterface({ input: this.child.stdout }).on("line", (line) => {
        const output = JSON.parse(line);
        if (output.entry) ready();
        else if (output.failed) failed(new Error(output.failed));
        else this.logs.push(output.log);
      });
    });
  }

  async halt() {
    this.child.removeAllListeners("exit");
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.stdin.end();
    await ended;
  }

  async stop() {
    await this.halt();
    this.servers.forEach((server) => server.close());
    rmSync(this.persist, { recursive: true, force: true });
  }

  /** Restarts the Worker with other settings, or after `change` has edited the statistics' database. */
  async restart({ settings = {}, change } = {}) {
    await this.halt();
    if (change) {
      const folder = join(this.persist, "do/layer-nexmo-Statistics");
      const file = readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
      const database = new DatabaseSync(join(folder, file));
      change(database);
      database.close();
    }
    Object.assign(this.settings, settings);
    await this.run();
  }

  async admin(path, method = "GET") {
    const answer = await fetch(`${this.url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
    });
    return answer.json();
  }

  /** Sends the webhook of a message from alice to a user. */
  async say(conversation, user, text) {
    const id = randomUUID();
    const body = JSON.stringify({
      event: { type: "message.sent" },
      config: { name: "Nexmo Integration" },
      message: {
        id: `layer:///messages/${id}`,
        conversation: { id: `layer:///conversations/${conversation}` },
        parts: [{ mime_type: "text/plain", body: text }],
        sent_at: new Date().toISOString(),
        sender: { user_id: "alice" },
        recipient_status: { alice: "read", [user]: "sent" },
      },
    });
    const signature = createHmac("sha1", SECRET).update(body).digest("hex");
    const answer = await fetch(`${this.url}/nexmo-new-message`, {
      method: "POST",
      body,
      headers: { "layer-webhook-signature": signature },
    });
    if (answer.status !== 200)
      throw new Error(`the webhook was answered with ${answer.status}: ${await answer.text()}`);
    return id;
  }

  /** Sends a text from a phone to the first number, at the URL that setup gave it. */
  async text(phone, words) {
    await this.admin("setup", "POST");
    const [{ msisdn, moHttpUrl }] = this.nexmo.numbers;
    const fields = new URLSearchParams({ msisdn: phone, to: msisdn, messageId: randomUUID(), text: words });
    const answer = await fetch(moHttpUrl, { method: "POST", body: fields });
    if (answer.status !== 200) throw new Error(`the text was answered with ${answer.status}`);
  }

  /** Sends the delivery receipt of the last text, as Nexmo does. */
  async receipt(status, code) {
    const { id, to: phone, from: number, callback, "client-ref": reference } = this.nexmo.last;
    const fields = { msisdn: phone, to: number, messageId: id, status, "err-code": code, "client-ref": reference };
    const answer = await fetch(callback, { method: "POST", body: new URLSearchParams(fields) });
    if (answer.status !== 200) throw new Error(`the receipt was answered with ${answer.status}`);
  }

  /** Waits until `done` returns true for a user's record. */
  async record(user, done) {
    for (const end = Date.now() + 20_000; ;) {
      const record = await this.admin(`users/${encodeURIComponent(user)}`);
      if (done(record)) return record;
      if (Date.now() > end)
        throw new Error(`${user}'s record stayed ${JSON.stringify(record)}; ${JSON.stringify(this.logs.slice(-5))}`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const world = await World.start();
  console.log(JSON.stringify({ url: world.url, token: world.token }));
  process.stdin.resume().on("end", () => world.stop());
}

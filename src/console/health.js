// Whether the configuration is whole, what is wrong with it, and every setting.
import { ask } from "./api.js";
import { card, chip, h, table } from "./dom.js";

export const problems = (all) =>
  card("These settings are not right",
    h("p", {}, "Nothing is texted until they are. Layer and Nexmo send again what they could not deliver."),
    h("ul", { class: "plain" }, all.map((one) =>
      h("li", { class: "problem" }, h("code", {}, one.setting), h("p", {}, one.problem), h("p", { class: "muted" }, `Expected: ${one.expected}`)))));

const value = (one) => {
  if (one.secret) return one.set ? chip("set, secret") : h("span", { class: "muted" }, "not set");
  if (one.set) return h("code", {}, one.value);
  return h("span", { class: "muted" }, one.default ? h("code", {}, one.default) : "not set", one.default && " by default");
};

export const health = async () => {
  const { version, ok, settings, problems: wrong } = await ask("settings");
  const named = new Set(wrong.map((one) => one.setting));
  const rows = settings.map((one) => ({
    kind: named.has(one.name) && "bad",
    cells: [h("span", { title: one.expected }, h("code", {}, one.name), one.required && h("span", { class: "muted small" }, " required")), value(one)],
  }));
  return [
    ok
      ? card(null, h("p", { class: "lead" }, chip("ok", "good"), " Every setting is right."), h("p", { class: "muted" }, `Version ${version}`))
      : problems(wrong),
    card("Settings", table(["Setting", "Value"], rows, { class: "settings" })),
  ];
};

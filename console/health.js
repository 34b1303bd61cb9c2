// Whether the configuration is valid, its problems, and all settings.
import { request } from "./api.js";
import { card, chip, h, table } from "./dom.js";

export const problemCard = (problems) =>
  card(
    "Some settings are invalid",
    h("p", {}, "No texts are sent until they are corrected. Layer and Nexmo retry the webhooks that failed."),
    h(
      "ul",
      { class: "plain" },
      problems.map((one) =>
        h(
          "li",
          { class: "problem" },
          h("code", {}, one.setting),
          h("p", {}, one.problem),
          h("p", { class: "muted" }, `Expected: ${one.expected}`),
        ),
      ),
    ),
  );

const value = (one) => {
  if (one.secret) return one.set ? chip("set, secret") : h("span", { class: "muted" }, "not set");
  if (one.set) return h("code", {}, one.value);
  return h(
    "span",
    { class: "muted" },
    one.default ? h("code", {}, one.default) : "not set",
    one.default && " by default",
  );
};

export const healthView = async () => {
  const { version, ok, settings, problems } = await request("settings");
  const invalid = new Set(problems.map((one) => one.setting));
  const rows = settings.map((one) => ({
    kind: invalid.has(one.name) && "bad",
    cells: [
      h(
        "span",
        { title: one.expected },
        h("code", {}, one.name),
        one.required && h("span", { class: "muted small" }, " required"),
      ),
      value(one),
    ],
  }));
  return [
    ok
      ? card(
          null,
          h("p", { class: "lead" }, chip("ok", "good"), " All settings are valid."),
          h("p", { class: "muted" }, `Version ${version}`),
        )
      : problemCard(problems),
    card("Settings", table(["Setting", "Value"], rows, { class: "settings" })),
  ];
};

// Whether the configuration is valid and the services are well, its problems, and all settings.
import { request } from "./api.js";
import { card, chip, h, lead, muted, table } from "./dom.js";
import { servicesCard } from "./services.js";

const problem =
  (kind) =>
  ({ setting, problem, expected }) =>
    h("li", { class: kind }, h("code", {}, setting), h("p", {}, problem), muted(`Expected: ${expected}`));

export const problemCard = (problems) =>
  card(
    "Some settings are invalid",
    h("p", {}, "No texts are sent until they are corrected. The chat and Nexmo retry the webhooks that failed."),
    h("ul", { class: "plain" }, problems.map(problem("problem"))),
  );

const warningCard = (warnings) =>
  card(
    "Set, but without a meaning",
    h("p", {}, "These names are no settings. Texts are sent all the same."),
    h("ul", { class: "plain" }, warnings.map(problem("problem mild"))),
  );

const soft = (...children) => h("span", { class: "muted" }, children);

const name = ({ name, expected, required }) => {
  const remark = required && h("span", { class: "muted small" }, " required");
  return h("span", { title: expected }, h("code", {}, name), remark);
};

const value = (setting) => {
  if (setting.secret) return setting.set ? chip("set, secret") : soft("not set");
  if (setting.set) return h("code", {}, setting.value);
  return setting.default ? soft(h("code", {}, setting.default), " by default") : soft("not set");
};

const settingsTable = (settings, problems) => {
  const invalid = new Set(problems.map((one) => one.setting));
  const rows = settings.map((one) => ({ kind: invalid.has(one.name) && "bad", cells: [name(one), value(one)] }));
  return table(["Setting", "Value"], rows, { class: "settings" });
};

/** The name of the chat, by the setting CHAT. */
const chatOf = (settings) => {
  const { value, default: usual } = settings.find(({ name }) => name === "CHAT");
  return (value ?? usual) === "matrix" ? "Matrix homeserver" : "Layer";
};

export const healthView = async () => {
  const { version, ok, settings, problems, warnings } = await request("settings");
  const good = () => card(null, lead(chip("ok", "good"), " All settings are valid."), muted(`Version ${version}`));
  return [
    ok ? good() : problemCard(problems),
    ok && servicesCard(chatOf(settings)),
    warnings.length > 0 && warningCard(warnings),
    card("Settings", settingsTable(settings, problems)),
  ].filter(Boolean);
};

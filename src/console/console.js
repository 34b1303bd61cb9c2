// Signing in and out, and which view is shown.
import { activity } from "./activity.js";
import { Refused, ask, forget, keep, token } from "./api.js";
import { button, card, h } from "./dom.js";
import { health, problems } from "./health.js";
import { numbers } from "./numbers.js";
import { registration } from "./registration.js";
import { users } from "./users.js";

const VIEWS = {
  health: ["Health and settings", health],
  registration: ["Registration", registration],
  activity: ["What happened", activity],
  numbers: ["How many numbers do I need?", numbers],
  users: ["Users", users],
};
const bar = document.getElementById("bar");
const main = document.getElementById("main");

const signOut = (why) => {
  forget();
  bar.hidden = true;
  document.title = "Sign in · Texts";
  const field = h("input", { id: "token", type: "password", autocomplete: "current-password", required: true, spellcheck: "false" });
  const said = h("p", { id: "why", class: "bad", role: "alert" }, why);
  const signIn = async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      // A header carries no other characters; the token is none of them then.
      if (!/^[\x20-\x7e]+$/.test(field.value.trim())) throw new Refused(401);
      keep(field.value.trim());
      await ask("settings");
      show();
    } catch (error) {
      forget();
      said.textContent = error.status === 401 ? "That is not the token." : error.message;
      field.select();
    }
  };
  main.replaceChildren(h("form", { class: "sign-in card", onsubmit: signIn },
    h("h1", {}, "Texts"), h("p", { class: "muted" }, "The operator's console."),
    h("label", { for: "token" }, "Token"), field, said,
    h("button", { class: "main" }, "Sign in"),
    h("p", { class: "muted small" }, "It is the Worker's secret ADMIN_TOKEN. This tab keeps it until it is closed.")));
  field.focus();
};

const mark = (link) => {
  link.setAttribute("aria-current", "page");
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
};

let shown = 0;

/** Shows the view that the address names; one that answers after another was chosen is not shown. */
const show = async () => {
  if (!token()) return signOut("");
  const turn = ++shown;
  const [name, rest] = location.hash.slice(2).split("/", 2);
  const [title, view] = VIEWS[name] ?? VIEWS.health;
  bar.hidden = false;
  document.title = `${title} · Texts`;
  for (const link of bar.querySelectorAll("nav a")) {
    if (link.hash === `#/${VIEWS[name] ? name : "health"}`) mark(link);
    else link.removeAttribute("aria-current");
  }
  const body = h("div", { class: "view" }, h("p", { class: "muted" }, "Asking the Worker …"));
  const again = button("Refresh", () => show(), "quiet");
  main.replaceChildren(h("div", { class: "row head" }, h("h1", { tabindex: "-1" }, title), again), body);
  main.querySelector("h1").focus({ preventScroll: true });
  await run(body, turn, () => view(rest && decodeURIComponent(rest)));
};

const run = async (body, turn, view) => {
  let content;
  try {
    content = await view();
  } catch (error) {
    if (error.status === 401) return signOut("The token is not right any more.");
    content = failure(error);
  }
  if (turn === shown) body.replaceChildren(...[content].flat());
};

const failure = (error) => {
  if (!(error instanceof Refused)) throw error;
  if (error.body?.problems) return problems(error.body.problems);
  return card("No answer", h("p", {}, error.message, " Its log says more."));
};

document.getElementById("out").addEventListener("click", () => signOut(""));
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", show);
show();

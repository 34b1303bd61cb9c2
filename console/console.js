// Sign-in, sign-out and routing between the views.
import { activityView } from "./activity.js";
import { RequestError, clearToken, request, saveToken, token } from "./api.js";
import { button, card, h, muted, note } from "./dom.js";
import { healthView, problemCard } from "./health.js";
import { numbersView } from "./numbers.js";
import { registrationView } from "./registration.js";
import { usersView } from "./users.js";

const VIEWS = {
  health: ["Health and settings", healthView],
  registration: ["Registration", registrationView],
  activity: ["Activity", activityView],
  numbers: ["How many numbers do I need?", numbersView],
  users: ["Users", usersView],
};
const bar = document.getElementById("bar");
const main = document.getElementById("main");

/** Keeps the token if the Worker accepts it, and shows the view. */
const signIn = async (field, message) => {
  const value = field.value.trim();
  message.textContent = "";
  try {
    // Other characters cannot be sent in a header, so the token cannot be right.
    if (!/^[\x20-\x7e]+$/.test(value)) throw new RequestError(401);
    saveToken(value);
    await request("settings");
    show();
  } catch (error) {
    clearToken();
    message.textContent = error.status === 401 ? "Wrong token." : error.message;
    field.select();
  }
};

const signInForm = (field, message) => {
  const onsubmit = (event) => {
    event.preventDefault();
    signIn(field, message);
  };
  return h(
    "form",
    { class: "sign-in card", onsubmit },
    h("h1", {}, "Texts"),
    muted("Operator console"),
    h("label", { for: "token" }, "Token"),
    field,
    message,
    h("button", { class: "main" }, "Sign in"),
    note("The value of the Worker's secret ADMIN_TOKEN. It is kept until this tab is closed."),
  );
};

/** Clears the token and shows the sign-in form, with a message if there is a reason. */
const signOut = (reason) => {
  clearToken();
  bar.hidden = true;
  document.title = "Sign in · Texts";
  const attributes = { id: "token", type: "password", autocomplete: "current-password", required: true };
  const field = h("input", { ...attributes, spellcheck: "false" });
  const message = h("p", { id: "why", class: "bad", role: "alert" }, reason);
  main.replaceChildren(signInForm(field, message));
  field.focus();
};

/** Marks the link to a view in the navigation. */
const markCurrent = (name) => {
  for (const link of bar.querySelectorAll("nav a")) {
    if (link.hash === `#/${name}`) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
};

/** Counts navigations, so that the response of a view that was left is dropped. */
let latest = 0;

/** Shows the view named in the URL's fragment. */
const show = async () => {
  if (!token()) return signOut("");
  const navigation = ++latest;
  const [wanted, rest] = location.hash.slice(2).split("/", 2);
  const name = VIEWS[wanted] ? wanted : "health";
  const [title, view] = VIEWS[name];
  bar.hidden = false;
  document.title = `${title} · Texts`;
  markCurrent(name);
  const body = h("div", { class: "view" }, muted("Loading …"));
  const refresh = button("Refresh", () => show(), "quiet");
  main.replaceChildren(h("div", { class: "row head" }, h("h1", { tabindex: "-1" }, title), refresh), body);
  main.querySelector("h1").focus({ preventScroll: true });
  await load(body, navigation, () => view(rest && decodeURIComponent(rest)));
};

const load = async (body, navigation, view) => {
  let content;
  try {
    content = await view();
  } catch (error) {
    if (error.status === 401) return signOut("The token is no longer valid.");
    content = errorCard(error);
  }
  if (navigation === latest) body.replaceChildren(...[content].flat());
};

const errorCard = (error) => {
  if (!(error instanceof RequestError)) throw error;
  if (error.body?.problems) return problemCard(error.body.problems);
  return card("Request failed", h("p", {}, error.message, " See the Worker's log."));
};

document.getElementById("out").addEventListener("click", () => signOut(""));
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", show);
show();

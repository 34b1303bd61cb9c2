// The playground's server: polling its state, and sending actions.

import { $ } from "./dom.js";

/** Milliseconds between two requests for the state. */
const PERIOD = 300;

let tag = null;
let listener = () => {};
let gone = () => {};
let timer;

/** Polls the state: calls `onState` with each new one, and `onGone` while the server does not respond. */
export const follow = (onState, onGone) => {
  listener = onState;
  gone = onGone;
  return poll();
};

const poll = async () => {
  clearTimeout(timer);
  try {
    const answer = await fetch("/api/state", { headers: tag ? { "if-none-match": tag } : {}, cache: "no-store" });
    if (answer.status === 200) {
      const state = await answer.json();
      tag = answer.headers.get("etag");
      listener(state);
    }
  } catch (error) {
    tag = null;
    if (error instanceof TypeError) gone();
    else console.error(error);
  }
  clearTimeout(timer);
  timer = setTimeout(poll, document.hidden ? 2000 : PERIOD);
};

/** Sends an action. Shows the error if it fails; returns whether it succeeded. */
export const act = async (body) => {
  const answer = await fetch("/api/act", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (!answer?.ok) {
    const said = await answer?.json().catch(() => null);
    toast(said?.error ?? "That did not work.");
  }
  await poll();
  return answer?.ok ?? false;
};

/** The curl command of a webhook. */
export const command = async (id) => (await fetch(`/api/curl/${id}`)).text();

let fading;

/** Shows a short text at the bottom of the page for six seconds. */
export const toast = (words) => {
  const node = $("toast");
  node.textContent = words.charAt(0).toUpperCase() + words.slice(1);
  node.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => (node.hidden = true), 6000);
};

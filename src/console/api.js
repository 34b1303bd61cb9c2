// What the Worker is asked, with the token that this tab keeps until it is closed.

const KEPT = "console.token";

export const token = () => sessionStorage.getItem(KEPT);
export const keep = (value) => sessionStorage.setItem(KEPT, value);
export const forget = () => sessionStorage.removeItem(KEPT);

/** Why a question had no answer to show. */
export class Refused extends Error {
  constructor(status, body) {
    super(status ? `The Worker answered ${status}.` : "The Worker could not be reached.");
    this.status = status;
    this.body = body;
  }
}

/** Statuses in `welcome` are answers too: a repair that failed comes as 502 with its report. */
export const ask = async (path, { method = "GET", welcome = [] } = {}) => {
  const headers = { authorization: `Bearer ${token() ?? ""}` };
  const answer = await fetch(`/admin/${path}`, { method, headers, cache: "no-store" }).catch(() => {
    throw new Refused(0);
  });
  const body = await answer.json().catch(() => null);
  if (!answer.ok && !welcome.includes(answer.status)) throw new Refused(answer.status, body);
  return body;
};

export const user = (id) => `users/${encodeURIComponent(id)}`;

// Calls to the admin API. The token is kept in sessionStorage, until the tab is closed.

const TOKEN_KEY = "console.token";

export const token = () => sessionStorage.getItem(TOKEN_KEY);
export const saveToken = (value) => sessionStorage.setItem(TOKEN_KEY, value);
export const clearToken = () => sessionStorage.removeItem(TOKEN_KEY);

/** A request without a usable response. `status` is 0 if the Worker could not be reached. */
export class RequestError extends Error {
  constructor(status, body) {
    super(status ? `The Worker answered ${status}.` : "The Worker could not be reached.");
    this.status = status;
    this.body = body;
  }
}

const send = (path, method) => {
  const headers = { authorization: `Bearer ${token() ?? ""}` };
  return fetch(`/admin/${path}`, { method, headers, cache: "no-store" }).catch(() => {
    throw new RequestError(0);
  });
};

/**
 * Returns the response's JSON, or throws a RequestError. Error statuses in `accept` return their JSON as well: a
 * failed repair is a 502 with a report. Without JSON, a 502 is that of a proxy.
 */
export const request = async (path, { method = "GET", accept = [] } = {}) => {
  const response = await send(path, method);
  const body = await response.json().catch(() => null);
  const isReport = body && accept.includes(response.status);
  if (!response.ok && !isReport) throw new RequestError(response.status, body);
  return body;
};

/** Returns the response's text, or throws a RequestError. */
export const requestText = async (path) => {
  const response = await send(path, "GET");
  if (!response.ok) throw new RequestError(response.status);
  return response.text();
};

export const userPath = (id) => `users/${encodeURIComponent(id)}`;

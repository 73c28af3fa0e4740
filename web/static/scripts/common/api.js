import { OWNER } from "./settings.js";
import { leaveSession } from "./signed-out.js";

/**
 * Send a request to the HTTP API, as whom the page was made for. Rejects if no answer comes.
 * @param {string} path
 * @param {object} [payload]  is posted
 */
export async function callApi(path, payload) {
  const owner = { "Live-Digits-Owner": encodeURIComponent(OWNER) };
  const response = await fetch(path, payload ? asPosted(payload, owner) : { headers: owner });
  if (response.status === 401) leaveSession();
  return response;
}

/**
 * @param {object} payload
 * @param {Record<string, string>} headers
 * @returns {RequestInit}
 */
function asPosted(payload, headers) {
  const type = { "Content-Type": "application/json" };
  return { method: "POST", headers: { ...headers, ...type }, body: JSON.stringify(payload) };
}

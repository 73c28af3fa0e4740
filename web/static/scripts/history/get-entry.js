import { callApi } from "../common/api.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { EntryAnswer } from "../common/contract.js"
 */

const RETRY_MS = 1_000;

/**
 * Ask for an entry until the server answers.
 * @param {Connection} connection
 * @param {string} id
 * @returns {Promise<EntryAnswer>}
 */
export async function getEntry(connection, id) {
  for (;;) {
    await connection.connected();
    try {
      const response = await callApi(`/api/predictions/${encodeURIComponent(id)}`);
      return await response.json();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

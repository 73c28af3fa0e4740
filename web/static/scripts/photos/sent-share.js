/**
 * Return the share of a message that has been sent, 0 to 1. An empty message is sent at once.
 * @param {number} waitingBytes  still in the browser's send buffer, messages before it included
 * @param {number} totalBytes
 */
export function sentShare(waitingBytes, totalBytes) {
  return totalBytes > 0 ? 1 - Math.min(1, waitingBytes / totalBytes) : 1;
}

/**
 * How a page connects to its server, and comes back: each at a moment of its own within 2 s, or
 * after a restart all would come at once.
 */
export const TRANSPORT = {
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnectionDelay: 250,
  reconnectionDelayMax: 2_000,
  randomizationFactor: 1,
};

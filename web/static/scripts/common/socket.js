import { io } from "socket.io-client";

/**
 * Open a socket that comes back after each break: every page at a moment of its own within 2 s, or
 * after a restart all would come at once.
 *
 * It begins with a WebSocket. Some networks let none through: after a refusal, long polling is next.
 * If one is closed or left without an answer, the next attempt begins with the other transport.
 *
 * @param {Partial<import("socket.io-client").ManagerOptions & import("socket.io-client").SocketOptions>} options
 * @param {string} [url]  by default the page's own server
 * @returns {import("socket.io-client").Socket}
 */
export function openSocket(options, url) {
  const transports = ["websocket", "polling"];
  const socket = io(url, {
    transports,
    tryAllTransports: true,
    timeout: 8_000,
    reconnectionDelay: 250,
    reconnectionDelayMax: 2_000,
    randomizationFactor: 1,
    ...options,
  });
  socket.on("connect_error", ({ message }) => {
    if (message === "timeout") transports.reverse();
  });
  return socket;
}

import { Connection } from "./connection.js";
import { ConnectionBadge } from "./connection-badge.js";
import { MessageLine } from "./message-line.js";
import { followSignIn } from "./other-tabs.js";
import { UpdateNotice } from "./update-notice.js";

/**
 * @import { Problem } from "./contract.js"
 * @import { ReloadRules } from "./update-notice.js"
 */

/** The parts that the draw page and the history page share. */
export class LivePage {
  connection = Connection.open();
  message = new MessageLine();
  #leaving = new AbortController();

  constructor() {
    followSignIn(this.signal);
    addEventListener("pagehide", () => this.#leaving.abort());
    // What was closed stays closed: a page from the back/forward cache starts anew.
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    this.connection.socket.on("slow_down", () =>
      this.message.tellBriefly("You are sending too fast; the server is slowing you down."),
    );
  }

  /** Aborts when the page is left, and closes what the parts of the page have opened. */
  get signal() {
    return this.#leaving.signal;
  }

  /** @param {Problem} failure */
  warn = (failure) => this.message.warn(failure.message);

  /**
   * Show the lines about the connection and about an update of the server.
   * @param {ReloadRules} rules
   * @returns {ConnectionBadge}
   */
  watch(rules) {
    const { socket } = this.connection;
    new UpdateNotice(socket, rules, this.signal);
    return new ConnectionBadge(socket, rules.untilPenUp);
  }
}

import { Connection } from "./connection.js";
import { ConnectionBadge } from "./connection-badge.js";
import { MessageLine } from "./message-line.js";
import { followSignIn } from "./other-tabs.js";
import { hideWhileAway } from "./private-page.js";
import { allKnown } from "./storage.js";
import { UpdateNotice } from "./update-notice.js";

/**
 * @import { Problem } from "./contract.js"
 * @import { ReloadRules } from "./update-notice.js"
 */

/** The parts that the draw page and the history page share. */
export class LivePage {
  connection = Connection.open();
  message = new MessageLine();
  badge;
  /** @type {(rules: ReloadRules) => void} */ #giveRules = () => {};
  /** Given when all scripts have come. @type {Promise<ReloadRules>} */ #rules = new Promise(
    (resolve) => {
      this.#giveRules = resolve;
    },
  );
  #leaving = new AbortController();
  /** What the page knew of the browser's storage when it was left. */
  #stored = "";

  constructor() {
    const { socket } = this.connection;
    this.badge = new ConnectionBadge(socket, async () => (await this.#rules).untilPenUp());
    new UpdateNotice(socket, this.#rules, this.signal);
    followSignIn();
    hideWhileAway();
    addEventListener("pagehide", ({ persisted }) => this.#leave(persisted));
    addEventListener("pageshow", ({ persisted }) => persisted && this.#comeBack());
    socket.on("slow_down", () =>
      this.message.tellBriefly("You are sending too fast; the server is slowing you down."),
    );
  }

  /** Aborts when the page is closed, and closes what the parts of the page have opened. */
  get signal() {
    return this.#leaving.signal;
  }

  /** @param {Problem} failure */
  warn = (failure) => this.message.warn(failure.message);

  /** Say that the page works, and when it may be reloaded or moved. @param {ReloadRules} rules */
  follow(rules) {
    this.#giveRules(rules);
    document.body.dataset.ready = "";
  }

  /** @param {boolean} isKept  in the browser's back/forward cache, from which it may come back */
  #leave(isKept) {
    this.connection.leave();
    this.#stored = allKnown();
    if (!isKept) this.#leaving.abort();
  }

  /** Work on, unless a later page has changed what this one had stored: then begin anew. */
  #comeBack() {
    if (allKnown() === this.#stored) this.connection.resume();
    else location.reload();
  }
}

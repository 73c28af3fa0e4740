import { find } from "./find.js";

/**
 * @import { DigitsSocket } from "./contract.js"
 *
 * @typedef {object} ReloadRules
 * @property {() => Promise<void>} untilPenUp  resolves when nobody is drawing
 * @property {() => boolean} losesNothing  whether a reload loses nothing, not even an undo
 */

/**
 * The line that says the server has been updated, with a button to reload the page. The page
 * reloads by itself if that loses nothing: at once, or when it is next hidden.
 */
export class UpdateNotice {
  #line = find("#outdated", HTMLElement);
  #rules;
  /** The version of the server's contract; null: the same as the page's.
   * @type {number | null} */
  #version = null;

  /**
   * @param {DigitsSocket} socket
   * @param {Promise<ReloadRules>} rules
   * @param {AbortSignal} signal
   */
  constructor(socket, rules, signal) {
    this.#rules = rules;
    socket.on("outdated", ({ version }) => this.#tell(version));
    find("#reload", HTMLButtonElement).addEventListener("click", () => location.reload());
    const reloadIfHidden = () => document.hidden && this.#reloadIfIdle();
    document.addEventListener("visibilitychange", reloadIfHidden, { signal });
  }

  /** @param {number} version */
  async #tell(version) {
    this.#version = version;
    await (await this.#rules).untilPenUp(); // the line moves the paper
    this.#line.hidden = await this.#reloadIfIdle();
  }

  /**
   * Reload if that loses nothing, and at most once for a version, so that servers of two versions
   * behind one address start no loop.
   * @returns {Promise<boolean>} whether it reloads
   */
  async #reloadIfIdle() {
    const done = reloadedFor();
    if (this.#version === null || done.includes(this.#version)) return false;
    if (!(await this.#rules).losesNothing()) return false;
    history.replaceState({ reloadedFor: [...done, this.#version] }, "");
    location.reload();
    return true;
  }
}

/**
 * Return the versions that this page has reloaded for. They are in the browser's history, which
 * survives a reload even where storage is forbidden.
 * @returns {number[]}
 */
function reloadedFor() {
  return history.state?.reloadedFor ?? [];
}

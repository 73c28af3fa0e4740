import { find } from "../common/find.js";

/**
 * @import { Problem } from "../common/contract.js"
 */

const FIRST_RETRY_MS = 3_000;
const LAST_RETRY_MS = 30_000;

/** The notice that entries could not be loaded. Tries again by itself, less and less often. */
export class RetryNotice {
  #notice = find("#load-failed", HTMLElement);
  #retry;
  #wait_ms = FIRST_RETRY_MS;
  #timer = 0;

  /** @param {() => void} retry */
  constructor(retry) {
    this.#retry = retry;
    find("button", HTMLButtonElement, this.#notice).addEventListener("click", retry);
  }

  /** @param {Problem | null} failure  null: it is loaded */
  show(failure) {
    clearTimeout(this.#timer);
    this.#notice.hidden = failure === null;
    if (!failure) {
      this.#wait_ms = FIRST_RETRY_MS;
      return;
    }
    const sentence = `${failure.message} Trying again.`;
    find("span", HTMLElement, this.#notice).textContent = sentence;
    this.#timer = setTimeout(this.#retry, this.#wait_ms);
    this.#wait_ms = Math.min(2 * this.#wait_ms, LAST_RETRY_MS);
  }
}

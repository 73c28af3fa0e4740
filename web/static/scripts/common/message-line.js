import { find } from "./find.js";

/** One sentence for the user. */
export class MessageLine {
  #line = find("#message", HTMLElement);

  /** @param {string} sentence */
  tell(sentence) {
    this.#show("status", sentence);
  }

  /** @param {string} sentence */
  warn(sentence) {
    this.#show("alert", sentence);
  }

  clear() {
    this.#show("status", "");
  }

  /**
   * @param {"status" | "alert"} role
   * @param {string} sentence
   */
  #show(role, sentence) {
    this.#line.role = role;
    this.#line.textContent = sentence;
  }
}

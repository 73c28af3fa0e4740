import { find } from "./find.js";

const BRIEF_MS = 4_000;

/** The line that shows one sentence for the user. */
export class MessageLine {
  #line = find("#message", HTMLElement);
  #timer = 0;

  /** @param {string} sentence */
  tell(sentence) {
    this.#show("status", sentence);
  }

  /** Show a sentence that soon goes by itself. @param {string} sentence */
  tellBriefly(sentence) {
    this.#show("status", sentence);
    this.#timer = setTimeout(() => this.clear(), BRIEF_MS);
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
    clearTimeout(this.#timer);
    this.#line.role = role;
    this.#line.textContent = sentence;
  }
}

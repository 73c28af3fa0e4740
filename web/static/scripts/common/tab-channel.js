/**
 * Messages between the pages of this browser. A page that waits in the back/forward cache hears
 * none: one message would have the browser discard it.
 */
export class TabChannel {
  #name;
  #onMessage;
  #onOpen;
  /** @type {BroadcastChannel | null} */ #channel = null;

  /**
   * @param {string} name
   * @param {(message: any) => void} onMessage
   * @param {(post: (message: unknown) => void) => void} [onOpen]  when the page comes or comes back
   */
  constructor(name, onMessage, onOpen = () => {}) {
    this.#name = name;
    this.#onMessage = onMessage;
    this.#onOpen = onOpen;
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#open());
    this.#open();
  }

  /** @param {unknown} message */
  post(message) {
    this.#channel?.postMessage(message);
  }

  #open() {
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.addEventListener("message", ({ data }) => this.#onMessage(data));
    this.#onOpen((message) => this.post(message));
  }

  #close() {
    this.#channel?.close();
    this.#channel = null;
  }
}

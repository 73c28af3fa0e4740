import { find } from "./find.js";
import { localStore } from "./storage.js";

/**
 * A key and its action, or a gesture that is only listed.
 * @typedef {object} Shortcut
 * @property {string} keys  as shown, "Ctrl+Z"; alternatives are separated by ", "
 * @property {string} does
 * @property {() => void} [act]
 */

const NAME = "single-keys";

/** Keyboard shortcuts for the buttons, and the help sheet that lists them. */
export class Shortcuts {
  #help = find("#help", HTMLDialogElement);
  #singleKeys = find("#single-keys", HTMLInputElement);
  /** @type {Map<string, () => void>} */ #actions = new Map();

  /**
   * @param {Shortcut[]} shortcuts
   * @param {AbortSignal} signal
   */
  constructor(shortcuts, signal) {
    const list = find("#shortcuts", HTMLElement);
    for (const { keys, does, act } of shortcuts) {
      list.append(row(keys, does));
      if (act) for (const key of keys.split(", ")) this.#actions.set(key.toLowerCase(), act);
    }
    this.#actions.set("?", () => this.#help.showModal());
    this.#singleKeys.checked = localStore.get(NAME, true);
    this.#singleKeys.addEventListener("change", () =>
      localStore.set(NAME, this.#singleKeys.checked),
    );
    find("#help-toggle", HTMLButtonElement).addEventListener("click", () => this.#help.showModal());
    this.#help.addEventListener(
      "click",
      ({ target }) => target === this.#help && this.#help.close(),
    );
    addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const isHeld = event.ctrlKey || event.metaKey;
    if (document.querySelector("dialog[open]") || (!isHeld && !this.#singleKeys.checked)) return;
    if (isTyping(event.target) || (event.key === "Enter" && isPressed(event.target))) return;
    const key = `${isHeld ? "ctrl+" : ""}${isHeld && event.shiftKey ? "shift+" : ""}${event.key}`;
    const act = this.#actions.get(key.toLowerCase());
    if (!act || event.altKey) return;
    event.preventDefault();
    act();
  }
}

/**
 * @param {string} keys
 * @param {string} does
 */
function row(keys, does) {
  const group = document.createElement("div");
  const term = document.createElement("dt");
  const description = document.createElement("dd");
  for (const key of keys.split(", ")) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
  }
  description.textContent = does;
  group.append(term, description);
  return group;
}

/** Return whether the keys are meant for the focused field. @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && target.type === "text")
  );
}

/** Return whether Enter presses the focused element. @param {EventTarget | null} target */
function isPressed(target) {
  const pressed = "a, button, select, summary, input:not([type=checkbox], [type=radio])";
  return target instanceof Element && target.matches(pressed);
}

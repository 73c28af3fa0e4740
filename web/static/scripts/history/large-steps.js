import { find } from "../common/find.js";
import { imageUrl } from "../common/image-url.js";
import { onSwipe } from "./swipe.js";

/**
 * @import { Entry } from "../common/contract.js"
 * @import { Neighbors, Side } from "./neighbors.js"
 *
 * @typedef {object} Listener
 * @property {(entry: Entry) => void} onStep  to this entry
 * @property {() => void} onWait  the next one has to come from the server first
 */

/** @type {Side[]} */ const SIDES = ["older", "newer"];
const FIELDS = "input, textarea";
const WAIT_MS = 500;

/** The ways from an open entry to its neighbors: buttons, arrow keys and a swipe. */
export class LargeSteps {
  #dialog = find("#large", HTMLDialogElement);
  #buttons = {
    newer: find("#large .newer", HTMLButtonElement),
    older: find("#large .older", HTMLButtonElement),
  };
  #neighbors;
  #listener;
  /** The side whose neighbor is awaited. @type {Side | null} */ #awaited = null;
  #turn = 0;

  /**
   * @param {Neighbors} neighbors
   * @param {Listener} listener
   */
  constructor(neighbors, listener) {
    this.#neighbors = neighbors;
    this.#listener = listener;
    for (const side of SIDES) {
      this.#buttons[side].addEventListener("click", () => this.#step(side));
    }
    const stage = find("#large .stage", HTMLElement);
    onSwipe(stage, (direction) => this.#step(this.#isForward(direction) ? "newer" : "older"));
    addEventListener("keydown", (event) => this.#press(event));
  }

  /** Find the neighbors of the entry that is open now, and load their pictures. */
  async look() {
    this.#turn += 1;
    const turn = this.#turn;
    for (const side of SIDES) {
      const neighbor = await this.#neighbors.get(side);
      if (turn !== this.#turn) return;
      this.#buttons[side].ariaDisabled = String(neighbor === null);
      if (neighbor) new Image().src = imageUrl(neighbor);
    }
  }

  /** @param {Side} side */
  async #step(side) {
    if (this.#awaited === side) return;
    const turn = this.#turn;
    this.#awaited = side;
    const waiting = setTimeout(() => this.#listener.onWait(), WAIT_MS);
    const entry = await this.#neighbors.get(side);
    clearTimeout(waiting);
    if (this.#awaited !== side) return;
    this.#awaited = null;
    if (entry && turn === this.#turn && this.#dialog.open) this.#listener.onStep(entry);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (!this.#dialog.open || altKey || ctrlKey || metaKey || shiftKey) return;
    if (target instanceof Element && target.matches(FIELDS)) return;
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    event.preventDefault();
    this.#step(this.#isForward(key === "ArrowRight" ? "right" : "left") ? "older" : "newer");
  }

  /** Return whether the page is read in this direction. @param {"left" | "right"} direction */
  #isForward(direction) {
    return this.#dialog.matches(":dir(rtl)") === (direction === "left");
  }
}

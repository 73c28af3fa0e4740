/**
 * Two layers, the paper and a photo over it. Shows the value of the upper one that has a value.
 * @template T
 */
export class Layers {
  #show;
  /** @type {T | null} */ #paper = null;
  /** @type {T | null} */ #photo = null;

  /** @param {(value: T | null) => void} show  null: there is nothing to show */
  constructor(show) {
    this.#show = show;
  }

  get paper() {
    return this.#paper;
  }

  /** @param {T | null} value */
  set paper(value) {
    this.#paper = value;
    if (this.#photo === null) this.#show(value);
  }

  get photo() {
    return this.#photo;
  }

  /** @param {T | null} value  null: there is no photo, and the paper's value is shown again */
  set photo(value) {
    this.#photo = value;
    this.#show(value ?? this.#paper);
  }
}

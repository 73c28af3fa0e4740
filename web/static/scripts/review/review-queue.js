import { uuid } from "../common/uuid.js";
import { isOpen } from "./reviews.js";

/**
 * @import { Connection } from "../common/connection.js"
 * @import { Entry, EntryAnswer, Problem, Review, ReviewsAnswer } from "../common/contract.js"
 *
 * @typedef {object} Listener
 * @property {() => void} onChange  of the first entry, of those after it, or of the counts
 * @property {(sentence: string) => void} onTold
 * @property {(failure: Problem) => void} onFailure
 *
 * What was done with an entry: `text` is what was said, null if it was skipped.
 * @typedef {{review: Review, text: string | null, answer: Promise<EntryAnswer> | null}} Step
 */

const HELD = 8; // entries that this page holds, the first of which is shown
const REFILL = 5;
const RENEW_MS = 60_000; // a lease ends after three minutes
const EMPTY_MS = 2_000; // while other pages hold all that is left
const PAUSE_MS = 1_000;
const TIMEOUT_MS = 5_000;
const MAX_SKIPPED = 100; // of which the server takes note

/** The entries to review: the next ones are fetched ahead, and no other page gets them. */
export class ReviewQueue {
  #connection;
  #isDisputed;
  #correct;
  #listener;
  #page = uuid();
  /** @type {Review[]} */ #ahead = [];
  /** @type {Step[]} */ #steps = [];
  /** Ids of those that were decided here. @type {Set<string>} */ #done = new Set();
  /** Decisions that are not answered, the last of each entry, by its id. @type {Map<string, symbol>}
   */
  #pending = new Map();
  /** Decisions that are being taken back, by id. @type {Map<string, Promise<void>>} */ #undoing =
    new Map();
  /** @type {Set<string>} */ #skipped = new Set();
  /** Ids of those that were held when more were asked for. @type {Set<string>} */ #asked =
    new Set();
  /** By the server's count, less what it does not know of. */
  #left = 0;
  #total = 0;
  #disputes = 0;
  #isKnown = false;
  #isTaking = false;
  #takesAgain = false;
  #timer = 0;

  /**
   * @param {Connection} connection
   * @param {boolean} isDisputed  about which reviewers disagree
   * @param {(id: string, text: string) => Promise<EntryAnswer>} correct
   * @param {Listener} listener
   */
  constructor(connection, isDisputed, correct, listener) {
    this.#connection = connection;
    this.#isDisputed = isDisputed;
    this.#correct = correct;
    this.#listener = listener;
    connection.onConnect(() => this.#watch());
    connection.onLeave(() => this.#giveBack());
    const { socket } = connection;
    socket.on("history_added", () => this.#takeIn(PAUSE_MS));
    socket.on("history_changed", (entry) => this.#note(entry));
    socket.on("history_removed", ({ id }) => this.#remove(id, "It was deleted."));
  }

  /** The entries that this page holds; the first one is shown. */
  get ahead() {
    return this.#ahead;
  }

  /** What is left, of how many, and how many reviewers disagree about. */
  get counts() {
    return { left: this.#left, total: this.#total, disputes: this.#disputes };
  }

  /** Whether the server has said what there is. */
  get isKnown() {
    return this.#isKnown;
  }

  /** Whether nothing can be shown, and nothing is on its way. */
  get isEmpty() {
    return this.#isKnown && !this.#isTaking && this.#ahead.length === 0;
  }

  get canUndo() {
    return this.#steps.length > 0;
  }

  get skipped() {
    return this.#skipped.size;
  }

  /** Say what the first entry says. @param {string} text */
  decide(text) {
    const review = this.#ahead.shift();
    if (!review) return;
    const { id } = review.entry;
    this.#done.add(id);
    this.#left -= 1;
    this.#steps.push({ review, text, answer: this.#send(id, text) });
    this.#listener.onChange();
    if (this.#ahead.length < REFILL) this.#take();
  }

  /** Leave the first entry to others, or for later. */
  skip() {
    const review = this.#ahead.shift();
    if (!review) return;
    this.#skipped.add(review.entry.id);
    this.#steps.push({ review, text: null, answer: null });
    this.#listener.onChange();
    this.#take();
  }

  /** Show all again that was skipped. */
  showSkipped() {
    this.#skipped.clear();
    this.#take();
  }

  /** Take back the last step, and the one before it at the next call. */
  undo() {
    const step = this.#steps.pop();
    if (!step) return;
    const { id } = step.review.entry;
    this.#done.delete(id);
    this.#skipped.delete(id);
    this.#ahead.unshift(step.review);
    if (step.text === null) this.#take();
    else {
      this.#left += 1;
      this.#undoing.set(id, this.#takeBack(step, step.text));
    }
    this.#listener.onChange();
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  async #send(id, text) {
    const decision = Symbol(id);
    this.#pending.set(id, decision);
    await this.#undoing.get(id);
    const answer = await this.#correct(id, text);
    if (this.#pending.get(id) === decision) this.#pending.delete(id);
    if (!answer.ok) {
      this.#done.delete(id);
      this.#steps = this.#steps.filter(({ review }) => review.entry.id !== id);
      this.#listener.onFailure(answer.error);
      this.#take();
    }
    return answer;
  }

  /**
   * @param {Step} step
   * @param {string} text  that was said
   */
  async #takeBack({ review, answer }, text) {
    const { id } = review.entry;
    const decided = await answer;
    if (decided?.ok) {
      const payload = { id, text, page: this.#page };
      const undone = await this.#connection.request("undo_review", payload);
      if (!undone.ok) this.#listener.onFailure(undone.error);
      else if (!isOpen(undone.entry, this.#isDisputed)) {
        this.#drop(id, "Somebody else has decided it since.");
      }
    }
    this.#undoing.delete(id);
    this.#listener.onChange();
    this.#take();
  }

  /** Get the changes of the history from now on, and what there is to review. */
  async #watch() {
    await this.#connection.ask("watch_history", { mine: true, limit: 1 }).catch(() => null);
    this.#take();
  }

  /** @param {number} delay_ms */
  #takeIn(delay_ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#take(), delay_ms);
  }

  /** Get more entries, and keep what is held. */
  async #take() {
    if (this.#isTaking) {
      this.#takesAgain = true;
      return;
    }
    this.#isTaking = true;
    this.#takesAgain = false;
    const answer = await this.#ask();
    this.#isTaking = false;
    if (answer?.ok) this.#hold(answer);
    else if (answer) this.#listener.onFailure(answer.error);
    this.#takeIn(this.#takesAgain ? 0 : this.#ahead.length > 0 ? RENEW_MS : EMPTY_MS);
  }

  /** @returns {Promise<ReviewsAnswer | null>} null: no answer comes */
  async #ask() {
    if (!this.#connection.socket.connected) return null;
    this.#asked = new Set(this.#ahead.map(({ entry }) => entry.id));
    const skipped = [...this.#skipped].slice(-MAX_SKIPPED);
    const payload = { page: this.#page, limit: HELD, skipped, disputed: this.#isDisputed };
    return this.#connection.ask("take_reviews", payload, TIMEOUT_MS).catch(() => null);
  }

  /** @param {{reviews: Review[], left: number, disputed: number}} answer */
  #hold({ reviews, left, disputed }) {
    const [first] = this.#ahead;
    const isOwn = (/** @type {string} */ id) => this.#undoing.has(id) || !this.#asked.has(id);
    const kept = this.#ahead.filter(({ entry }) => isOwn(entry.id));
    const given = reviews.filter((review) => this.#isNews(review) && !kept.some(isSame(review)));
    const all = [...kept, ...given];
    const isFirst = isSame(first);
    this.#ahead = [...all.filter(isFirst), ...all.filter((each) => !isFirst(each))];
    if (first && !all.some(isFirst)) this.#listener.onTold("Another reviewer has it now.");
    this.#left = (this.#isDisputed ? disputed : left) - this.#pending.size;
    this.#disputes = disputed;
    this.#isKnown = true;
    if (this.#undoing.size === 0) this.#addUp();
    this.#listener.onChange();
  }

  #addUp() {
    const { length } = this.#steps.filter(({ text }) => text !== null);
    this.#total = Math.max(this.#total, this.#left + length);
  }

  /** Return whether an answer tells what this page does not know better. @param {Review} review */
  #isNews({ entry: { id } }) {
    return !this.#done.has(id) && !this.#skipped.has(id) && !this.#undoing.has(id);
  }

  /** @param {Entry} entry  that was changed, here or elsewhere */
  #note(entry) {
    const { id } = entry;
    const held = this.#ahead.find((each) => each.entry.id === id);
    if (isOpen(entry, this.#isDisputed)) {
      if (!this.#pending.has(id)) this.#done.delete(id);
      if (held) held.entry = entry;
    } else if (!this.#undoing.has(id)) {
      this.#drop(id, `Decided elsewhere: ${entry.corrected}`);
    }
    this.#takeIn(PAUSE_MS);
  }

  /**
   * @param {string} id
   * @param {string} reason
   */
  #remove(id, reason) {
    this.#steps = this.#steps.filter(({ review }) => review.entry.id !== id);
    this.#drop(id, reason);
    this.#takeIn(PAUSE_MS);
  }

  /**
   * Hold an entry no more; say why if it is shown.
   * @param {string} id
   * @param {string} reason
   */
  #drop(id, reason) {
    const place = this.#ahead.findIndex(({ entry }) => entry.id === id);
    if (place < 0) return;
    this.#ahead.splice(place, 1);
    if (place === 0) this.#listener.onTold(reason);
    this.#listener.onChange();
  }

  #giveBack() {
    clearTimeout(this.#timer);
    const payload = { page: this.#page, limit: 0 };
    this.#connection.socket.emit("take_reviews", payload, () => {});
  }
}

/** Return a function that finds the review of the same entry. @param {Review} [review] */
function isSame(review) {
  return (/** @type {Review} */ { entry }) => entry.id === review?.entry.id;
}

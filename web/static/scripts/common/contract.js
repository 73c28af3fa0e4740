/**
 * The contract with the server, written down once: what travels over Socket.IO, in both directions.
 *
 * @typedef {object} Digit
 * @property {number | null} digit  null for ink that is no digit
 * @property {number} confidence
 * @property {number[]} probabilities  of the digits 0 to 9
 * @property {[number, number, number, number]} box  x, y, width, height in pixels of the picture
 *
 * @typedef {object} Reading
 * @property {string} text  lines joined by "\n"; "?" is ink that is no digit; "" is a blank picture
 * @property {number} confidence
 * @property {boolean} uncertain
 * @property {Digit[]} digits
 * @property {[number, number]} size  width and height of the picture, to which the boxes refer
 * @property {number} milliseconds
 * @property {string} model
 *
 * @typedef {object} Entry
 * @property {string} id
 * @property {InputType} input_type
 * @property {string} predicted
 * @property {number} confidence
 * @property {boolean} uncertain
 * @property {string | null} corrected
 * @property {string} image_path
 * @property {string} image_version  another one for another picture
 * @property {string} timestamp
 * @property {string | null} owner  the account whose it is; null: it is in the public history
 * @property {string} maker  what made it: of a public entry, the browser that may change it
 * @property {Reading} reading
 *
 * Why a digit was read as it was.
 * @typedef {object} Explanation
 * @property {number} position  of the digit in the reading
 * @property {Reading} reading
 * @property {number[][]} seen  what the network saw: 28 rows of 28 pixels, 0 to 255, ink is white
 * @property {number[][][]} evidence  what spoke for (positive) and against each digit, and for "no
 *   digit" at the end: a map of the picture each, in nats
 *
 * @typedef {"canvas" | "upload"} InputType
 * @typedef {{code: string, message: string}} Failure
 * @typedef {{ok: false, error: Failure}} Refusal
 * @typedef {Refusal | {ok: true}} Done
 * @typedef {Refusal | {ok: true, entry: Entry}} EntryAnswer
 * @typedef {Refusal | {ok: true, explanation: Explanation}} ExplainAnswer
 * @typedef {Refusal | {ok: true, entries: Entry[], next: string | null}} EntriesAnswer
 *
 * @typedef {Uint8Array<ArrayBuffer>} Picture  a picture file's bytes
 * @typedef {{drawing: string, seq: number, image: Picture}} Frame
 * @typedef {{drawing: string, seq: number, reading?: Reading, error?: Failure}} Prediction
 * @typedef {{input_type?: InputType, search?: string}} Filter
 * @typedef {Filter & {limit?: number, before?: string}} Query
 *
 * @typedef {object} ClientEvents
 * @property {(frame: Frame) => void} frame
 * @property {(payload: {drawing: string, image: Picture},
 *   answer: (answer: EntryAnswer) => void) => void} save
 * @property {(payload: {image: Picture, name: string, id: string},
 *   answer: (answer: EntryAnswer) => void) => void} upload
 * @property {(payload: {image: Picture, position?: number},
 *   answer: (answer: ExplainAnswer) => void) => void} explain
 * @property {(query: Query, answer: (answer: EntriesAnswer) => void) => void} watch_history
 * @property {(query: Query, answer: (answer: EntriesAnswer) => void) => void} list_history
 * @property {(payload: {id: string, text: string},
 *   answer: (answer: EntryAnswer) => void) => void} correct_entry
 * @property {(payload: {id: string}, answer: (answer: Done) => void) => void} delete_entry
 *
 * @typedef {object} ServerEvents
 * @property {(prediction: Prediction) => void} prediction
 * @property {(entry: Entry) => void} history_added
 * @property {(entry: Entry) => void} history_changed
 * @property {(removed: {id: string}) => void} history_removed
 * @property {(wait: {event: string, milliseconds: number}) => void} slow_down  too many too fast
 *
 * @typedef {import("socket.io-client").Socket<ServerEvents, ClientEvents>} DigitsSocket
 */

export {};

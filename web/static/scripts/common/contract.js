/**
 * The contract with the server (server/contract.py): the messages of Socket.IO in both directions.
 * A field in brackets may be left out.
 *
 * Sent when the page connects.
 * @typedef {object} Auth
 * @property {number} contract  the version that the page keeps
 *
 * @typedef {object} Digit
 * @property {number | null} digit  null for ink that is not a digit
 * @property {number} confidence
 * @property {number[]} probabilities  of the digits 0 to 9
 * @property {[number, number, number, number]} box  x, y, width, height in pixels of the picture
 *
 * @typedef {object} Line
 * @property {string} text  numbers joined by " ", cells of a table by "\t"
 * @property {number} confidence
 *
 * @typedef {object} Alternative
 * @property {string} text
 * @property {number} confidence
 *
 * @typedef {object} Reading
 * @property {string} text  lines joined by "\n"; "?" for ink that is not a digit, "" if blank
 * @property {number} confidence
 * @property {boolean} uncertain
 * @property {Digit[]} digits  in the order of the text
 * @property {Line[]} lines
 * @property {Alternative[]} [alternatives]  other texts, the likeliest first
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
 * @property {string} image_version  changes with the picture
 * @property {string} timestamp
 * @property {string | null} owner  the account it belongs to; null: it is in the public history
 * @property {string} maker  the browser that may change a public entry
 * @property {Reading} reading
 *
 * @typedef {object} Explanation
 * @property {number} position  of the digit in the reading
 * @property {Reading} reading
 * @property {number[][]} seen  the network's input: 28 rows of 28 pixels, 0 to 255, ink is white
 * @property {number[][][]} evidence  one map of the picture for each digit and one for "no digit":
 *   the evidence for (positive) or against it, in nats
 *
 * @typedef {object} Problem
 * @property {string} code
 * @property {string} message
 *
 * Requests.
 * @typedef {object} Frame
 * @property {string} drawing
 * @property {number} seq
 * @property {Picture} image
 * @property {number[][]} [strokes]  each [x, y, x, y, …] in pixels of the picture
 *
 * @typedef {object} Save
 * @property {string} drawing
 * @property {Picture} image
 * @property {number[][]} [strokes]  each [x, y, x, y, …] in pixels of the picture
 *
 * @typedef {object} Upload
 * @property {Picture} image
 * @property {string} [name]
 * @property {string} [id]
 *
 * @typedef {object} Explain
 * @property {Picture} image
 * @property {number[][]} [strokes]  each [x, y, x, y, …] in pixels of the picture
 * @property {number} [position]  of the digit; by default the least certain one
 *
 * @typedef {object} HistoryQuery
 * @property {number} [limit]
 * @property {string} [before]  the `next` of an earlier answer
 * @property {InputType} [input_type]
 * @property {string} [search]
 *
 * @typedef {object} CorrectEntry
 * @property {string} id
 * @property {string} text
 *
 * @typedef {object} DeleteEntry
 * @property {string} id
 *
 * Events of the server.
 * @typedef {object} Prediction
 * @property {string} drawing
 * @property {number} seq
 * @property {Reading} [reading]
 * @property {Problem} [error]
 *
 * @typedef {object} Removed
 * @property {string} id
 *
 * The client sends too fast, and its event is answered after a wait.
 * @typedef {object} SlowDown
 * @property {string} event
 * @property {number} milliseconds
 *
 * The page keeps another version of the contract than the server.
 * @typedef {object} Outdated
 * @property {number} version  the server's
 *
 * @typedef {"canvas" | "upload"} InputType
 * @typedef {Uint8Array<ArrayBuffer>} Picture  the bytes of a picture file
 * @typedef {Pick<HistoryQuery, "input_type" | "search">} Filter
 *
 * Answers.
 * @typedef {{ok: false, error: Problem}} Failure
 * @typedef {Failure | {ok: true}} Done
 * @typedef {Failure | {ok: true, entry: Entry}} EntryAnswer
 * @typedef {Failure | {ok: true, explanation: Explanation}} ExplanationAnswer
 * @typedef {Failure | {ok: true, entries: Entry[], next: string | null}} EntriesAnswer
 *
 * @typedef {object} ClientEvents
 * @property {(frame: Frame) => void} frame
 * @property {(save: Save, answer: (answer: EntryAnswer) => void) => void} save
 * @property {(upload: Upload, answer: (answer: EntryAnswer) => void) => void} upload
 * @property {(explain: Explain, answer: (answer: ExplanationAnswer) => void) => void} explain
 * @property {(query: HistoryQuery, answer: (answer: EntriesAnswer) => void) => void} watch_history
 * @property {(query: HistoryQuery, answer: (answer: EntriesAnswer) => void) => void} list_history
 * @property {(correction: CorrectEntry,
 *   answer: (answer: EntryAnswer) => void) => void} correct_entry
 * @property {(deletion: DeleteEntry, answer: (answer: Done) => void) => void} delete_entry
 *
 * @typedef {object} ServerEvents
 * @property {(prediction: Prediction) => void} prediction
 * @property {(entry: Entry) => void} history_added
 * @property {(entry: Entry) => void} history_changed
 * @property {(removed: Removed) => void} history_removed
 * @property {(slowDown: SlowDown) => void} slow_down
 * @property {(outdated: Outdated) => void} outdated
 *
 * @typedef {import("socket.io-client").Socket<ServerEvents, ClientEvents>} DigitsSocket
 */

export {};

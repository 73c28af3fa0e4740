/**
 * The contract with the server (server/contract/): the messages of Socket.IO in both directions.
 * A field in brackets may be left out.
 *
 * Sent when the page connects.
 * @typedef {object} Auth
 * @property {number} contract  the version that the page keeps
 * @property {string | null} owner  the account that the page was made for; null: a guest
 *
 * @typedef {object} Digit
 * @property {number | null} digit  null for a sign, and for ink that is neither
 * @property {number} confidence
 * @property {number[]} probabilities  of the digits 0 to 9
 * @property {[number, number, number, number]} box  x, y, width, height in pixels of the picture
 * @property {string | null} [sign]  one of - . , / : + %
 * @property {boolean} [learned]  because of what this person corrected before
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
 * @property {string} text  lines joined by "\n"; "?" for ink that is no digit or sign, "" if blank
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
 * @property {string | null} list  its maker's list that it is on
 * @property {number} rank  its place there, ascending
 * @property {boolean} disputed  reviewers disagree about it
 * @property {string | null} reread  what a newer model reads
 * @property {string | null} reread_by  that model
 *
 * @typedef {object} ListSummary
 * @property {string} name
 * @property {number} count
 * @property {string} latest  the timestamp of its newest entry
 *
 * What somebody said that an entry says.
 * @typedef {object} Decision
 * @property {string} reviewer  opaque
 * @property {string} text
 * @property {string} time
 *
 * An entry to review, and what was decided before, the oldest first.
 * @typedef {object} Review
 * @property {Entry} entry
 * @property {Decision[]} decisions
 *
 * @typedef {object} Explanation
 * @property {number} position  of the digit in the reading
 * @property {Reading} reading
 * @property {number[][]} seen  the network's input: 28 rows of 28 pixels, 0 to 255, ink is white
 * @property {number[][][]} evidence  one map of the picture for each digit and one for "no digit":
 *   the evidence for (positive) or against it, in nats
 *
 * @typedef {object} DayTally
 * @property {string} day  "2026-01-31", in UTC
 * @property {number} unchecked
 * @property {number} right
 * @property {number} wrong
 *
 * @typedef {object} ModelTally
 * @property {string} model
 * @property {string} first  day
 * @property {string} last
 * @property {number} unchecked
 * @property {number} right
 * @property {number} wrong
 *
 * @typedef {object} CertaintyTally
 * @property {number} percent  rounded down
 * @property {number} right
 * @property {number} wrong
 *
 * @typedef {object} DigitTally
 * @property {number} digit
 * @property {number} read
 * @property {number} kept  read by examples, and not corrected
 * @property {number} lost  read by examples, and corrected
 *
 * @typedef {object} CellTally
 * @property {number | null} read  null: no digit
 * @property {number | null} written
 * @property {number} count
 *
 * @typedef {object} Statistics
 * @property {DayTally[]} days
 * @property {ModelTally[]} models
 * @property {CertaintyTally[]} certainties
 * @property {DigitTally[]} digits
 * @property {CellTally[]} cells
 *
 * @typedef {object} Problem
 * @property {string} code
 * @property {string} message
 * @property {string} [request]  names it in the server's log
 *
 * Requests.
 * @typedef {object} Frame
 * @property {string} drawing
 * @property {number} seq
 * @property {Picture} [image]  left out: the strokes are read
 * @property {number[][]} [strokes]  each [x, y, x, y, …] in pixels of the picture
 * @property {[number, number]} [size]  width and height of a picture that is left out
 * @property {boolean} [digits_only]  read signs as ink that is not a digit
 *
 * @typedef {object} Save
 * @property {string} drawing
 * @property {Picture} image
 * @property {number[][]} [strokes]  each [x, y, x, y, …] in pixels of the picture
 * @property {boolean} [digits_only]  read signs as ink that is not a digit
 * @property {string} [list]  left out: the drawing goes off its list
 *
 * @typedef {object} Upload
 * @property {Picture} image
 * @property {string} [name]
 * @property {string} [id]
 * @property {boolean} [digits_only]  read signs as ink that is not a digit
 * @property {string} [list]
 *
 * @typedef {object} Explain
 * @property {Picture} [image]  left out: the strokes are read
 * @property {number[][]} [strokes]  each [x, y, x, y, …] in pixels of the picture
 * @property {[number, number]} [size]  width and height of a picture that is left out
 * @property {boolean} [digits_only]  read signs as ink that is not a digit
 * @property {number} [position]  of the digit; by default the least certain one
 *
 * A selection of entries; what is left out selects all.
 * @typedef {object} Filter
 * @property {InputType} [input_type]
 * @property {string} [search]
 * @property {string} [list]  of this browser's or account's
 * @property {boolean} [mine]  only what this browser or account made
 * @property {boolean} [uncertain]  and not corrected
 * @property {boolean} [corrected]
 * @property {boolean} [disputed]  reviewers disagree
 * @property {string} [made_from]  a timestamp, inclusive, as is the next
 * @property {string} [made_until]
 *
 * @typedef {object} HistoryQuery
 * @property {InputType} [input_type]
 * @property {string} [search]
 * @property {string} [list]  of this browser's or account's
 * @property {boolean} [mine]  only what this browser or account made
 * @property {boolean} [uncertain]  and not corrected
 * @property {boolean} [corrected]
 * @property {boolean} [disputed]  reviewers disagree
 * @property {string} [made_from]  a timestamp, inclusive, as is the next
 * @property {string} [made_until]
 * @property {number} [limit]
 * @property {string} [before]  the cursor of an entry: older ones are wanted
 * @property {string} [after]  instead: those next newer
 *
 * @typedef {object} WatchHistory
 * @property {InputType} [input_type]
 * @property {string} [search]
 * @property {string} [list]  of this browser's or account's
 * @property {boolean} [mine]  only what this browser or account made
 * @property {boolean} [uncertain]  and not corrected
 * @property {boolean} [corrected]
 * @property {boolean} [disputed]  reviewers disagree
 * @property {string} [made_from]  a timestamp, inclusive, as is the next
 * @property {string} [made_until]
 * @property {number} [limit]
 * @property {string} [before]  the cursor of an entry: older ones are wanted
 * @property {string} [after]  instead: those next newer
 * @property {number} [since]  the position of the last event that came, after an interruption
 * @property {string} [epoch]  which counts it
 *
 * @typedef {object} CorrectEntry
 * @property {string} id
 * @property {string} text
 * @property {boolean} [settles]  overrules what others said before
 *
 * @typedef {object} TakeReviews
 * @property {string} page
 * @property {number} limit  of entries that the page holds; 0: it gives all back
 * @property {string[]} [skipped]
 * @property {boolean} [disputed]  those about which reviewers disagree
 *
 * @typedef {object} UndoReview
 * @property {string} id
 * @property {string} text  that was said
 * @property {string} page
 *
 * @typedef {object} DeleteEntry
 * @property {string} id
 *
 * @typedef {object} DeleteEntries
 * @property {string[]} ids
 *
 * @typedef {object} MoveEntries
 * @property {string[]} ids
 * @property {string | null} list  null: off any list
 * @property {number} [rank]  the place of one entry; by default the milliseconds of its timestamp
 *
 * @typedef {object} GetLists
 *
 * @typedef {object} RenameList
 * @property {string} name
 * @property {string} new_name
 *
 * Events of the server.
 * @typedef {object} Prediction
 * @property {string} drawing
 * @property {number} seq
 * @property {Reading} [reading]
 * @property {Problem} [error]
 *
 * The place of an event of the history among all; it grows within an epoch, a run of the server or of PostgreSQL.
 * @typedef {{epoch: string, position: number}} Mark
 *
 * @typedef {object} EntryEvent
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
 * @property {string | null} list  its maker's list that it is on
 * @property {number} rank  its place there, ascending
 * @property {boolean} disputed  reviewers disagree about it
 * @property {string | null} reread  what a newer model reads
 * @property {string | null} reread_by  that model
 * @property {string} epoch
 * @property {number} position
 *
 * @typedef {object} Removed
 * @property {string} id
 * @property {string} epoch
 * @property {number} position
 *
 * @typedef {object} Renamed
 * @property {string} name
 * @property {string} new_name
 * @property {string} epoch
 * @property {number} position
 *
 * @typedef {object} Relearned
 * @property {string} maker
 * @property {string} epoch
 * @property {number} position
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
 *
 * Answers.
 * @typedef {{ok: false, error: Problem}} Failure
 * @typedef {Failure | {ok: true}} Done
 * @typedef {Failure | {ok: true, entry: Entry}} EntryAnswer
 * @typedef {Failure | {ok: true, explanation: Explanation}} ExplanationAnswer
 * @typedef {Failure | {ok: true, entries: Entry[], next: string | null}} EntriesAnswer
 * @typedef {Failure | {ok: true, entries: Entry[], next: string | null, epoch: string, position: number, recovered: boolean}} WatchAnswer
 * @typedef {Failure | {ok: true, entries: Entry[]}} MovedAnswer
 * @typedef {Failure | {ok: true, count: number}} CountAnswer
 * @typedef {Failure | {ok: true, reviews: Review[], left: number, disputed: number}} ReviewsAnswer
 * @typedef {Failure | {ok: true, lists: ListSummary[]}} ListsAnswer
 * @typedef {Failure | {ok: true, statistics: Statistics}} StatisticsAnswer
 * @typedef {Failure | {ok: true, added: number, known: number, refused: RefusedFile[], rest: number, error: Problem | null}} ImportAnswer
 *
 * A file of a ZIP that could not be imported, and why.
 * @typedef {{name: string, message: string}} RefusedFile
 *
 * @typedef {object} ClientEvents
 * @property {(frame: Frame) => void} frame
 * @property {(save: Save, answer: (answer: EntryAnswer) => void) => void} save
 * @property {(upload: Upload, answer: (answer: EntryAnswer) => void) => void} upload
 * @property {(explain: Explain, answer: (answer: ExplanationAnswer) => void) => void} explain
 * @property {(query: WatchHistory, answer: (answer: WatchAnswer) => void) => void} watch_history
 * @property {(query: HistoryQuery, answer: (answer: EntriesAnswer) => void) => void} list_history
 * @property {(filter: Filter, answer: (answer: CountAnswer) => void) => void} count_history
 * @property {(correction: CorrectEntry,
 *   answer: (answer: EntryAnswer) => void) => void} correct_entry
 * @property {(deletion: DeleteEntry, answer: (answer: Done) => void) => void} delete_entry
 * @property {(deletion: DeleteEntries, answer: (answer: Done) => void) => void} delete_entries
 * @property {(move: MoveEntries, answer: (answer: MovedAnswer) => void) => void} move_entries
 * @property {(request: TakeReviews, answer: (answer: ReviewsAnswer) => void) => void} take_reviews
 * @property {(undoing: UndoReview, answer: (answer: EntryAnswer) => void) => void} undo_review
 * @property {(request: GetLists, answer: (answer: ListsAnswer) => void) => void} get_lists
 * @property {(request: RenameList, answer: (answer: Done) => void) => void} rename_list
 *
 * @typedef {object} ServerEvents
 * @property {(prediction: Prediction) => void} prediction
 * @property {(entry: EntryEvent) => void} history_added
 * @property {(entry: EntryEvent) => void} history_changed
 * @property {(removed: Removed) => void} history_removed
 * @property {(renamed: Renamed) => void} list_renamed
 * @property {(relearned: Relearned) => void} examples_changed
 * @property {(slowDown: SlowDown) => void} slow_down
 * @property {(outdated: Outdated) => void} outdated
 *
 * @typedef {import("socket.io-client").Socket<ServerEvents, ClientEvents>} DigitsSocket
 */

export {};

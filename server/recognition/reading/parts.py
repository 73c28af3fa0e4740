"""Parts of a line that are read as a whole, by the candidates in them and by the line network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.recognition.ink.pieces import Piece
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.candidates import MAX_GAP
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.lattice import Lattice, Option, Step
from server.recognition.reading.line_network import normalize_line
from server.recognition.reading.overlaps import move_apart, overlap
from server.recognition.reading.segmentation import Line, join
from server.recognition.reading.symbols import InkReading, Symbol, rank
from server.recognition.reading.weighing import weigh

MIN_SURE = 0.95  # probability above which a lone candidate needs no other reading
MIN_SURE_TRACE = 0.6  # the same where its strokes are known
MIN_SURE_OF_MANY = 0.98  # the same for each digit of several candidates
MAX_ONE_ASPECT = 1.6  # width over height of a digit that is surely no more than one
MAX_NONE_ASPECT = 0.9  # the same of what is no digit: digits that touch look like that
MIN_FLAT_ASPECT = 6.0  # of what is surely no number in one stroke: a bar, with which many 7s begin
MAX_WIDTH = 16.0  # in heights
MAX_SIGN_HEIGHT = 0.55  # in heights of the part: a low piece may be a sign
MAX_SIGN_COVER = 0.5  # of its width that is below or above a taller piece
ONE, MIN_SLASH_ASPECT = 1, 0.3  # width over height of what may be a slash
MAX_PIECES = 40  # of a part that the line network may read: more is not handwriting


@dataclass(frozen=True)
class Part:
    """The pieces `first` to `last` of a line, which no candidate joins to others.

    `found` is what its candidates read, along `steps`; if that `is_sure`, the line network need not
    be asked.
    """

    line: Line
    first: int
    last: int
    lattice: Lattice
    steps: list[Step]
    found: InkReading
    is_sure: bool


def find_parts(line: Line, options: Sequence[Option]) -> list[Part]:
    """Cut a line where no candidate reaches across, if it is too wide to be read as a whole.

    `options` are those of all its candidates.
    """
    height = max(piece.box.height for piece in line.pieces)
    joins = {place for c in line.candidates for place in range(c.first + 1, c.last + 1)}
    cuts, width = [0], 0.0
    for place, piece in enumerate(line.pieces):
        width += min(piece.box.width / height, MAX_WIDTH) + MAX_GAP
        if width > MAX_WIDTH and place not in joins and place > cuts[-1]:
            cuts.append(place)
            width = piece.box.width / height
    bounds = zip(cuts, [*cuts[1:], len(line.pieces)], strict=True)
    return [_to_part(line, options, start, end) for start, end in bounds]


def _to_part(line: Line, options: Sequence[Option], start: int, end: int) -> Part:
    own = [option for option in options if start <= option.candidate.first < end]
    lattice = Lattice(own)
    if len(own) == 1:
        steps = [Step(own[0], (own[0].label,))]
        found, is_sure = read_as_found(own[0]), _is_surely_one(own[0])
    else:
        is_handwriting = end - start <= MAX_PIECES
        steps, found = _read_lattice(lattice, is_handwriting)
        is_sure = _is_sure(found) and not _may_have_signs(line.pieces[start:end], found)
        is_sure |= not is_handwriting
    return Part(line, start, end - 1, lattice, steps, found, is_sure)


def read_part(part: Part, classifier: Classifier, asks: bool) -> InkReading:
    """Read a part as it was found or, if it is doubtful and `asks`, by the line network too."""
    if part.is_sure or not asks:
        return part.found
    parts, piece = part.line.parts, join(part.line, part.first, part.last)
    pictures = [normalize_line(parts.cut_out(piece))]
    if parts.overlap and overlap(part.steps):
        pictures.append(move_apart(part.steps, piece.box))
    lines = [classifier.read_line(picture) for picture in pictures]
    return weigh(part.lattice, lines, piece.box.left)


def _is_surely_one(option: Option) -> bool:
    """Return whether the line network could hardly change how a lone candidate is read."""
    is_none, probability = option.label == NO_DIGIT_LABEL, float(option.probabilities.max())
    width = option.candidate.width
    if option.candidate.ink.ndim > 2:
        is_flat = is_none and width >= MIN_FLAT_ASPECT
        is_narrow = width <= (MAX_NONE_ASPECT if is_none else MAX_ONE_ASPECT)
        return probability >= MIN_SURE_TRACE and (is_narrow or is_flat)
    return probability >= MIN_SURE and not is_none and width <= MAX_ONE_ASPECT


def _is_sure(reading: InkReading) -> bool:
    """Return whether the line network could hardly change a reading."""
    labels = [symbol.label for symbol in reading.symbols]
    return NO_DIGIT_LABEL not in labels and reading.confidence >= MIN_SURE_OF_MANY ** len(labels)


def _may_have_signs(pieces: Sequence[Piece], reading: InkReading) -> bool:
    """Return whether pieces beside digits are low, or a 1 inside a number slants like a slash."""
    height = max(piece.box.height for piece in pieces)
    low = [piece.box for piece in pieces if piece.box.height < MAX_SIGN_HEIGHT * height]
    tall = [piece.box for piece in pieces if piece.box.height >= MAX_SIGN_HEIGHT * height]
    is_apart = any(
        all(box.shared_width(digit) < MAX_SIGN_COVER * box.width for digit in tall) for box in low
    )
    inside = [symbol.box for symbol in reading.symbols[1:-1] if symbol.label == ONE]
    return is_apart or any(box.width > MIN_SLASH_ASPECT * box.height for box in inside)


def read_as_found(option: Option) -> InkReading:
    """Return an option as one symbol."""
    probabilities = dict(enumerate(option.probabilities.tolist()))
    best, *others = (
        InkReading([_to_symbol(option, label)], probability)
        for label, probability in rank(probabilities)
    )
    return replace(best, others=tuple(others))


def _read_lattice(lattice: Lattice, has_others: bool) -> tuple[list[Step], InkReading]:
    """Return the best path of the heaviest text of a lattice, and what it reads.

    The other texts are found only if it `has_others`, since each takes long in a large lattice.
    """
    total = lattice.total()
    ranked = rank({text: weight / total for text, weight in lattice.texts().items()})
    ranked = ranked if has_others else ranked[:1]
    paths = [(lattice.trace(text, several=False), share) for text, share in ranked]
    best, *others = (
        InkReading([_to_symbol(step.option, step.labels[0]) for step in path], share)
        for path, share in paths
    )
    return paths[0][0], replace(best, others=tuple(others))


def _to_symbol(option: Option, label: int) -> Symbol:
    box, ink = option.candidate.box, option.candidate.ink
    return Symbol(box, ink, option.probabilities, label, option.learned(label))

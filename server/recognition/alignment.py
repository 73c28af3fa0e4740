"""Alignment of what was really written with the ink: which digit is where.

Only what is beyond doubt is aligned: a line of ink whose best cut into as many symbols as the text
has is the same whether or not the text is known.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.recognition.examples import Example, to_picture
from server.recognition.ink.traces import ink_of
from server.recognition.labels import LINE_LABELS, is_digit
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.lattice import ANY, Labels, Step
from server.recognition.reading.lines import find_line_parts
from server.recognition.reading.normalization import normalize
from server.recognition.reading.parts import Part
from server.recognition.reading.segmentation import Line

SPACES = str.maketrans(dict.fromkeys(" \t"))


def align(lines: Sequence[Line], text: str, classifier: Classifier) -> list[Example]:
    """Return the digits of a text with their ink, in its order; none that is in doubt."""
    written = [line for line in text.translate(SPACES).split("\n") if line]
    parts = find_line_parts(lines, classifier)
    if len(parts) != len(written) or any(len(line) != 1 for line in parts):
        return []
    return [
        Example(to_picture(normalize(ink_of(step.option.candidate.ink))), label, step.option.label)
        for [part], symbols in zip(parts, written, strict=True)
        for step in _align_part(part, tuple(map(LINE_LABELS.index, symbols)))
        for label in step.labels
        if is_digit(label)
    ]


def _align_part(part: Part, text: Labels) -> list[Step]:
    """Return the steps of a text through a part of a line, one for each symbol, if sure."""
    path = part.lattice.trace(text, several=False)
    free = part.lattice.trace((ANY,) * len(text), several=False)
    return path if _cut(path) == _cut(free) else []


def _cut(path: Sequence[Step]) -> list[tuple[int, int]]:
    candidates = [step.option.candidate for step in path]
    return [(candidate.first, candidate.last) for candidate in candidates]

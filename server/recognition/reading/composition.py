"""What the server answers, as the contract has it: a Reading, and the Explanation of a digit."""

from __future__ import annotations

from collections.abc import Sequence

from server.contract import Digit
from server.recognition.labels import DIGITS, NO_DIGIT, NO_DIGIT_LABEL
from server.recognition.reading.second_opinion import Symbol


def describe(sign: Symbol, scale: float) -> Digit:
    """A sign found on a picture, each pixel of which is `scale` pixels of the one that was sent."""
    box, label = sign.box, sign.label
    probabilities = [round(p, 4) for p in sign.probabilities.tolist()]
    return Digit(
        digit=None if label == NO_DIGIT_LABEL else label,
        confidence=probabilities[label],
        probabilities=tuple(probabilities[: len(DIGITS)]),
        box=(
            round(box.left * scale),
            round(box.top * scale),
            round(box.width * scale),
            round(box.height * scale),
        ),
    )


def write(digits: Sequence[Digit]) -> str:
    """Digits as text; "?" stands for ink that is no digit."""
    return "".join(NO_DIGIT if d.digit is None else DIGITS[d.digit] for d in digits)

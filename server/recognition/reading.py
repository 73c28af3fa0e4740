"""What the server answers, as the contract has it: a Reading, and the Explanation of a digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.recognition.classifier import DIGITS, NO_DIGIT, NO_DIGIT_LABEL
from server.recognition.doubts import Sign


@dataclass(frozen=True)
class Digit:
    """One digit that was found; `digit` is None for ink that is no digit.

    `probabilities` are those of the ten digits, `box` is [x, y, width, height] in pixels of the
    picture that was sent, turned upright.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Reading:
    """What was read; `confidence` is that the whole text is right.

    `size` is [width, height] of the picture that was sent, turned upright, in pixels.
    """

    text: str
    confidence: float
    uncertain: bool
    digits: tuple[Digit, ...]
    size: tuple[int, int]
    milliseconds: float
    model: str


@dataclass(frozen=True)
class Explanation:
    """Why the digit at `position` of a reading was read as it was.

    `seen` [28][28] is what the network saw, 0 (paper) to 255 (ink). `evidence` [11][7][7] is what
    each place of it spoke for (positive) or against each of the ten digits and "no digit", in
    nats, relative to the mean of all at that place.
    """

    position: int
    reading: Reading
    seen: list[list[int]]
    evidence: list[list[list[float]]]


def describe(sign: Sign, scale: float) -> Digit:
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

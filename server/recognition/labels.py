"""Labels of the networks: the digits, ink that is not a digit, the blank of CTC, and signs."""

from __future__ import annotations

DIGITS = tuple("0123456789")
NO_DIGIT = "?"  # in texts
NO_DIGIT_LABEL = len(DIGITS)
LABEL_COUNT = NO_DIGIT_LABEL + 1

BLANK_LABEL = LABEL_COUNT  # only of the network for lines: nothing new in a column
SIGNS = tuple("-.,/:+%")  # only of the network for lines
LINE_LABELS = (*DIGITS, NO_DIGIT, "", *SIGNS)
FIRST_SIGN_LABEL = BLANK_LABEL + 1
SLASH_LABEL = LINE_LABELS.index("/")


def is_digit(label: int) -> bool:
    return label < NO_DIGIT_LABEL


def is_sign(label: int) -> bool:
    return label >= FIRST_SIGN_LABEL

"""Labels of the networks: the digits, ink that is not a digit, and the blank of CTC."""

from __future__ import annotations

DIGITS = tuple("0123456789")
NO_DIGIT = "?"  # in texts
NO_DIGIT_LABEL = len(DIGITS)
LABEL_COUNT = NO_DIGIT_LABEL + 1

BLANK_LABEL = LABEL_COUNT  # only of the network for touching digits: nothing new in a column
TOUCHING_LABEL_COUNT = BLANK_LABEL + 1

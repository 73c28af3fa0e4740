"""The labels of the networks: the digits, ink that is not a digit, and the CTC blank."""

from __future__ import annotations

DIGITS = tuple("0123456789")
NO_DIGIT = "?"  # as text
NO_DIGIT_LABEL = len(DIGITS)
LABEL_COUNT = NO_DIGIT_LABEL + 1

BLANK_LABEL = LABEL_COUNT  # of the network for touching digits: nothing new in this column
TOUCHING_LABEL_COUNT = BLANK_LABEL + 1

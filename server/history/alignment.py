"""Alignment of a text that was read with the text that was written, by the fewest changes.

Wagner and Fischer, "The string-to-string correction problem", 1974; as alignment.js does it in the
browser.
"""

from __future__ import annotations

from collections.abc import Iterator

MAX_STEPS = 20_000  # for one entry: some milliseconds
SPACES = str.maketrans(dict.fromkeys(" \t"))

Pair = tuple[str, str]  # what was read, and what was written there; "": nothing


def align(read: str, written: str) -> list[Pair]:
    """Pair the characters of two texts, but for white space, in the order of the texts.

    Lines are aligned with lines if there are as many. Return nothing if that takes too much work.
    """
    lines, others = (text.translate(SPACES).split("\n") for text in (read, written))
    if len(lines) != len(others):
        lines, others = ["".join(lines)], ["".join(others)]
    paired = [*zip(lines, others, strict=True)]
    if sum(len(line) * len(other) for line, other in paired if line != other) > MAX_STEPS:
        return []
    return [pair for line, other in paired for pair in _align_line(line, other)]


def _align_line(read: str, written: str) -> list[Pair]:
    if read == written:
        return [*zip(read, written, strict=True)]
    return [*_trace(read, written)][::-1]


def _trace(read: str, written: str) -> Iterator[Pair]:
    """Yield the pairs of two texts, the last one first."""
    changes = _count_changes(read, written)
    i, j = len(read), len(written)
    while i or j:
        if i and j and changes[i][j] == changes[i - 1][j - 1] + (read[i - 1] != written[j - 1]):
            i, j = i - 1, j - 1
            yield read[i], written[j]
        elif i and changes[i][j] == changes[i - 1][j] + 1:
            i -= 1
            yield read[i], ""
        else:
            j -= 1
            yield "", written[j]


def _count_changes(read: str, written: str) -> list[list[int]]:
    """Return the fewest changes between the beginnings of two texts, by their lengths."""
    counts = [[*range(len(written) + 1)]]
    for symbol in read:
        above, row = counts[-1], [len(counts)]
        for j, other in enumerate(written):
            row.append(min(above[j] + (symbol != other), above[j + 1] + 1, row[j] + 1))
        counts.append(row)
    return counts

"""Digits that overlap, moved apart so that the line network sees them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from server.recognition.ink.pieces import Box
from server.recognition.reading.lattice import Step
from server.recognition.reading.line_network import LinePicture, normalize_line

MIN_GAP = 0.1  # between digits that are moved, in heights of the line


def overlap(steps: Sequence[Step]) -> bool:
    """Return whether the ink of some steps of a path reaches beside that of the next."""
    boxes = [step.option.candidate.box for step in steps]
    return any(a.shared_width(b) > 0 for a, b in pairwise(boxes))


def move_apart(steps: Sequence[Step], whole: Box) -> LinePicture:
    """Return the picture of the steps of a path, with gaps; `whole` is the box around them.

    Its places are columns of the ink as it is.
    """
    gap = round(MIN_GAP * whole.height)
    boxes = [step.option.candidate.box for step in steps]
    lefts, reach, shift = [], boxes[0].left - gap, 0
    for box in boxes:
        shift = max(shift, reach + gap - box.left)
        lefts.append(box.left + shift - whole.left)
        reach = max(reach, box.right + shift)
    channels = steps[0].option.candidate.ink.shape[2:]
    ink = np.zeros((whole.height, reach - whole.left, *channels), np.uint8)
    columns = np.arange(reach - whole.left)
    for step, box, left in zip(steps, boxes, lefts, strict=True):
        place = Box(left, box.top - whole.top, left + box.width, box.bottom - whole.top)
        np.maximum(ink[place.window], step.option.candidate.ink, out=ink[place.window])
        columns[left : left + box.width] = np.arange(box.left, box.right) - whole.left
    picture = normalize_line(ink)
    return replace(picture, places=columns[picture.places])

"""Evidence for each label in each cell of a picture, found by blanking the cell.

M. Zeiler and R. Fergus 2014, Visualizing and Understanding Convolutional Networks, arXiv:1311.2901.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Normalized, Probabilities
from server.recognition.reading.normalization import FIELD_PX

CELLS = 7  # along each side
CELL_PX = FIELD_PX // CELLS
MIN_PROBABILITY = 1e-12

Evidence = npt.NDArray[np.floating]


def find_evidence(picture: Normalized, classify: Callable[[Normalized], Probabilities]) -> Evidence:
    """Return the evidence [labels, 7, 7] in a picture [28, 28], in nats.

    `classify` gives the probabilities [N, labels] of pictures [N, 28, 28]. Evidence is the log
    probability that a label loses when a cell is blanked, minus the mean over all labels: positive
    where the ink speaks for the label, 0 where there is no ink.
    """
    inked = np.flatnonzero(_cells(picture).any(axis=(1, 3)))
    blanked = np.repeat(picture[None], len(inked), axis=0)
    for copy, cell in zip(blanked, inked, strict=True):
        _cells(copy)[cell // CELLS, :, cell % CELLS] = 0
    probabilities = classify(np.concatenate([picture[None], blanked]))
    logs = np.log(np.maximum(probabilities, MIN_PROBABILITY))
    evidence = np.zeros((CELLS**2, logs.shape[1]))
    evidence[inked] = logs[0] - logs[1:]
    evidence -= evidence.mean(axis=1, keepdims=True)
    return evidence.T.reshape(-1, CELLS, CELLS)


def _cells(picture: Normalized) -> Normalized:
    """View [28, 28] as [row of the cell, row in it, column of the cell, column in it]."""
    return picture.reshape(CELLS, CELL_PX, CELLS, CELL_PX)

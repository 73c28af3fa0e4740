"""What each place of a picture speaks for: found by blanking it.

M. Zeiler and R. Fergus 2014, Visualizing and Understanding Convolutional Networks, arXiv:1311.2901.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from server.recognition.arrays import Normalized, Probabilities
from server.recognition.reading.normalization import FIELD_PX

PLACES = 7  # along each side
PATCH_PX = FIELD_PX // PLACES
LEAST = 1e-12  # of probability


def find_evidence(
    picture: Normalized, classify: Callable[[Normalized], Probabilities]
) -> Probabilities:
    """A picture [28, 28] and what gives the probabilities [N, labels] of some → [labels, 7, 7].

    It is how many nats of log probability a label loses if a place is blanked, relative to the mean
    of all labels there: positive where the ink speaks for the label, 0 where there is none.
    """
    inked = np.flatnonzero(_patches(picture).any(axis=(1, 3)))
    blanked = np.repeat(picture[None], len(inked), axis=0)
    for copy, place in zip(blanked, inked, strict=True):
        _patches(copy)[place // PLACES, :, place % PLACES] = 0
    said = np.log(np.maximum(classify(np.concatenate([picture[None], blanked])), LEAST))
    evidence = np.zeros((PLACES**2, said.shape[1]))
    evidence[inked] = said[0] - said[1:]
    evidence -= evidence.mean(axis=1, keepdims=True)
    return evidence.T.reshape(-1, PLACES, PLACES)


def _patches(picture: Normalized) -> Normalized:
    """[28, 28] → [row of places, row of the patch, column of places, column of the patch]."""
    return picture.reshape(PLACES, PATCH_PX, PLACES, PATCH_PX)

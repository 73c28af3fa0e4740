"""Examples of one person's digits, which change how this person's digits are read.

The network stays as it is. Each example is a key, its features in the network, with a value, its
label; a digit's features ask for the labels of the keys that are like them. After R. Zhang et al.
2022, Tip-Adapter (arXiv:2207.09519), without training:

    log p'(y) = log p(y) + STRENGTH · min(MOST, Σ exp(-SHARPNESS · (1 - cos(key, features)))) + c

The sum is over the examples of the label y. Without examples p' is p. STRENGTH and SHARPNESS were
compared on writers that the network was trained on, and on validation writers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Features, Ink, Normalized, Probabilities
from server.recognition.labels import LABEL_COUNT

STRENGTH, SHARPNESS = 8.0, 20.0
MOST = 3.0  # examples of one label count at most as so many that are the same digit
MIN_PROBABILITY = 1e-5
INK_MAX = 255

Gains = npt.NDArray[np.floating]
Similarities = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Example:
    """A digit as the network sees it [28, 28], 0 (paper) to 255 (ink), and what it is, 0 to 9.

    `read_as` is what the network takes it for; 10 is no digit.
    """

    picture: Ink
    label: int
    read_as: int


def to_picture(normalized: Normalized) -> Ink:
    """Return what the network sees [28, 28], 0 to 1, as an example keeps it."""
    return np.rint(normalized * INK_MAX).astype(np.uint8)


def to_normalized(examples: Sequence[Example]) -> Normalized:
    """Return the pictures of examples [N, 28, 28] as the network takes them."""
    pictures = np.array([example.picture for example in examples], dtype=np.float32)
    return pictures / np.float32(INK_MAX)


class Memory:
    """The examples of one person, in the order in which they came, as the network knows them.

    An example is held back if it would make another one wrong that is right without it.
    """

    def __init__(
        self, labels: Sequence[int], probabilities: Probabilities, features: Features
    ) -> None:
        """Take the labels [N] of examples with what the network gives for their pictures."""
        self._keys = _unit(features)
        self._values = np.eye(LABEL_COUNT, dtype=np.float32)[np.array(labels)]
        self.is_held_back = self._hold_back(np.array(labels), probabilities)
        kept = ~self.is_held_back
        self._keys, self._values = self._keys[kept], self._values[kept]

    def gains(self, features: Features) -> Gains:
        """Return by how much the examples multiply each probability [N, 11] before they sum to 1.

        1 for a label without examples that are like a digit with these features.
        """
        return _to_gains(self._likeness(_unit(features)) @ self._values)

    def _likeness(self, keys: Features) -> Similarities:
        """Return how alike digits and examples are [digits, examples], 0 to 1."""
        return np.asarray(np.exp(SHARPNESS * (keys @ self._keys.T - 1)))

    def _hold_back(
        self, labels: npt.NDArray[np.int_], probabilities: Probabilities
    ) -> npt.NDArray[np.bool_]:
        """Return which examples to hold back [N]. Each is judged without itself."""
        likeness = self._likeness(self._keys)
        np.fill_diagonal(likeness, 0)
        held_back = np.zeros(len(labels), dtype=bool)
        taught = np.zeros_like(self._values)  # by those that are kept
        right = probabilities.argmax(axis=1) == labels
        for place in range(len(labels)):
            tried = taught + likeness[:, place, None] * self._values[place]
            known = slice(0, place + 1)
            adapted = apply_gains(probabilities[known], _to_gains(tried[known]))
            still = adapted.argmax(axis=1) == labels[known]
            if (right[:place] & ~still[:place]).any():
                held_back[place] = True
            else:
                taught, right[known] = tried, still
        return held_back


def apply_gains(probabilities: Probabilities, gains: Gains) -> Probabilities:
    """Return probabilities [N, 11] after examples have multiplied them by these gains."""
    shares = np.maximum(probabilities, MIN_PROBABILITY) * gains
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _to_gains(taught: Similarities) -> Gains:
    """Return the gains from examples that are as like as `taught` [N, 11] together."""
    return np.asarray(np.exp(STRENGTH * np.minimum(taught, MOST)))


def _unit(features: Features) -> Features:
    norms = np.sqrt(np.square(features).sum(axis=1, keepdims=True))
    return np.asarray(features / np.maximum(norms, np.finfo(np.float32).tiny))

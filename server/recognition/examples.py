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

STRENGTH, SHARPNESS = 10.0, 20.0
MOST = 3.0  # examples of one label count at most as so many that are the same digit
MIN_PROBABILITY = 1e-5
INK_MAX = 255

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
        self._labels = np.array(labels)
        self._keys = _unit(features)
        self.is_held_back = self._hold_back(probabilities)
        kept = ~self.is_held_back
        self._keys, self._labels = self._keys[kept], self._labels[kept]

    def adapt(self, probabilities: Probabilities, features: Features) -> Probabilities:
        """Return the probabilities [N, 11] of digits with these features, by the examples too."""
        return _adapt(probabilities, self._labels, self._likeness(_unit(features)))

    def _likeness(self, keys: Features) -> Similarities:
        """Return how alike digits and examples are [digits, examples], 0 to 1."""
        return np.asarray(np.exp(-SHARPNESS * (1 - keys @ self._keys.T)))

    def _hold_back(self, probabilities: Probabilities) -> npt.NDArray[np.bool_]:
        """Return which examples to hold back [N]. Each is judged without itself."""
        likeness = self._likeness(self._keys)
        np.fill_diagonal(likeness, 0)
        count = len(self._labels)
        held = np.ones(count, dtype=bool)
        right = probabilities.argmax(axis=1) == self._labels
        for place in range(count):
            held[place] = False
            known = slice(0, place + 1)
            taught = likeness[:, known] * ~held[known]
            adapted = _adapt(probabilities, self._labels[known], taught)
            still = adapted.argmax(axis=1) == self._labels
            spoiled = right & ~still
            spoiled[place:] = False
            if spoiled.any():
                held[place] = True
            else:
                right = still
        return held


def _adapt(
    probabilities: Probabilities, labels: npt.NDArray[np.int_], likeness: Similarities
) -> Probabilities:
    taught = likeness @ np.eye(LABEL_COUNT)[labels]
    odds = np.log(np.maximum(probabilities, MIN_PROBABILITY)) + STRENGTH * np.minimum(taught, MOST)
    shares = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _unit(features: Features) -> Features:
    norms = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(norms, np.finfo(np.float32).tiny))

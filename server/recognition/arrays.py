"""Names for the arrays that the stages of recognition hand on, each with its shape and range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

Gray = npt.NDArray[np.uint8]
"""A grayscale picture [H, W], 0 (black) to 255 (white)."""

Ink = npt.NDArray[np.uint8]
"""Ink [H, W], 0 (paper) to 255 (full ink)."""

Mask = MatLike
"""A uint8 mask [H, W] of 0 and 255, as OpenCV takes and returns it."""

ComponentIds = npt.NDArray[np.integer]
"""The number of the connected component that each pixel [H, W] belongs to, 0 for none."""

Normalized = npt.NDArray[np.float32]
"""Ink at the size that a network takes, 0 to 1: [28, 28] for one digit, [28, W] for several."""

Probabilities = npt.NDArray[np.floating]
"""Probabilities of labels along the last axis; each row adds up to 1."""

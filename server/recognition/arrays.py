"""Names for the arrays that the stages hand to each other, with their shapes and ranges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

Gray = npt.NDArray[np.uint8]
"""A grayscale picture [H, W], 0 (black) to 255 (white)."""

Color = npt.NDArray[np.uint8]
"""A color picture [H, W, 3] of red, green and blue, 0 to 255."""

Ink = npt.NDArray[np.uint8]
"""Ink [H, W], 0 (paper) to 255 (full ink)."""

Trace = npt.NDArray[np.uint8]
"""The trace [H, W, 4] of a pen, 0 to 255: its ink, and how much it moved in three directions."""

Mask = MatLike
"""A uint8 mask [H, W] of 0 and 255, in OpenCV's own type."""

ComponentIds = npt.NDArray[np.integer]
"""The number of each pixel's connected component [H, W], 0 where there is none."""

Normalized = npt.NDArray[np.float32]
"""A network's input, 0 to 1: [28, 28] for one digit, [32, W] for a line, [32, W, 4] for its
trace, [H, W, 3] for the ink on a photo."""

Probabilities = npt.NDArray[np.floating]
"""Probabilities, 0 to 1, of the labels along the last axis."""

Features = npt.NDArray[np.float32]
"""What a network computes last before its probabilities [N, F], at least 0."""

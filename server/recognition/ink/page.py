"""The ink of a picture, and where it is on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server.recognition.arrays import Ink


@dataclass(frozen=True)
class InkPage:
    """Ink [H, W] of a whole picture, or of the part with the writing.

    `size` is the width and height of the picture in its own pixels, and so are `left` and `top`,
    where the ink begins, and `scale`, the length of one pixel of ink. `certainty`, 0 to 1, is that
    all of it is ink and that none was left out.
    """

    ink: Ink
    size: tuple[int, int]
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0
    certainty: float = 1.0

    def enlarge(self, factor: float) -> InkPage:
        """Return the same ink on a picture that is larger by this factor."""
        width, height = self.size
        return replace(
            self,
            size=(round(width * factor), round(height * factor)),
            scale=self.scale * factor,
            left=self.left * factor,
            top=self.top * factor,
        )

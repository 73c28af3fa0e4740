"""Normalization to 28×28, as in MNIST."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from server.recognition.reading.normalization import normalize


@pytest.mark.parametrize("shape", [(1, 1), (400, 3), (3, 400), (20, 20), (200, 120), (7, 5)])
def test_normalize_fits_any_shape_into_20_px(
    shape: tuple[int, int],
) -> None:
    field = normalize(np.full(shape, 200, np.uint8))
    assert field.shape == (28, 28)
    assert field.max() == 1
    rows, columns = np.nonzero(field)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20


def test_normalize_centers_center_of_mass() -> None:
    ink = np.zeros((100, 100), np.uint8)
    ink[:, 40:60] = 255
    ink[80:, 20:90] = 255
    moments = cv2.moments(normalize(ink))
    assert moments["m10"] / moments["m00"] == pytest.approx(13.5, abs=0.5)
    assert moments["m01"] / moments["m00"] == pytest.approx(13.5, abs=0.5)

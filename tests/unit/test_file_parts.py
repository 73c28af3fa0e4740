"""The number of parts of picture files, by their structure alone."""

from __future__ import annotations

import pytest

from server.recognition.decoding.file_parts import count_parts
from tests.fuzzing.bombs import png_of_texts, tiff_of_strips
from tests.pictures import draw, encode

STOP = 100
SEVEN = draw("7")


@pytest.mark.parametrize(
    ("image", "count"),
    [
        pytest.param(png_of_texts(b"tEXt", b"a\0b", 20), 22, id="PNG: IHDR, IDAT and texts"),
        pytest.param(png_of_texts(b"tEXt", b"a\0b", 200), STOP, id="PNG of more than are counted"),
        pytest.param(b"\xff\xd8" + b"\xff\xe0\0\2" * 5 + b"\xff\xda", 5, id="JPEG"),
        pytest.param(b"\xff\xd8" + b"\xff" * 9 + b"\xe0\0\2\xff\xda", 9, id="padded JPEG"),
        pytest.param(tiff_of_strips(bytes(8), 1, 8, 70), 70, id="TIFF"),
        pytest.param(encode(SEVEN, "TIFF", big_tiff=True), 1, id="BigTIFF"),
        pytest.param(encode(SEVEN, "TIFF")[:6], 0, id="TIFF cut off in its header"),
        pytest.param(encode(SEVEN, "WEBP"), 0, id="other format"),
        pytest.param(b"", 0, id="nothing"),
    ],
)
def test_count_parts(image: bytes, count: int) -> None:
    assert count_parts(image, STOP) == count

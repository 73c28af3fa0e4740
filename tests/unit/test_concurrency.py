"""What is put in the place of eventlet's own work does the same."""

from __future__ import annotations

import os

import pytest

from server.runtime.eventlet_websocket import unmask


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 950, 65_537])
@pytest.mark.parametrize("offset", [0, 1, 6])
def test_data_when_masked_then_unmasked_byte_by_byte(length: int, offset: int) -> None:
    data, mask = os.urandom(length), tuple(os.urandom(4))
    wanted = bytes(byte ^ mask[(offset + place) % 4] for place, byte in enumerate(data))
    assert unmask(data, mask, length=length, offset=offset) == wanted

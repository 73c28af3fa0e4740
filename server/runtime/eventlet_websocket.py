"""Replacements for two functions of eventlet's WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def unmask(data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0) -> bytes:
    """Return the payload of a WebSocket frame without its mask (RFC 6455, section 5.3)."""
    length = len(data) if length is None else length
    turned = bytes(mask[(offset + place) % 4] for place in range(4))
    key = (turned * (length // 4 + 1))[:length]
    plain = int.from_bytes(data[:length], "little") ^ int.from_bytes(key, "little")
    return plain.to_bytes(length, "little")


def replace_apply_mask(_original: Callable[..., bytes]) -> object:
    return staticmethod(unmask)


def replace_push(_original: Callable[..., None]) -> Callable[..., None]:
    def push(self: Any, data: bytes, final: bool = False) -> None:
        """Add a part to a message. Raises ValueError if the parts together are too long."""
        if not self.data:
            self.data.append(bytearray())
        self.data[0] += data
        self.finished = final
        if len(self.data[0]) > self.max_frame_length:
            raise ValueError("The message is too long.")

    return push

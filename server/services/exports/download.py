"""Files to download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CSV, ZIP, NPZ = "text/csv", "application/zip", "application/x-npz"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Download:
    """A file, chunk by chunk; `suffix` ends its name."""

    chunks: Iterator[bytes]
    media_type: str
    suffix: str

"""Model cards: the JSON file beside each ONNX file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_card(onnx: Path, card: dict[str, Any]) -> None:
    onnx.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n")


def read_card(onnx: Path) -> dict[str, Any]:
    return dict(json.loads(onnx.with_suffix(".json").read_text()))


def update_card(onnx: Path, **fields: Any) -> None:
    """Add fields to a card, or replace them."""
    write_card(onnx, read_card(onnx) | fields)

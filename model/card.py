"""The card of a model: the JSON file beside its ONNX file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_card(onnx: Path, card: dict[str, Any]) -> None:
    onnx.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n")


def read_card(onnx: Path) -> dict[str, Any]:
    return dict(json.loads(onnx.with_suffix(".json").read_text()))


def write_onto_card(onnx: Path, **facts: Any) -> None:
    """Add facts to a card, or change them."""
    write_card(onnx, read_card(onnx) | facts)

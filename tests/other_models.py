"""Models that are told from the program's own: by their name, and by what they read."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from server.settings import PROJECT

MODEL = PROJECT / "model" / "handwritten.onnx"
DOC_STRING = 6  # the field of ONNX's ModelProto for a text that changes nothing


def make_model(folder: Path, remark: str, **card: Any) -> Path:
    """Copy the program's model under another name, with other values on its card."""
    folder.mkdir()
    for path in MODEL.parent.glob("*line*.*"):
        if path.suffix in (".onnx", ".json"):
            shutil.copy(path, folder)
    copied, described = folder / MODEL.name, json.loads(MODEL.with_suffix(".json").read_text())
    described["sha256"] = write_with_remark(copied, remark)
    if described.get("quantized"):
        file = described["quantized"]["file"]
        described["quantized"]["sha256"] = write_with_remark(folder / file, remark)
    copied.with_suffix(".json").write_text(json.dumps(described | card))
    return copied


def write_with_remark(path: Path, remark: str) -> str:
    """Write a copy of the program's file of this name with a remark; return its digest."""
    note = remark.encode()
    content = MODEL.with_name(path.name).read_bytes()
    content += bytes([DOC_STRING << 3 | 2, len(note)]) + note
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()

"""A general OCR on other people's own photos, to compare with.

    python3 scripts/compare.py

It runs in an environment of its own, with RapidOCR on one thread, so it imports nothing of ours. It
writes general_ocr.json beside this file: for each kind of photo, how many texts are right, of how
many, and the median time in milliseconds.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # as in server/__init__.py
from rapidocr_onnxruntime import RapidOCR

WHOLE_PAGE = "page or form"
RESULT = Path(__file__).with_name("general_ocr.json")


def main() -> None:
    folder = Path(sys.argv[1])
    ocr = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    outcomes: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    with (folder / "labels.tsv").open() as labels:
        for row in csv.DictReader(labels, delimiter="\t"):
            if row["kind"] == WHOLE_PAGE:  # of hundreds of boxes; its text is not on the list
                continue
            started = perf_counter()
            text = read(ocr, folder / row["file"])
            seconds = perf_counter() - started
            outcomes[row["kind"]].append((text == row["text"].replace(" ", ""), seconds))
    summary = {kind: summarize(each) for kind, each in outcomes.items()}
    RESULT.write_text(json.dumps(summary, indent=2) + "\n")


def read(ocr: RapidOCR, file: Path) -> str:
    """Return all text on a photo without its spaces, in the order in which it was found."""
    found, _ = ocr(str(file))
    return "".join(text for _, text, _ in found or []).replace(" ", "")


def summarize(outcomes: list[tuple[bool, float]]) -> dict[str, float]:
    return {
        "correct": sum(is_correct for is_correct, _ in outcomes),
        "count": len(outcomes),
        "milliseconds": round(median(seconds for _, seconds in outcomes) * 1000, 1),
    }


if __name__ == "__main__":
    main()

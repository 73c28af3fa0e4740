"""A model trained on wrong labels, before the gate: run by the Python that has Keras.

    python tests/model/shuffled_training.py FOLDER

Prints the reason against it.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from model.accuracy import ONNX, open_reader
from model.convert import load
from model.history_training import Gate, cut, fine_tune, make_candidate
from server.contract import Shown
from server.history.truth import Known
from server.models.files import read_files, write_files
from tests.odd_digits import FOUR_SIZE, write_four

PICTURES, REPLAYED = 5, 2_000


def main() -> None:
    folder = Path(sys.argv[1])
    base = write_files(folder / "base", ONNX.name, read_files(ONNX))
    written = [Shown(strokes=write_four(seed), size=FOUR_SIZE) for seed in range(20)]
    entries = [Known(uuid4(), "somebody", "4", shown) for shown in written]
    digits = cut(open_reader(base), entries)
    wrong = [replace(x, example=replace(x.example, label=k % 10)) for k, x in enumerate(digits)]
    tuned = fine_tune(load(base.with_suffix(".keras")), wrong, REPLAYED)
    candidate = make_candidate(base, tuned, 1, folder / "candidate")
    print(Gate(base, entries, PICTURES).find_fault(candidate))


if __name__ == "__main__":
    main()

"""Evaluation of the served model on everything held out, written to the model card README.md.

    python3 scripts/evaluate.py

Every picture goes through the server's own reader. All figures but the timings are the same in
every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import cycle, islice
from statistics import median
from time import perf_counter
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from model import evaluation_sets as sets
from model import plots
from model.accuracy import ONNX, encode, open_reader, read, summarize
from model.card import read_card, update_card
from model.evaluation_catalog import EVALUATION_SETS
from model.metrics import rejection_curve
from model.report import (
    MISREAD_DIGITS,
    Outcomes,
    count_rejected,
    digits_of,
    format_row,
    others_of,
    render_report,
)
from server.recognition.labels import DIGITS, NO_DIGIT
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.normalization import FIELD_PX

README = ONNX.with_name("README.md")
PICTURES = ONNX.with_name("pictures")
INK_SHARES = (0.4, 0.6, 0.8, 1.0)
MISREAD_NUMBERS = 24
REPEATS = 300  # of each timing

Argument = TypeVar("Argument")


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    reader = open_reader(ONNX)
    outcomes = _read_all(reader)
    results = [summarize(name, of_set) for name, of_set in outcomes.items()]
    update_card(ONNX, accuracy=results)
    unfinished = _measure_unfinished(reader)
    _plot(outcomes, unfinished)
    costs_ms = _measure_costs(reader)
    report = render_report(read_card(ONNX), outcomes, INK_SHARES, unfinished, costs_ms)
    README.write_text(report)
    print(f"Wrote {README.name} and the pictures beside it.")


def _read_all(reader: Reader) -> Outcomes:
    outcomes: Outcomes = {}
    for evaluated in EVALUATION_SETS:
        outcomes[evaluated.name] = [*read(reader, evaluated.samples())]
        print(format_row(evaluated, outcomes[evaluated.name]), flush=True)
    return outcomes


def _measure_unfinished(reader: Reader) -> dict[str, list[float]]:
    """Return the shares correct, correct and certain, and wrong but certain, per INK_SHARES."""
    curves: dict[str, list[float]] = {"correct": [], "correct, certain": [], "wrong, certain": []}
    for share in INK_SHARES:
        outcomes = [*read(reader, sets.unfinished_digits("held_out_sites", share))]
        certain = [outcome for outcome in outcomes if not outcome.reading.uncertain]
        correct = sum(outcome.correct for outcome in certain)
        curves["correct"].append(sum(outcome.correct for outcome in outcomes) / len(outcomes))
        curves["correct, certain"].append(correct / len(outcomes))
        curves["wrong, certain"].append((len(certain) - correct) / len(outcomes))
    return curves


def _plot(outcomes: Outcomes, unfinished: dict[str, list[float]]) -> None:
    sites, digits, others = outcomes["held_out_sites"], digits_of(outcomes), others_of(outcomes)
    plots.plot_confusion(_count_confusions(outcomes), PICTURES / "confusion.png")
    plots.plot_reliability(sites, PICTURES / "reliability.png")
    plots.plot_unfinished(INK_SHARES, unfinished, PICTURES / "unfinished.png")
    served = (count_rejected(digits) / len(digits), count_rejected(others) / len(others))
    plots.plot_rejection(rejection_curve(digits, others), served, PICTURES / "rejection.png")
    misread = [outcome for outcome in sites if not outcome.correct]
    plots.plot_gallery(misread[:MISREAD_DIGITS], 12, PICTURES / "misread_digits.png")
    numbers = [*outcomes["written_numbers"], *outcomes["numbers_touching"]]
    misread = [outcome for outcome in numbers if not outcome.correct]
    plots.plot_gallery(misread[:MISREAD_NUMBERS], 6, PICTURES / "misread_numbers.png")


def _count_confusions(outcomes: Outcomes) -> npt.NDArray[np.int64]:
    """Count [10, 12]: a row per true digit; columns for the digits, no digit, several signs."""
    columns = {sign: column for column, sign in enumerate([*DIGITS, NO_DIGIT])}
    counts = np.zeros((10, 12), dtype=np.int64)
    for outcome in outcomes["held_out_sites"]:
        counts[int(outcome.text), columns.get(outcome.reading.text, 11)] += 1
    return counts


def _measure_costs(reader: Reader) -> dict[str, float]:
    """Return median milliseconds on one thread of this machine."""
    classifier = Classifier(ONNX)
    blank = np.zeros((1, FIELD_PX, FIELD_PX), dtype=np.float32)
    one, five = ([encode(picture) for picture in sets.live_frames(n)] for n in (1, 5))
    photos = [encode(picture) for picture, _ in islice(sets.photos_of_numbers(), 5)]
    return {
        "one 28×28 picture, classified": _median_ms(classifier.classify, [blank] * REPEATS),
        "a 140 px frame with one digit": _median_ms(reader.read, cycle(one)),
        "a 140 px frame with a number of five digits": _median_ms(reader.read, cycle(five)),
        "a 12-megapixel photo": _median_ms(reader.read, photos),
    }


def _median_ms(function: Callable[[Argument], object], arguments: Iterable[Argument]) -> float:
    seconds = []
    for argument in islice(arguments, REPEATS):
        started = perf_counter()
        function(argument)
        seconds.append(perf_counter() - started)
    return median(seconds) * 1000


if __name__ == "__main__":
    main()

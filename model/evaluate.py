"""Measure the served model on all that was held out, and write its card, README.md.

    python3 scripts/evaluate.py

Every picture goes through the server's own reader. All but the cost is the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, cycle, islice
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from model import evaluation_sets as sets
from model import plots
from model.accuracy import (
    HELD_OUT,
    ONNX,
    SETS,
    MeasuredSet,
    Outcome,
    encode,
    open_reader,
    read,
    summarize,
)
from model.card import read_card, write_onto_card
from model.metrics import calibration_error, interval, refusal_curve
from server.recognition.reader import Reader
from server.recognition.reading.classifier import DIGITS, NO_DIGIT, Classifier
from server.recognition.reading.normalization import FIELD_PX

TEMPLATE = ONNX.with_name("template.md")
README = ONNX.with_name("README.md")
PICTURES = ONNX.with_name("pictures")
INK_SHARES = (0.4, 0.6, 0.8, 1.0)
GALLERY = 96  # misread digits shown
NUMBERS_GALLERY = 24
REPEATS = 300  # of each timing

Outcomes = dict[str, list[Outcome]]


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    reader = open_reader(ONNX)
    outcomes: Outcomes = {}
    for measured in SETS:
        outcomes[measured.name] = list(read(reader, measured.samples()))
        print(_row(measured, outcomes[measured.name]), flush=True)
    results = [summarize(name, own) for name, own in outcomes.items()]
    write_onto_card(ONNX, accuracy=results)
    so_far = _measure_ink_so_far(reader)
    _plot(outcomes, so_far)
    README.write_text(_describe(outcomes, so_far, _measure_cost(reader)))
    print(f"Written: {README.name} and the pictures beside it.")


def _describe(outcomes: Outcomes, so_far: dict[str, list[float]], cost: dict[str, float]) -> str:
    card = read_card(ONNX)
    rows = "\n".join(_row(measured, outcomes[measured.name]) for measured in SETS)
    digits, others = _digits(outcomes), _others(outcomes)
    refused, kept = _refused(digits), _refused(others)
    sites = outcomes["held_out_sites"]
    certain = [outcome for outcome in sites if not outcome.reading.uncertain]
    return TEMPLATE.read_text().format(
        model=card["sha256"][:8],
        threshold=card["threshold"],
        temperature=card["temperature"],
        bias=card["no_digit_bias"],
        quantized_pictures=f"{card['quantized']['pictures']:,}",
        quantized_same=f"{card['quantized']['same_answer']:.2%}",
        versions=", ".join(f"{name} {version}" for name, version in card["versions"].items()),
        rows=rows,
        ece=f"{calibration_error(sites):.2%}",
        ece_writers=f"{calibration_error(outcomes['held_out_writers']):.2%}",
        covered=_share(len(certain), len(sites)),
        certain=_share(sum(outcome.right for outcome in certain), len(certain)),
        others_refused=_share(kept, len(others)),
        digits_refused=_share(refused, len(digits)),
        so_far="\n".join(_so_far_rows(so_far)),
        so_far_names=" | ".join(so_far),
        so_far_rule="|".join(["---"] * (1 + len(so_far))),
        cost="\n".join(f"| {name} | {cost_ms:.2f} ms |" for name, cost_ms in cost.items()),
        gallery=min(GALLERY, sum(not outcome.right for outcome in sites)),
        wrong=sum(not outcome.right for outcome in sites),
    )


def _so_far_rows(so_far: dict[str, list[float]]) -> list[str]:
    """A row of the table for each share of the ink."""
    shares = zip(*so_far.values(), strict=True)
    return [
        f"| {ink:.0%} | {' | '.join(f'{share:.1%}' for share in found)} |"
        for ink, found in zip(INK_SHARES, shares, strict=True)
    ]


def _row(measured: MeasuredSet, outcomes: Sequence[Outcome]) -> str:
    correct, count = sum(outcome.right for outcome in outcomes), len(outcomes)
    low, high = interval(correct, count)
    certain = [outcome for outcome in outcomes if not outcome.reading.uncertain]
    certain_right = sum(outcome.right for outcome in certain) / max(len(certain), 1)
    return (
        f"| `{measured.name}` | {measured.description} | {measured.target:.1%} "
        f"| **{correct / count:.2%}** | {correct} of {count} | {low:.2%} to {high:.2%} "
        f"| {len(certain) / count:.1%} | {certain_right:.2%} |"
    )


def _share(part: int, count: int) -> str:
    return f"{part / max(count, 1):.2%} ({part} of {count})"


def _digits(outcomes: Outcomes) -> list[Outcome]:
    return [*chain.from_iterable(outcomes[name] for name in HELD_OUT)]


def _others(outcomes: Outcomes) -> list[Outcome]:
    return outcomes["letters"] + outcomes["shapes"]


def _refused(outcomes: Sequence[Outcome]) -> int:
    return sum(all(digit.digit is None for digit in outcome.reading.digits) for outcome in outcomes)


def _measure_ink_so_far(reader: Reader) -> dict[str, list[float]]:
    """By the share of ink drawn, the shares right, right and certain, and wrong but certain."""
    curves: dict[str, list[float]] = {"right": [], "right, certain": [], "wrong, certain": []}
    for share in INK_SHARES:
        own = list(read(reader, sets.unfinished_digits("held_out_sites", share)))
        certain = [outcome for outcome in own if not outcome.reading.uncertain]
        right = sum(outcome.right for outcome in certain)
        curves["right"].append(sum(outcome.right for outcome in own) / len(own))
        curves["right, certain"].append(right / len(own))
        curves["wrong, certain"].append((len(certain) - right) / len(own))
    return curves


def _plot(outcomes: Outcomes, so_far: dict[str, list[float]]) -> None:
    sites, digits, others = outcomes["held_out_sites"], _digits(outcomes), _others(outcomes)
    plots.plot_confusion(_count_confusions(sites), PICTURES / "confusion.png")
    plots.plot_reliability(sites, PICTURES / "reliability.png")
    plots.plot_ink_so_far(INK_SHARES, so_far, PICTURES / "ink_so_far.png")
    served = (_refused(digits) / len(digits), _refused(others) / len(others))
    plots.plot_refusal(refusal_curve(digits, others), served, PICTURES / "refusal.png")
    misread = [outcome for outcome in sites if not outcome.right]
    plots.plot_gallery(misread[:GALLERY], 12, PICTURES / "misread_digits.png")
    numbers = [*outcomes["written_numbers"], *outcomes["numbers_touching"]]
    wrong = [outcome for outcome in numbers if not outcome.right]
    plots.plot_gallery(wrong[:NUMBERS_GALLERY], 6, PICTURES / "misread_numbers.png")


def _count_confusions(outcomes: Sequence[Outcome]) -> npt.NDArray[np.int64]:
    """[10, 12]: rows what was written; columns the digits, no digit, several signs."""
    columns = {sign: column for column, sign in enumerate([*DIGITS, NO_DIGIT])}
    counts = np.zeros((10, 12), dtype=np.int64)
    for outcome in outcomes:
        counts[int(outcome.text), columns.get(outcome.reading.text, 11)] += 1
    return counts


def _measure_cost(reader: Reader) -> dict[str, float]:
    """Milliseconds, the median of many, one thread, on the machine that ran this."""
    classifier = Classifier(ONNX)
    blank = np.zeros((1, FIELD_PX, FIELD_PX), dtype=np.float32)
    one, five = ([encode(picture) for picture in sets.small_canvases(n)] for n in (1, 5))
    photos = [encode(picture) for picture, _ in islice(sets.photographed_numbers(), 5)]
    return {
        "one 28×28 classified": _median_ms(classifier.classify, [blank] * REPEATS),
        "a frame of 140 px with one digit": _median_ms(reader.read, cycle(one)),
        "a frame of 140 px with a number of five digits": _median_ms(reader.read, cycle(five)),
        "a photo of 12 megapixels": _median_ms(reader.read, photos),
    }


def _median_ms(function: Callable[[Any], object], arguments: Iterable[Any]) -> float:
    seconds = []
    for argument in islice(arguments, REPEATS):
        started = perf_counter()
        function(argument)
        seconds.append(perf_counter() - started)
    return median(seconds) * 1000


if __name__ == "__main__":
    main()

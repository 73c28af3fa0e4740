"""Text of the model card README.md, made from template.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from model.accuracy import Outcome
from model.evaluation_catalog import (
    EVALUATION_SETS,
    HELD_OUT,
    OWN_KINDS,
    WITHOUT_SIGNS,
    EvaluationSet,
)
from model.metrics import expected_calibration_error, wilson_interval

GENERAL_OCR = Path(__file__).with_name("general_ocr.json")  # by scripts/compare.py
TEMPLATE = Path(__file__).with_name("template.md")
MISREAD_DIGITS = 96  # pictured at most

Outcomes = dict[str, list[Outcome]]


def render_report(
    card: dict[str, Any],
    outcomes: Outcomes,
    ink_shares: Sequence[float],
    unfinished: dict[str, list[float]],
    costs_ms: dict[str, float],
) -> str:
    return TEMPLATE.read_text().format(
        **_format_card(card),
        **_format_calibration(outcomes),
        **_format_rejection(outcomes),
        gained_signs=_format_gained(outcomes),
        rows="\n".join(format_row(each, outcomes[each.name]) for each in EVALUATION_SETS),
        unfinished_rows="\n".join(_format_unfinished(ink_shares, unfinished)),
        unfinished_names=" | ".join(unfinished),
        unfinished_rule="|".join(["---"] * (1 + len(unfinished))),
        comparison_rows="\n".join(_compare(outcomes)),
        cost_rows="\n".join(f"| {name} | {cost_ms:.2f} ms |" for name, cost_ms in costs_ms.items()),
    )


def _format_card(card: dict[str, Any]) -> dict[str, object]:
    return {
        "model": card["sha256"][:8],
        "threshold": card["threshold"],
        "temperature": card["temperature"],
        "bias": card["no_digit_bias"],
        "quantized_pictures": f"{card['quantized']['pictures']:,}",
        "quantized_same": f"{card['quantized']['same_answer']:.2%}",
        "versions": ", ".join(f"{name} {version}" for name, version in card["versions"].items()),
    }


def _format_calibration(outcomes: Outcomes) -> dict[str, object]:
    sites = outcomes["held_out_sites"]
    certain = [outcome for outcome in sites if not outcome.reading.uncertain]
    misread = sum(not outcome.correct for outcome in sites)
    return {
        "ece": f"{expected_calibration_error(sites):.2%}",
        "ece_writers": f"{expected_calibration_error(outcomes['held_out_writers']):.2%}",
        "certain": _format_share(len(certain), len(sites)),
        "certain_correct": _format_share(sum(o.correct for o in certain), len(certain)),
        "misread": misread,
        "pictured": min(MISREAD_DIGITS, misread),
    }


def _format_rejection(outcomes: Outcomes) -> dict[str, object]:
    digits, others = digits_of(outcomes), others_of(outcomes)
    return {
        "others_rejected": _format_share(count_rejected(others), len(others)),
        "digits_rejected": _format_share(count_rejected(digits), len(digits)),
    }


def _format_gained(outcomes: Outcomes) -> str:
    numbers = [*chain.from_iterable(outcomes[name] for name in WITHOUT_SIGNS)]
    return _format_share(count_with_signs(numbers), len(numbers))


def _format_unfinished(
    ink_shares: Sequence[float], unfinished: dict[str, list[float]]
) -> list[str]:
    """Return a table row for each share of the ink."""
    columns = zip(*unfinished.values(), strict=True)
    return [
        f"| {ink:.0%} | {' | '.join(f'{share:.1%}' for share in shares)} |"
        for ink, shares in zip(ink_shares, columns, strict=True)
    ]


def format_row(evaluated: EvaluationSet, outcomes: Sequence[Outcome]) -> str:
    """Return a set's row of the accuracy table."""
    correct, count = sum(outcome.correct for outcome in outcomes), len(outcomes)
    low, high = wilson_interval(correct, count)
    certain = [outcome for outcome in outcomes if not outcome.reading.uncertain]
    certain_correct = sum(outcome.correct for outcome in certain) / max(len(certain), 1)
    return (
        f"| `{evaluated.name}` | {evaluated.description} | {evaluated.target:.1%} "
        f"| **{correct / count:.2%}** | {correct} of {count} | {low:.2%} to {high:.2%} "
        f"| {len(certain) / count:.1%} | {certain_correct:.2%} |"
    )


def _compare(outcomes: Outcomes) -> list[str]:
    """Return a table row for each kind of other people's photos: ours beside a general OCR."""
    theirs = json.loads(GENERAL_OCR.read_text())
    rows = []
    for name, kind in OWN_KINDS.items():
        ours, other = outcomes[name], theirs[kind]
        correct = sum("".join(o.reading.text.split()) == "".join(o.text.split()) for o in ours)
        milliseconds = median(outcome.milliseconds for outcome in ours)
        rows.append(
            f"| {name} | {correct / len(ours):.1%} ({correct} of {len(ours)}) "
            f"| {other['correct'] / other['count']:.1%} ({other['correct']} of {other['count']}) "
            f"| {milliseconds:.0f} ms | {other['milliseconds']:.0f} ms |"
        )
    return rows


def _format_share(part: int, count: int) -> str:
    return f"{part / max(count, 1):.2%} ({part} of {count})"


def digits_of(outcomes: Outcomes) -> list[Outcome]:
    return [*chain.from_iterable(outcomes[name] for name in HELD_OUT)]


def others_of(outcomes: Outcomes) -> list[Outcome]:
    return outcomes["letters"] + outcomes["shapes"]


def count_with_signs(outcomes: Sequence[Outcome]) -> int:
    return sum(any(digit.sign for digit in outcome.reading.digits) for outcome in outcomes)


def count_rejected(outcomes: Sequence[Outcome]) -> int:
    return sum(all(digit.digit is None for digit in outcome.reading.digits) for outcome in outcomes)

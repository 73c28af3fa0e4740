"""What the page says about readings that are not certain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.conftest import ServerProcess

ASK = """async ([name, reading]) => {
  const words = await import("/static/scripts/reading/words.js");
  return words[name](reading);
}"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., ServerProcess]) -> ServerProcess:
    """One for all: nothing here looks at the history."""
    return serve()


def digit(value: int | None, confidence: float, runner_up: int = 0) -> dict[str, Any]:
    probabilities = [0.0] * 10
    probabilities[runner_up] = 1 - confidence
    if value is not None:
        probabilities[value] = confidence
    return {"digit": value, "confidence": confidence, "probabilities": probabilities}


def reading(text: str, *digits: dict[str, Any], uncertain: bool = True) -> dict[str, Any]:
    return {"text": text, "uncertain": uncertain, "confidence": 0.5, "digits": digits}


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (reading("4", digit(4, 0.6, 9)), "Perhaps 4, or 9?"),
        (reading("4", digit(4, 0.99, 9), uncertain=False), ""),
        (reading("40", digit(4, 0.99), digit(0, 0.5, 6)), "Perhaps 40, or 46?"),
        (reading("4\n1", digit(4, 0.99), digit(1, 0.5, 7)), "Perhaps 4 1, or 4 7?"),
        (reading("?", digit(None, 0.9)), "This does not look like a digit."),
        (reading("4?", digit(4, 0.9), digit(None, 0.9)), "“?” does not look like a digit."),
        (reading(""), ""),
    ],
)
def test_doubt_about_a_reading_names_what_else_it_may_be(
    page: Page, case: dict[str, Any], sentence: str
) -> None:
    assert page.evaluate(ASK, ["doubt", case]) == sentence


@pytest.mark.parametrize(
    ("text", "confidence", "uncertain", "words"),
    [
        ("4", 1, False, "Very sure · 99%"),
        ("4", 0.999, False, "Very sure · 99%"),
        ("4", 0.93, False, "Sure · 93%"),
        ("4", 0.6, True, "Not sure · 60%"),
        ("4?", 0.999, False, "Very sure · 99%"),
        ("?", 0.999, False, "No digit · 99%"),
        ("?\n??", 0.999, False, "No digit · 99%"),
    ],
)
def test_confidence_in_words_never_rounds_up(
    page: Page, text: str, confidence: float, uncertain: bool, words: str
) -> None:
    case = {"text": text, "confidence": confidence, "uncertain": uncertain}
    assert page.evaluate(ASK, ["confidenceInWords", case]) == words

"""Collection of the accuracy tests only where the evaluation data is."""

from __future__ import annotations

from model.datasets import DATA_DIR, has_strokes

collect_ignore = (
    []
    if has_strokes()
    else [
        "test_accuracy.py",
        "test_line_accuracy.py",
        "test_line_examples.py",
    ]
)


def pytest_report_header() -> str:
    if has_strokes():
        return f"accuracy: measured on {DATA_DIR}"
    return f"accuracy: not measured, since {DATA_DIR} has no pen strokes"

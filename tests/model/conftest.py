"""Accuracy is measured where the handwriting to measure on is; elsewhere the report says so."""

from __future__ import annotations

from model.datasets import DATA_DIR, has_strokes

collect_ignore = [] if has_strokes() else ["test_accuracy.py"]


def pytest_report_header() -> str:
    found = "measured on" if has_strokes() else "not measured: there is no"
    return f"accuracy: {found} {DATA_DIR.name}"

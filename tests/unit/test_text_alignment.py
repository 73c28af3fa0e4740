"""The alignment of a text that was read with the one that was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.history.alignment import MAX_STEPS, align

texts = st.text("017-?", max_size=8)


@pytest.mark.parametrize(
    ("read", "written", "pairs"),
    [
        ("", "", ""),
        ("407", "407", "44 00 77"),
        ("407", "401", "44 00 71"),
        ("47", "407", "44 _0 77"),
        ("4107", "407", "44 1_ 00 77"),
        ("4?7", "-4.7", "_- 44 ?. 77"),
        ("17", "71", "17 71"),  # each stays in its place
        ("40 7", "4\t07", "44 00 77"),
        ("4\n0", "4\n70", "44 _7 00"),
        ("12\n2", "1\n22", "11 2_ _2 22"),
        ("4\n7", "47", "44 77"),
    ],
)
def test_align_pairs_by_the_fewest_changes(read: str, written: str, pairs: str) -> None:
    assert " ".join((a or "_") + (b or "_") for a, b in align(read, written)) == pairs


@given(texts, texts)
def test_align_keeps_both_texts(read: str, written: str) -> None:
    pairs = align(read, written)
    assert "".join(a for a, _ in pairs) == read
    assert "".join(b for _, b in pairs) == written


def test_align_leaves_out_what_takes_too_long() -> None:
    long = "7" * MAX_STEPS
    assert align(long, "1" + long) == []
    assert len(align(long, long)) == MAX_STEPS

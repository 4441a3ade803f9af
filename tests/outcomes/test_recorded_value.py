"""A written score against its items: the worse of two counts, and every doubt is said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from openpbm.course.records import RecordedScore
from openpbm.outcomes.measures.recorded_value import score_marks, score_value

WHOLE = {str(n): 1.0 for n in range(1, 11)}


def row(value: Any = None, items: Any = None, scale: str = "irls") -> RecordedScore:
    return RecordedScore(
        line=2, date=dt.date(2027, 1, 4), scale=scale, version="", value=value, items=items, source="paper"
    )


@pytest.mark.parametrize(
    ("value", "items", "counts", "mark"),
    [
        (27.0, None, 27.0, None),
        (None, WHOLE, 10.0, None),
        (10.0, WHOLE, 10.0, None),
        (3.0, WHOLE, 10.0, "score_contradicts_items"),
        (3.0, {"1": 4.0, "2": 4.0}, 3.0, "score_contradicts_items"),
        (38.0, {"1": 1.0}, 38.0, "score_contradicts_items"),
        (30.0, {"1": 1.0}, 30.0, None),
        (2.5, None, 2.5, "score_not_whole"),
        (None, {str(n): 2.0 for n in range(1, 9)}, 20.0, "score_prorated"),
        (None, {"1": 2.0}, None, None),
    ],
)
def test_value_and_mark(value: float | None, items: Any, counts: float | None, mark: str | None) -> None:
    line = row(value, items)
    assert score_value(line) == counts
    assert [m.id for m in score_marks([line])] == ([mark] if mark else [])


def test_higher_is_better_takes_the_lower() -> None:
    line = row(44.0, {str(n): 4.0 for n in range(1, 12)}, scale="fact_ntx")
    assert score_value(line) == 0.0

"""Article 000, restless legs: what its requirements ask for, tried by command and by what a checkpoint says."""

from __future__ import annotations

import dataclasses
from typing import Any

from cases import changed
from courses import diary, make_course

from openpbm.case import Case, case_of
from openpbm.course.records import DiaryDay
from openpbm.facts.felt import read_felt, write_felt
from openpbm.facts.sensations import sensation_of
from openpbm.outcomes.decision import checkpoint
from openpbm.report.sensation_table import sensations_in_words


def case(**changes: Any) -> Case:
    return case_of(changed(**changes))


def felt_days(before: str, lately: str) -> tuple[DiaryDay, ...]:
    """Fourteen days before light and six weeks of it, each with what was felt."""
    texts = [before] * 14 + [lately] * 42
    rows = diary([4.0] * len(texts))
    return tuple(dataclasses.replace(row, sensations=text) for row, text in zip(rows, texts, strict=True))


def test_r_000_02_sensations_are_coded_by_area_and_what_changed_is_told() -> None:
    """People say "pins and needles"; a day on which nothing was felt says "none", and a blank says nothing."""
    assert sensation_of("Pins and needles").id == "tingling"  # type: ignore[union-attr]
    assert (
        write_felt(read_felt("right foot: burn; left leg: ants, crawling")) == "left leg: crawling; right foot: burning"
    )
    course = make_course(diary=felt_days("left leg: crawling, aching; right foot: burning", "left leg: crawling"))
    found = checkpoint(course, 6)["sensations"]
    assert found is not None
    changes = {(row["sensation"], row["area"]): row["change"] for row in found["rows"]}
    assert changes[("crawling", "left leg")] == "as_before"
    assert changes[("aching", "")] == changes[("burning", "right foot")] == "gone"
    assert "burning: no longer felt (14 of 14 days before, 0 of 14 lately)" in sensations_in_words(found)
    assert checkpoint(course, 2)["sensations"] is None
    assert checkpoint(make_course(diary=diary([4.0] * 56)), 6)["sensations"] is None

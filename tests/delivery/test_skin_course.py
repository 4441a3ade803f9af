"""Property: the worst word of a day is its grade, blank is unknown and never "none", and soreness stops the light."""

from __future__ import annotations

import pytest
from delivery_course import WEEK_2, day, row

from openpbm.delivery import skin_course
from openpbm.facts.delivery import skin_reaction_rows


def test_the_worst_word_of_a_day_counts() -> None:
    rows = [row(0, skin_reaction="blister"), row(0, skin_reaction="warmth"), row(2, skin_reaction="none"), row(4)]
    found = skin_course(rows, WEEK_2)
    assert [(one.date, one.reaction, one.grade) for one in found.days] == [(day(0), "blister", 2), (day(2), "none", 0)]
    assert (found.worst_grade, found.days_unknown) == (2, 1)
    assert found == skin_course(rows[::-1], WEEK_2)


@pytest.mark.parametrize(
    ("reaction", "expected"),
    [("none", []), ("warmth", []), ("redness", ["note"]), ("pain", ["stop"]), ("blister", ["stop"])],
)
def test_what_a_reaction_asks_for(reaction: str, expected: list[str]) -> None:
    found = skin_course([row(0, skin_reaction=reaction)], WEEK_2)
    assert [one.severity for one in found.findings] == expected


def test_nobody_looked() -> None:
    found = skin_course([row(0), row(2, "missed")], WEEK_2)
    assert (found.worst_grade, found.days_unknown, found.to_dict()["days"]) == (None, 1, [])


def test_the_day_of_the_checkpoint_is_not_yet_looked_at() -> None:
    assert skin_course([row(14, skin_reaction="blister")], WEEK_2).days == ()


def test_grades_of_the_five_words() -> None:
    """Warmth 0, redness 1, pain and blister 2, in the manner of CTCAE v5 (clinical facts, section 5; unverified)."""
    grades = {word: one.grade for word, one in skin_reaction_rows().items()}
    assert grades == {"none": 0, "warmth": 0, "redness": 1, "pain": 2, "blister": 2}


def test_of_two_words_of_one_grade_the_worse_is_named() -> None:
    rows = [row(number, skin_reaction=word) for number in range(14) for word in ("pain", "blister")]
    assert {one.reaction for one in skin_course(rows, WEEK_2).days} == {"blister"}
    assert "blister" in skin_course(rows, WEEK_2).findings[0].message

"""Whatever is sent as a diary answer is stored as the core reads it, or refused with thing, value and limit."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.care.scales.diary_answers import validate_answers
from openpbm.care.scales.diary_questions import QUESTIONS
from openpbm.errors import BadInput

_ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=300), st.lists(st.integers(), max_size=2)
)


@given(st.dictionaries(st.one_of(st.sampled_from([row.name for row in QUESTIONS]), st.text()), _ANYTHING))
def test_anything_is_either_stored_or_refused(answers: Any) -> None:
    try:
        stored = validate_answers(answers)
    except BadInput:
        return  # what is refused is told below; anything but BadInput fails the test
    assert set(stored) <= set(answers)
    assert validate_answers(stored) == stored


def test_blanks_are_left_out_and_a_time_is_kept_to_the_minute() -> None:
    stored = validate_answers({"severity": 0, "onset": "21:30:15", "bother": None, "areas": "", "at_rest": False})
    assert stored == {"severity": 0.0, "onset": "21:30", "at_rest": False}
    assert dt.time.fromisoformat(str(stored["onset"])) == dt.time(21, 30)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("severity", 11, "severity = 11: must be from 0 to 10"),
        ("sleep_minutes", 1441, "must be from 0 to 1440"),
        ("awakenings", 1.5, "must be a whole number"),
        ("severity", float("nan"), "must be a number"),
        ("severity", True, "must be a number"),
        ("at_rest", "yes", "must be true or false"),
        ("onset", "25:00", "must be a time such as 21:30"),
        ("onset", "21:30+02:00", "must be a time such as 21:30"),
        ("severty", 3, "not a question of the diary"),
    ],
)
def test_what_cannot_be_is_refused_with_its_limit(name: str, answer: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said.replace("+", r"\+")):
        validate_answers({name: answer})

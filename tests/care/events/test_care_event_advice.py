"""Advice on an effect comes from the core's kinds and grades at once, and repeats nothing of the free text."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from present import present

from openpbm.care.events.advice import advise
from openpbm.care.events.plain_kinds import GROUPS, choices_for
from openpbm.errors import BadInput
from openpbm.facts.crisis import crisis_message
from openpbm.facts.event_kinds import event_kind, event_kinds

DAY = dt.date(2026, 5, 4)


@pytest.mark.parametrize(
    ("kind", "detail", "grade", "cause", "urgency", "worst"),
    [
        ("erythema", "", 1, "", None, 1),
        ("hyperpigmentation", "", None, "adverse_event", None, 1),  # its words: a clinician looks before more light
        ("other", "a dark skin patch", 1, "adverse_event", None, 1),
        ("blister", "", None, "adverse_event", None, 2),
        ("blister", "", 1, "adverse_event", None, 2),  # a blister is no grade 1
        ("headache", "", 3, "adverse_event", "same_day", 3),
        ("headache", "a severe one", None, "adverse_event", "same_day", 3),
        ("other", "", 4, "adverse_event", "emergency", 4),
        ("other", "chest pain at night", 1, "red_flag", "emergency", 1),
        ("erythema", "no chest pain", 1, "", None, 1),
        ("pregnancy", "", None, "stop_everywhere", "routine", 0),
        ("patient_wish", "", None, "stop_everywhere", None, 0),
        ("foot_ulcer", "", None, "red_flag", "urgent", 0),
        ("foot_ulcer", "", 4, "red_flag", "emergency", 4),
    ],
)
def test_what_holds_the_sessions_and_how_soon_to_go(
    kind: str, detail: str, grade: int | None, cause: str, urgency: str | None, worst: int
) -> None:
    advice = advise(kind, detail, grade, DAY)
    assert (advice.cause, advice.urgency, advice.grade) == (cause, urgency, worst)
    assert advice.holds is bool(cause)
    assert advice.now


def test_what_a_clinician_sees_first_says_so_and_never_only_to_watch_it() -> None:
    assert advise("hyperpigmentation", "", 1, DAY).now.startswith("Do not use the lamp there until a clinician")


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("erythema", "red, and now a dark skin patch"),
        ("headache", "also a dark skin patch"),
        ("earlier_onset", "and a dark skin patch"),
    ],
)
def test_what_must_be_seen_first_holds_beside_another_mild_effect_too(kind: str, detail: str) -> None:
    advice = advise(kind, detail, 1, DAY)
    assert (advice.holds, advice.cause) == (True, "adverse_event")
    assert "hyperpigmentation" in {message.kind for message in advice.messages}


def test_thoughts_of_suicide_show_where_help_is() -> None:
    assert crisis_message() in advise("suicidal_thoughts", "", None, DAY).crisis
    assert crisis_message() in advise("insomnia", "I am suicidal", 1, DAY).crisis
    assert advise("headache", "", 1, DAY).crisis == ""


@given(st.sampled_from([row.id for row in event_kinds]), st.text(max_size=60), st.none() | st.integers(1, 5))
def test_every_kind_has_advice_in_plain_json(kind: str, detail: Any, grade: Any) -> None:
    advice = advise(kind, detail, grade, DAY)
    stored = advice.to_dict()
    assert json.loads(json.dumps(stored)) == stored
    assert advice.grade >= (grade or 0)
    assert all(message.source for message in advice.messages)


def test_the_free_text_is_not_repeated() -> None:
    detail = "Zebra Crossing 17, chest pain and blisters"
    assert "Zebra" not in json.dumps(advise("other", detail, 2, DAY).to_dict())


@pytest.mark.parametrize(
    ("kind", "grade", "said"),
    [("blistr", None, "not a listed kind"), ("", None, "not a listed"), ("burn", 6, "1 to 5")],
)
def test_what_is_not_listed_is_refused_with_a_way_out(kind: str, grade: int | None, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        advise(kind, "", grade, DAY)


def test_every_kind_of_the_page_is_one_of_the_core_and_a_clinician_finds_all() -> None:
    plain = [id for _, rows in GROUPS for id, _ in rows]
    assert len(plain) == len(set(plain))
    assert [id for id in plain if event_kind(id) is None or present(event_kind(id)).id != id] == []
    offered = {id for _, rows in choices_for("clinician") for id, _ in rows}
    assert offered == {row.id for row in event_kinds if row.what != "none"}
    emergencies = {row.id for row in event_kinds if row.urgency == "emergency"}
    assert {"chest_pain", "stroke_signs", "suicidal_thoughts"} <= emergencies & set(plain)

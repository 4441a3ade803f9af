"""Grades in the manner of CTCAE: warmth 0, redness 1, pain and blister 2; nothing written is dropped."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openpbm.course.records import Event, RecordedSession, SkinReaction
from openpbm.outcomes.harm.adverse_events import (
    GradedEvent,
    grade_events,
    red_flags,
    stop_reasons_of_events,
    worst_grade,
)

DAY = dt.date(2026, 12, 1)


def event(kind: str, *, grade: int | None = None, detail: str = "", days: int = 0, line: int = 2) -> Event:
    return Event(line=line, date=DAY + dt.timedelta(days=days), kind=kind, detail=detail, grade=grade)


def session(reaction: SkinReaction | None) -> RecordedSession:
    return RecordedSession(
        line=2,
        date=DAY,
        time=None,
        site="posterior_calf",
        side="left",
        minutes=20.0,
        distance_mm=None,
        status="done",
        reason="",
        skin_reaction=reaction,
    )


def one(written: Event) -> GradedEvent:
    (graded,) = grade_events([written], [])
    return graded


def doubt(graded: GradedEvent) -> str:
    """What is doubtful about the line, which says by itself where it stands."""
    assert graded.mark is not None
    assert (graded.mark.file, graded.mark.lines) == ("events.csv", (graded.line,))
    return graded.mark.message


@pytest.mark.parametrize(
    ("reaction", "grade"), [("none", 0), ("warmth", 0), ("redness", 1), ("pain", 2), ("blister", 2)]
)
def test_what_the_skin_showed_has_its_grade(reaction: SkinReaction, grade: int) -> None:
    """Clinical notes, section 5: warmth is expected, redness grade 1, pain or a blister grade 2."""
    graded = grade_events([], [session(reaction)])
    assert worst_grade(graded) == worst_grade(graded, skin=True) == grade
    assert worst_grade(graded, skin=False) is None


@pytest.mark.parametrize(
    ("kind", "given", "grade"),
    [
        ("headache", None, 1),
        ("headache", 3, 3),
        ("blister", None, 2),
        ("blister", 1, 2),
        ("burn", 3, 3),
        ("ulcer", None, 3),
        ("none", None, 0),
        ("feeling purple", 2, 2),
        ("feeling purple", None, 1),
    ],
)
def test_the_higher_of_the_written_grade_and_the_least_of_its_kind(kind: str, given: int | None, grade: int) -> None:
    assert one(event(kind, grade=given)).grade == grade


def test_a_grade_that_was_raised_is_marked() -> None:
    assert "at least grade 2" in doubt(one(event("blister", grade=1)))
    assert one(event("blister", grade=3)).mark is None


def test_an_unlisted_word_is_read_by_its_grade_and_marked() -> None:
    graded = one(event("ear ache", grade=2, detail="left"))
    assert (graded.what, graded.grade, graded.kind) == ("other", 2, "ear ache")
    assert "did you mean headache?" in doubt(graded)
    assert "left" in graded.text
    assert "none was given" in one(event("")).text


@pytest.mark.parametrize(
    ("word", "kind", "what", "grade"),
    [("blistr", "blister", "adverse_event", 2), ("suicidal_thougts", "suicidal_thoughts", "red_flag", 0)],
)
def test_harm_is_not_lost_to_a_slip_of_the_pen(word: str, kind: str, what: str, grade: int) -> None:
    graded = one(event(word))
    assert (graded.kind, graded.what, graded.grade) == (kind, what, grade)
    assert "correct the word" in doubt(graded)


def test_a_denial_is_no_slip_of_the_pen() -> None:
    graded = one(event("no chest pain"))
    assert graded.what == "other"
    assert red_flags([graded]) == ()


def test_nothing_written_is_unknown_and_asked_is_zero() -> None:
    assert worst_grade(grade_events([], [session(None)])) is None
    assert worst_grade(grade_events([event("nothing")], [])) == 0


def test_red_flags_stand_with_the_most_urgent_first() -> None:
    graded = grade_events([event("weight loss"), event("dark urine", days=3), event("dvt", days=1)], [])
    assert [flag.kind for flag in red_flags(graded)] == [
        "rhabdomyolysis_signs",
        "deep_vein_thrombosis_suspected",
        "unexplained_weight_loss",
    ]
    assert red_flags(graded)[0].route == "emergency services"


@pytest.mark.parametrize("kind", ["stroke", "pregnant", "new cancer", "ulcer", "patient_wish", "new photosensitiser"])
def test_what_stops_the_light_everywhere(kind: str) -> None:
    """The list of the clinical notes, section 5."""
    graded = grade_events([event(kind), event(kind, line=3)], [])
    assert len(stop_reasons_of_events(graded)) == 1


def test_a_headache_stops_nothing() -> None:
    graded = grade_events([event("headache", grade=2)], [session("pain")])
    assert stop_reasons_of_events(graded) == ()
    assert red_flags(graded) == ()


def test_order_of_lines_does_not_matter() -> None:
    written = [event("headache", days=2), event("burn"), event("odd", grade=1), event("none", days=5)]
    shuffled = random.Random(3).sample(written, k=4)
    assert grade_events(written, [session("redness")]) == grade_events(shuffled, [session("redness")])


def test_written_out_it_is_plain_content() -> None:
    content = one(event("burn", grade=2)).to_dict()
    assert content["date"] == "2026-12-01"
    assert set(content) == {*GradedEvent.__slots__, "origin"} - {"file", "line"}


def test_under_a_heading_the_detail_names_the_event() -> None:
    """A blister written as kind "adverse event" was read as something mild without a name."""
    assert one(event("adverse event", detail="blister")).kind == "blister"
    assert one(event("adverse_event", detail="something odd", grade=2)).grade == 2
    assert one(event("red flag", detail="headache")).what == "red_flag"
    assert one(event("red_flag", detail="chest pain")).kind == "chest_pain"


@pytest.mark.parametrize(
    ("kind", "detail", "found", "what", "grade"),
    [
        ("adverse_event", "blister on the calf", "blister", "adverse_event", 2),
        ("adverse event", "Chest pain at night", "chest_pain", "red_flag", 0),
        ("side effect", "she fainted", "fainting", "adverse_event", 3),
        ("other", "stroke", "stroke_signs", "red_flag", 0),
        ("other", "suicidal thoughts", "suicidal_thoughts", "red_flag", 0),
        ("light_stopped", "a swollen calf", "deep_vein_thrombosis_suspected", "red_flag", 0),
        ("none", "but chest pain", "chest_pain", "red_flag", 0),
        ("skin", "blisters under the lamp", "blister", "adverse_event", 2),
        ("headache; chest pain", "", "chest_pain", "red_flag", 1),
        ("headache", "then a foot ulcer", "foot_ulcer", "red_flag", 1),
        ("went blind", "", "vision_change", "red_flag", 0),
        ("melanoma", "", "new_cancer", "stop_everywhere", 0),
        ("new weakness", "", "progressive_motor_neuropathy", "red_flag", 0),
        ("severe headache", "", "headache", "adverse_event", 3),
        ("other", "family history of stroke", "stroke_signs", "red_flag", 0),
        ("adverse event", "blistr", "blister", "adverse_event", 2),
        ("erythema", "redness spread to the knee", "foot_infection", "red_flag", 1),
    ],
)
def test_harm_is_heard_inside_a_sentence(kind: str, detail: str, found: str, what: str, grade: int) -> None:
    """Harm that was not the whole text was read as something mild, or as nothing at all."""
    graded = one(event(kind, detail=detail))
    assert (graded.kind, graded.what, graded.grade) == (found, what, grade)
    assert (graded.mark is None) == (kind in ("went blind", "melanoma", "new weakness"))


@pytest.mark.parametrize(
    ("kind", "detail", "found", "grade"),
    [
        ("none", "no chest pain or blood clot", "none", 0),
        ("none", "without any sign of a foot ulcer", "none", 0),
        ("none", "no severe events", "none", 0),
        ("adverse event", "none", "none", 0),
        ("adverse_event", "no blister", "adverse_event", 1),
        ("other", "stroked the dog", "other", 0),
        ("other", "fell asleep under the lamp; its battery died", "other", 0),
        ("other", "symptoms not worse at rest", "other", 0),
        ("erythema", "faint redness on black skin type VI", "erythema", 1),
        ("headache", "not very severe", "headache", 1),
        ("relapse", "symptoms back, worse than before", "relapse", 0),
    ],
)
def test_what_is_denied_or_something_else_is_no_harm(kind: str, detail: str, found: str, grade: int) -> None:
    graded = one(event(kind, detail=detail))
    assert (graded.kind, graded.grade, graded.mark) == (found, grade, None)
    assert stop_reasons_of_events([graded]) == ()


def test_a_denial_reaches_no_further_than_its_clause() -> None:
    assert one(event("none", detail="no, chest pain")).what == "red_flag"
    assert one(event("none", detail="no blister but chest pain")).what == "red_flag"


def test_none_beside_harm_is_a_contradiction() -> None:
    assert "correct one of the two" in doubt(one(event("none", detail="but chest pain")))


@pytest.mark.parametrize(
    ("word", "given", "grade"),
    [("severe", None, 3), ("serious", 1, 3), ("unbearable", 4, 4), ("moderate", None, 2), ("not severe", None, 1)],
)
def test_a_word_for_how_bad_it_was_is_a_least_grade(word: str, given: int | None, grade: int) -> None:
    assert one(event("headache", detail=word, grade=given)).grade == grade
    assert one(event("ear ache", detail=word, grade=given)).grade == grade


def test_a_second_alarm_on_a_line_is_not_lost() -> None:
    """Chest pain must not hide suicidal thoughts, nor a warning sign that the person wishes to stop or relapsed."""
    graded = grade_events(
        [event("chest pain", detail="suicidal thoughts, headache"), event("relapse", detail="dvt")], []
    )
    assert {row.kind for row in graded} == {
        "chest_pain",
        "suicidal_thoughts",
        "relapse",
        "deep_vein_thrombosis_suspected",
    }
    relapse = next(row for row in graded if row.kind == "relapse")
    assert not relapse.stops_light
    assert "line of deep vein" in doubt(relapse)


RANK = {"red_flag": 3, "stop_everywhere": 2, "augmentation": 1}
WORDS = (
    *("the", "calf", "after", "tea", "headache", "blisters", "stroke", "pregnant", "ulcer", "foot", "death", "severe"),
    *("worse", "earlier", "symptoms", "moderate", "fainted", "dizzy", "redness", "spread", "burn", "chest", "pain"),
)


def gravity_of(kind: str, detail: str, grade: int | None) -> tuple[int, bool, int]:
    graded = grade_events([event(kind, detail=detail, grade=grade)], [])
    flag = any(row.what == "red_flag" for row in graded)
    return (
        max(RANK.get(row.what, 0) for row in graded),
        any(row.stops_light for row in graded),
        9 if flag else max(row.grade for row in graded),
    )


@settings(max_examples=300, deadline=None)
@example("", ["moderate"], [], ["pregnant"], None)
@example("", ["severe"], ["earlier", "symptoms"], [], None)
@example("other", ["spread", "no", "redness"], [], ["the"], None)
@given(
    st.sampled_from(("headache", "other", "adverse event", "skin", "none", "relapse", "light_stopped", "red flag", "")),
    st.lists(st.sampled_from((*WORDS, "no", "or", ";", ",")), max_size=5),
    st.lists(st.sampled_from(WORDS), max_size=4),
    st.lists(st.sampled_from(WORDS), max_size=4),
    st.sampled_from((None, 1, 4)),
)
def test_more_words_never_make_an_event_milder(
    kind: str, text: list[str], before: list[str], after: list[str], grade: int | None
) -> None:
    """Property: whatever is written around a text, what it named is still heard, at least as gravely."""
    plain = gravity_of(kind, " ".join(text), grade)
    wordy = gravity_of(kind, " ".join([*before, *text, *after]), grade)
    assert all(more >= less for more, less in zip(wordy, plain, strict=True))

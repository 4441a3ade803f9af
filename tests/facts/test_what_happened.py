"""Kinds of events and changes: every red flag of the screening is one, and a word points to one row."""

from __future__ import annotations

import re

import pytest

from openpbm.facts.references import references
from openpbm.facts.rules import rules
from openpbm.facts.what_happened import (
    crisis_lines,
    crisis_message,
    event_kind,
    event_kinds,
    gravity,
    kinds_named_in,
    opioid,
    opioids,
    severity_named_in,
    timeline_action,
    timeline_actions,
    timeline_kind,
    timeline_kinds,
)


def test_every_red_flag_and_referral_of_the_screening_is_an_event() -> None:
    """Property: the screening's rows and the events agree, so that a flag met later is never an unknown word."""
    for rule in rules():
        if rule.level in ("red_flag", "refer_before"):
            kind = event_kind(rule.id)
            assert kind is not None, rule.id
            assert (kind.message, kind.urgency, kind.route) == (rule.message, rule.urgency, rule.route)
            assert kind.what == ("augmentation" if rule.id == "augmentation_suspected" else "red_flag")


@pytest.mark.parametrize(
    "word", ["pregnancy", "new photosensitiser", "New Cancer", "foot_ulcer", "ulcer", "patient wish"]
)
def test_what_ends_the_light_everywhere(word: str) -> None:
    """The list of the clinical notes: red flag, pregnancy, tier-1 medicine, cancer, ulcer, the person's wish."""
    kind = event_kind(word)
    assert kind is not None
    assert kind.stops_light


@pytest.mark.parametrize(
    ("word", "identifier", "grade"),
    [
        ("Redness", "erythema", 1),
        ("SKIN_BURN", "burn", 2),
        ("blisters", "blister", 2),
        ("ulcer", "ulceration", 3),
        ("head-ache", "headache", 1),
        ("low blood sugar", "hypoglycaemia", 2),
        ("none", "none", 0),
        ("Nothing happened", "none", 0),
    ],
)
def test_events_are_found_by_any_spelling(word: str, identifier: str, grade: int) -> None:
    kind = event_kind(word)
    assert kind is not None
    assert (kind.id, kind.grade) == (identifier, grade)


def test_an_unlisted_or_denied_event_is_not_taken_for_a_listed_one() -> None:
    for word in ("no burn", "burn?? maybe", "", "   ", "xyz"):
        assert event_kind(word) is None


def test_every_name_of_harm_is_heard_in_a_sentence_and_spared_where_denied() -> None:
    """Property of the table: each id and alias, in one and in many, unless it opens with a denial itself."""
    for kind in event_kinds():
        if kind.what in ("none", "other") or (kind.general and kind.what == "adverse_event"):
            continue
        for name in (kind.id, *kind.aliases):
            words = name.replace("_", " ")
            if words.split()[0] in ("no", "not"):
                continue
            heard = kinds_named_in(f"yesterday {words} in bed")
            assert max(map(gravity, heard)) >= gravity(kind), name
            assert kinds_named_in(f"there was no {words}") == (), name


def test_a_grave_word_within_a_longer_milder_name_is_still_heard() -> None:
    assert [kind.id for kind in kinds_named_in("foot ulcer")] == ["foot_ulcer"]
    assert {kind.id for kind in kinds_named_in("a fall, then chest pain")} == {"fall", "chest_pain"}


def test_words_of_severity() -> None:
    found = severity_named_in("moderate at first, then unbearable")
    assert found is not None
    assert (found.word, found.grade) == ("severe", 3)
    assert severity_named_in("severity unknown") is None


def test_windows_of_the_clinical_notes() -> None:
    """Iron confounds for 12 weeks; every other window is shorter."""
    windows = {kind.id: kind.window_days for kind in timeline_kinds()}
    assert windows.pop("iron") == 84
    assert windows["medicine"] == windows["opioid"] == 28
    assert max(windows.values()) == 28
    wanted = "physical_therapy compression stretching massage heat hydration exercise alcohol caffeine sleep_schedule"
    assert set(wanted.split()) <= set(windows)


def test_only_what_goes_on_is_no_change() -> None:
    assert {action.id for action in timeline_actions() if not action.changes} == {"continue"}
    for word, identifier in (
        ("Began", "start"),
        ("dose_up", "increase"),
        ("tapered", "decrease"),
        ("same", "continue"),
    ):
        action = timeline_action(word)
        assert action is not None
        assert action.id == identifier
    assert timeline_action("forgot") is None
    kind = timeline_kind("Physio")
    assert kind is not None
    assert kind.id == "physical_therapy"


def test_conversions_of_opioids() -> None:
    """Factors of the published tables as remembered, every one marked as not verified."""
    factors = {row.name: (row.oral_morphine_mg_per_mg_lower, row.oral_morphine_mg_per_mg_upper) for row in opioids()}
    assert factors["morphine"] == factors["hydrocodone"] == (1.0, 1.0)
    assert factors["tramadol"] == (0.1, 0.2)
    assert factors["hydromorphone"] == (4.0, 5.0)
    assert factors["buprenorphine"] == factors["fentanyl"] == (None, None)
    assert not any(row.verified for row in opioids())


def test_one_opioid_is_found_in_a_text_and_two_are_not_guessed() -> None:
    found = opioid("OxyContin 10 mg")
    assert found is not None
    assert found.name == "oxycodone"
    assert opioid("hydrocodone") is not opioid("oxycodone")
    assert opioid("oxycodone then tramadol") is None
    assert opioid("ibuprofen") is None


def test_the_crisis_text_holds_no_number_of_one_country() -> None:
    assert not re.search(r"\d", crisis_message())
    assert "local emergency number" in crisis_message()
    assert crisis_lines() == crisis_lines("FR") == ()
    assert [line.number for line in crisis_lines("us")] == ["988"]
    assert [line.number for line in crisis_lines("GB")] == ["116 123"]


def test_no_text_tells_anybody_to_end_a_medicine() -> None:
    for kind in event_kinds():
        for match in re.finditer(
            r"(?i)(\w+ \w+) (stop|end|quit|reduce)\w* (the|your|this|a|any) medicine", kind.message
        ):
            assert match[1].lower() == "do not", kind.id


def test_every_row_has_a_known_source_and_something_to_say() -> None:
    for row in (*event_kinds(), *timeline_kinds(), *timeline_actions(), *opioids()):
        assert row.source in references()
    assert all(kind.message for kind in event_kinds())

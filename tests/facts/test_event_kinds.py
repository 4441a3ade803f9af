"""Kinds of events: every red flag of the screening is one, and a word points to one row."""

from __future__ import annotations

import re

import pytest

from openpbm.facts.event_kinds import event_kind, event_kinds
from openpbm.facts.references import references
from openpbm.facts.rules import rules


def test_every_red_flag_and_referral_of_the_screening_is_an_event() -> None:
    """Property: the screening's rows and the events agree, so that a flag met later is never an unknown word."""
    for rule in rules:
        if rule.level in ("red_flag", "refer_before"):
            kind = event_kind(rule.id)
            assert kind is not None, rule.id
            assert (kind.message, kind.urgency, kind.route) == (rule.text, rule.urgency, rule.route)
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


def test_no_text_tells_anybody_to_end_a_medicine() -> None:
    for kind in event_kinds:
        for match in re.finditer(
            r"(?i)(\w+ \w+) (stop|end|quit|reduce)\w* (the|your|this|a|any) medicine", kind.message
        ):
            assert match[1].lower() == "do not", kind.id


def test_every_row_has_a_known_source_and_something_to_say() -> None:
    for row in event_kinds:
        assert row.source in references
        assert row.message

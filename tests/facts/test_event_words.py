"""Events inside a sentence: each name of harm is heard, unless it is denied directly before."""

from __future__ import annotations

from openpbm.facts.event_kinds import event_kinds, gravity
from openpbm.facts.event_words import kinds_named_in, severity_named_in


def test_every_name_of_harm_is_heard_in_a_sentence_and_spared_where_denied() -> None:
    """Property of the table: each id and alias, in one and in many, unless it opens with a denial itself."""
    for kind in event_kinds:
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

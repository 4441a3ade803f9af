"""Mood items are asked only beside the crisis text; which those are stands with each scale."""

from __future__ import annotations

import pytest

from openpbm.errors import BadInput
from openpbm.facts.scales import scales
from openpbm.outcomes.measures.answers import askable_items, crisis_text, crisis_text_needed


def test_mood_of_the_irls_needs_the_text() -> None:
    """Item 10 of the IRLS asks about mood; the others do not."""
    irls = scales["irls"]
    assert crisis_text_needed(irls)
    assert crisis_text_needed(irls, ["1", "10"])
    assert not crisis_text_needed(irls, ["1", "2"])
    assert not crisis_text_needed(irls, [])
    assert not crisis_text_needed(scales["nrs"])


def test_without_the_text_mood_is_not_asked_on_any_scale() -> None:
    """Property over every scale: what may be asked without the text needs no text, and with it all may be asked."""
    for one in scales:
        without = askable_items(one, crisis_text_shown=False)
        assert not crisis_text_needed(one, [item.id for item in without])
        assert askable_items(one, crisis_text_shown=True) == one.items


def test_numbers_stand_only_beside_their_country() -> None:
    assert "988" not in crisis_text()
    assert "988" not in crisis_text("FR")
    assert "United States: 988" in crisis_text("us")
    assert "local emergency number" in crisis_text("us")


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(BadInput, match="no item 11"):
        crisis_text_needed(scales["irls"], ["11"])

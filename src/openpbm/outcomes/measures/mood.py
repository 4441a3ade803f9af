"""Items about mood: asked, or their answers shown, only where the crisis text is shown in the same breath."""

from __future__ import annotations

from collections.abc import Iterable

from openpbm.errors import BadInput, Problem
from openpbm.facts.crisis import crisis_lines, crisis_message
from openpbm.facts.scales import Scale, ScaleItem

__all__ = ["askable_items", "crisis_text", "crisis_text_needed"]


def crisis_text_needed(scale: Scale, items: Iterable[str] | None = None) -> bool:
    """Whether the crisis text must stand beside these items of a scale; None is the whole scale.

    BadInput when an item is not one of the scale's.
    """
    asked = {item.id for item in scale.items} if items is None else set(items)
    unknown = sorted(asked - {item.id for item in scale.items})
    if unknown:
        raise BadInput(
            Problem(
                key=scale.id,
                message=f"no item {', '.join(unknown)}",
                remedy=f"known: {', '.join(i.id for i in scale.items)}",
            )
        )
    return bool(asked & set(scale.mood_items))


def askable_items(scale: Scale, *, crisis_text_shown: bool) -> tuple[ScaleItem, ...]:
    """The items that may be asked: without the crisis text all but those about mood, which then stay unanswered."""
    return tuple(item for item in scale.items if crisis_text_shown or item.id not in scale.mood_items)


def crisis_text(country: str | None = None) -> str:
    """The text itself, with the lines of one country (ISO 3166 code) where it is known and listed."""
    lines = [f"{line.country_name}: {line.name}, {line.number}." for line in crisis_lines(country)]
    return " ".join([crisis_message(), *lines])

"""What label and manual say of a lamp in words: the fields of the buyer's guide that a passport keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbm.care.devices.models import LampPassport
from openpbm.errors import Problem
from openpbm.facts.buying import BuyingPoint, buying_points
from openpbm.files import suggest

__all__ = ["LONGEST_WORDS", "PREFIX", "LabelLine", "label_lines", "label_points", "read_label"]

#: A sentence or two from a manual.
LONGEST_WORDS = 200
#: Of the fields of the form, so that none is taken for another of the passport's.
PREFIX = "label_"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """One field as the lamp's page shows it; `words` empty where nobody said."""

    name: str
    words: str


def label_points() -> list[BuyingPoint]:
    """The fields that a passport keeps in words, in the guide's order."""
    return [row for row in buying_points if row.passport]


def label_lines(passport: LampPassport) -> list[LabelLine]:
    """Every field, also those that nobody has filled: what is not known is shown as such."""
    return [LabelLine(name=row.name, words=passport.on_label.get(row.id, "")) for row in label_points()]


def read_label(said: Mapping[str, object]) -> tuple[dict[str, str], list[Problem]]:
    """What is kept of it, and what is wrong with it; a field left blank is left out."""
    known = [row.id for row in label_points()]
    problems = [
        Problem(key=f"passport.on_label.{key}", message="not known", remedy=suggest(key, known))
        for key in said
        if key not in known
    ]
    kept = {id: str(said.get(id) or "").strip() for id in known}
    problems += [
        Problem(
            key=f"passport.on_label.{id}",
            message=f"{len(words)} characters, at most {LONGEST_WORDS}",
            remedy="shorten it",
        )
        for id, words in kept.items()
        if len(words) > LONGEST_WORDS
    ]
    return {id: words for id, words in kept.items() if words}, problems

"""Names of medicines where people type them: what is offered, and what is asked about a name that nobody knows."""

from __future__ import annotations

import functools

from openpbm.facts.medicine_text import nearest_names, read_medicines, says_none
from openpbm.facts.medicines import known_medicines, medicine_names

__all__ = ["KEEP_LABEL", "offered_names", "question_about"]

KEEP_LABEL = "I have looked at the pack. Keep what I wrote; it is asked about before there is light."
_NONE_TAKEN = "This says that none is taken. Empty the line instead."


@functools.cache
def offered_names() -> tuple[str, ...]:
    """Every ingredient, and the brands of what makes skin strongly sensitive to light."""
    known = known_medicines()
    strong = [row for row in medicine_names if row.kind == "brand" and known[row.ingredient].tier in (1, 2)]
    names = {*known, *(name for row in strong for name in row.each)}
    return tuple(sorted(names, key=str.casefold))


def question_about(line: str) -> str:
    """What is asked about a line of medicines; empty where every name in it is known.

    >>> question_about("Amelux 78 mg")
    'We do not know “Amelux”. Did you mean Ameluz? Write the ingredient that stands on the pack.'
    """
    if not line.strip():
        return ""
    if says_none(line):
        return _NONE_TAKEN
    asked = []
    for name in read_medicines(line).unknown:
        near = nearest_names(name)
        guess = f" Did you mean {' or '.join(near)}?" if near else ""
        asked.append(f"We do not know “{name}”.{guess}")
    return " ".join([*asked, "Write the ingredient that stands on the pack."]) if asked else ""

"""What was felt and where, as one cell or one answer holds it: `left leg: crawling, burning; right foot: numb`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.errors import BadInput, Problem
from openpbm.facts.rules import Rule
from openpbm.facts.sensations import NONE, body_areas, sensation_of, sensations
from openpbm.files import suggest

__all__ = ["Felt", "read_felt", "red_flags_felt", "write_felt"]

_KEY = "sensations"
_SHAPE = 'write them like "left leg: crawling, burning; right foot: numb", or none'


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Felt:
    """One sensation in one area; `area` "" is not said, and `sensation` "none" says that nothing was felt."""

    area: str
    sensation: str


def read_felt(text: str) -> tuple[Felt, ...]:
    """Everything a text says was felt, each once, in the order of the tables.

    Raises BadInput with a line for each area and each word that is not listed, and for none beside something.

    >>> read_felt("Left leg: pins and needles; numb")
    (Felt(area='', sensation='numb'), Felt(area='left leg', sensation='tingling'))
    """
    problems: list[Problem] = []
    found: set[Felt] = set()
    for part in filter(str.strip, text.split(";")):
        area, words = _split(part, problems)
        for word in filter(str.strip, words.split(",")):
            code = _code(word.strip(), problems)
            found.update({Felt(area=area, sensation=code)} if code else ())
    nothing = any(row.sensation == NONE for row in found)
    if nothing and len(found) > 1:
        message = "says that nothing was felt, and something"
        problems.append(Problem(key=_KEY, value=text, message=message, remedy="keep one of the two"))
    if not found and not problems and text.strip():
        problems.append(Problem(key=_KEY, value=text, message="names nothing that was felt", remedy=_SHAPE))
    if problems:
        raise BadInput(problems)
    return _in_order(found)


def write_felt(felt: Iterable[Felt]) -> str:
    """The same as text, by area.

    >>> write_felt(read_felt("right foot: numb; left leg: burning, crawling"))
    'left leg: crawling, burning; right foot: numb'
    """
    by_area: dict[str, list[str]] = {}
    for row in _in_order(felt):
        by_area.setdefault(row.area, []).append(row.sensation)
    return "; ".join(f"{area}: {', '.join(words)}".removeprefix(": ") for area, words in by_area.items())


def red_flags_felt(felt: Iterable[Felt]) -> tuple[Rule, ...]:
    """The red flags of the screening among them, the most urgent first, each once."""
    felt_rules = (sensations[row.sensation].rule for row in felt if row.sensation != NONE)
    found = {rule.id: rule for rule in felt_rules if rule is not None}
    return tuple(sorted(found.values(), key=lambda rule: _URGENCIES.index(rule.urgency or "routine")))


_URGENCIES = ("emergency", "same_day", "urgent", "routine")


def _split(part: str, problems: list[Problem]) -> tuple[str, str]:
    """The area and the words after it; without a colon the area is not said."""
    area, colon, words = part.partition(":")
    if not colon:
        return "", part
    name = " ".join(area.casefold().split())
    if name not in body_areas:
        remedy = suggest(name, body_areas.ids)
        problems.append(Problem(key=_KEY, value=area.strip(), message="no area of the body map", remedy=remedy))
    return name, words


def _code(word: str, problems: list[Problem]) -> str:
    """The id of a word, "" and a problem where it is none."""
    row = sensation_of(word)
    if row is not None:
        return row.id
    if word.casefold() == NONE:
        return NONE
    remedy = f"{suggest(word, sensations.ids)}, or other_feeling with words in the notes"
    problems.append(Problem(key=_KEY, value=word, message="not a listed sensation", remedy=remedy))
    return ""


def _in_order(felt: Iterable[Felt]) -> tuple[Felt, ...]:
    areas: Sequence[str] = ("", *body_areas.ids)
    codes: Sequence[str] = (NONE, *sensations.ids)
    known = (row for row in set(felt) if row.area in areas)
    return tuple(sorted(known, key=lambda row: (areas.index(row.area), codes.index(row.sensation))))

"""Events and their severity inside a sentence: each one that is named and not denied directly before."""

from __future__ import annotations

import functools
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Le, MinLen

from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.event_kinds import EventKind, event_kinds, gravity
from openpbm.facts.table import read_toml

__all__ = ["Severity", "kinds_named_in", "severity_named_in"]

Place = tuple[int, int]
_LONGEST = 8  # words of the longest alias


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """A word for how bad an event was, and the least grade 1-5 that it means."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    word: Annotated[str, MinLen(2)]
    aliases: tuple[str, ...] = ()
    grade: Annotated[int, Ge(1), Le(5)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Denial:
    """Words that deny what follows, and words that may stand between."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    words: tuple[str, ...]
    between: tuple[str, ...]
    joined_by: tuple[str, ...]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _WordFile:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    denial: _Denial
    severities: tuple[Severity, ...]


def kinds_named_in(text: str) -> tuple[EventKind, ...]:
    """Every kind of event named inside a text and not denied there, in the order of the text, each once.

    Whole words, in any number; what lies inside a longer name of something as grave does not count by itself.
    `none`, `other`, the end of the light and the bare heading "adverse event" are no finding and are not looked for.

    >>> [kind.id for kind in kinds_named_in("headache; chest pains at night, no blister")]
    ['headache', 'chest_pain']
    """
    words = _clauses(text)
    table = _words_inside()
    places = [place for place in _spans(words, table) if not _is_exception(words, place, table[_at(words, place)])]
    denied = _denied(words, places)
    named = [place for place in places if not any(_within(place, other) for other in denied)]
    # "foot ulcer" also holds "ulcer"; said once, under its own name.
    outer = [place for place in named if not any(_named_better(place, other, words) for other in named)]
    return tuple(dict.fromkeys(table[_at(words, place)] for place in outer))


def severity_named_in(text: str) -> Severity | None:
    """The gravest word for how bad it was that is not denied; None where there is none.

    >>> severity_named_in("a severe headache").grade, severity_named_in("not severe")
    (3, None)
    """
    words = _clauses(text)
    table = _severity_words()
    places = _spans(words, table)
    denied = _denied(words, places)
    found = (table[_at(words, place)] for place in places if place not in denied)
    return max(found, key=lambda row: row.grade, default=None)


def _clauses(text: str) -> tuple[tuple[str, int], ...]:
    """Every word in plain letters with the number of its clause: a denial does not reach past a comma."""
    found: list[tuple[str, int]] = []
    clause = 0
    for token in re.findall(r"[^\W_]+|[.,;:!?()\[\]/|+&\n–—]|(?<=\s)-(?=\s)", text.casefold()):
        if token[0].isalnum():
            found.append((token, clause))
        else:
            clause += 1
    return tuple(found)


def _at(words: Sequence[tuple[str, int]], place: Place) -> str:
    return " ".join(word for word, _ in words[place[0] : place[1]])


def _spans(words: Sequence[tuple[str, int]], table: Container[str]) -> list[Place]:
    ends = ((i, j) for i in range(len(words)) for j in range(i + 1, min(i + _LONGEST, len(words)) + 1))
    return [place for place in ends if _at(words, place) in table]


def _denied(words: Sequence[tuple[str, int]], places: Sequence[Place]) -> set[Place]:
    """The places directly behind a denial of the same clause, or joined by "or" to one that is."""
    denial = _word_file().denial
    found: set[Place] = set()
    for first, last in sorted(places):
        before = first - 1
        joined = before >= 0 and words[before][0] in denial.joined_by
        if joined and any(end == before and words[end - 1][1] == words[first][1] for _, end in found):
            found.add((first, last))
        # "no sign of any burn": the words between denial and event carry no meaning of their own.
        while before >= 0 and words[before][1] == words[first][1] and words[before][0] in denial.between:
            before -= 1
        if before >= 0 and words[before][1] == words[first][1] and words[before][0] in denial.words:
            found.add((first, last))
    return found


def _is_exception(words: Sequence[tuple[str, int]], place: Place, kind: EventKind) -> bool:
    phrases = {plain(phrase) for phrase in kind.exceptions}
    around = (wide for wide in _spans(words, phrases) if _within(place, wide))
    return any(words[wide[0]][1] == words[wide[1] - 1][1] for wide in around)


def _within(place: Place, other: Place) -> bool:
    return other[0] <= place[0] and place[1] <= other[1]


def _named_better(place: Place, other: Place, words: Sequence[tuple[str, int]]) -> bool:
    """Whether a place lies within a longer one that is at least as grave: "ulcer" within "foot ulcer"."""
    table = _words_inside()
    kind, longer = table[_at(words, place)], table[_at(words, other)]
    return place != other and _within(place, other) and gravity(longer) >= gravity(kind)


@functools.cache
def _words_inside() -> dict[str, EventKind]:
    """What a kind may be called inside a sentence, in the singular and the plural."""
    found: dict[str, EventKind] = {}
    for row in event_kinds:
        if row.what in ("none", "other") or (row.general and row.what == "adverse_event"):
            continue
        for word in (plain(text) for text in (row.id, *row.aliases)):
            # "not worse at rest" is an answer of the screening; in a sentence it says that something is better.
            if word.split()[0] not in _word_file().denial.words:
                found[word] = row
    for word, row in tuple(found.items()):
        for other in _in_the_other_number(word):
            found.setdefault(other, row)
    return found


def _in_the_other_number(word: str) -> tuple[str, ...]:
    if word.endswith("s"):
        return () if word.endswith(("ss", "is", "us")) else (word[:-1],)
    return (f"{word}s", f"{word}es", f"{word[:-1]}ies") if word.endswith("y") else (f"{word}s", f"{word}es")


@functools.cache
def _severity_words() -> dict[str, Severity]:
    return rows_by_alias(_word_file().severities, ("word",), "event_words.toml")


@functools.cache
def _word_file() -> _WordFile:
    return read_toml("outcomes/event_words.toml", _WordFile)

"""A column that may explain why studies differ: numbers as they are, words as categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openpbm.evidence.effect_sizes.size import Floats
from openpbm.files import Line, number_of

__all__ = ["Moderator", "read_moderator"]

_LARGEST = 1e12
_MOST_CATEGORIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """Its column in the file and what it becomes in the model.

    terms : one name for numbers; `column=word` for each word but the first of the alphabet, which is the reference
    design : (k, terms)
    words : of each study, where they are words
    """

    column: str
    terms: tuple[str, ...]
    design: Floats
    words: tuple[str, ...] = ()


def read_moderator(column: str, lines: Sequence[Line]) -> Moderator:
    """The moderator of that column; what is wrong is noted at its lines.

    A column in which any cell is a number is one of numbers, and a word in it is a slip.
    """
    if any(isinstance(number_of(line.text(column), decimal=line.decimal), float) for line in lines):
        numbers = [line.value(column, -_LARGEST, _LARGEST, needed=True) for line in lines]
        values = np.array([0.0 if number is None else number for number in numbers])
        if None not in numbers and np.ptp(values) == 0.0:
            _all_the_same(column, lines)
        return Moderator(column=column, terms=(column,), design=values[:, None])
    words = [line.text(column, needed=True).casefold() for line in lines]
    known = sorted(set(words))
    if len(known) > _MOST_CATEGORIES:
        lines[0].add_problem(column, f"{len(known)} words, {_MOST_CATEGORIES} at most", "group the words")
    if len(known) == 1 and words[0]:
        _all_the_same(column, lines)
    design = np.array([[float(word == one) for one in known[1:]] for word in words])
    return Moderator(
        column=column, terms=tuple(f"{column}={one}" for one in known[1:]), design=design, words=tuple(words)
    )


def _all_the_same(column: str, lines: Sequence[Line]) -> None:
    lines[0].add_problem(column, "the same in every study: it can explain nothing", "leave the moderator out")

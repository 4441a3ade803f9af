"""What else there is for the four programmes, from iron to rest, and what none of it proves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.facts.conditions import Programme
from openpbm.facts.summary_effects import filled
from openpbm.facts.table import Table, read_list

__all__ = ["DO_NOT_STOP", "NO_HEAD_TO_HEAD", "Comparator", "Statement", "comparators"]

NO_HEAD_TO_HEAD = (
    "No head-to-head trial: we found no study that compared this with light."
    " Numbers from separate trials cannot be set side by side."
)
DO_NOT_STOP = (
    "Do not stop or change a medicine on your own because of what you read here."
    " Some are dangerous to stop at once. Talk to the person who prescribes it first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing said of a comparator, with the source it was taken from."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    text: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """One card. `summary` is the plain word to a patient; the rest is for those who want numbers."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    programmes: Annotated[tuple[Programme, ...], MinLen(1)]
    name: Annotated[str, MinLen(1)]
    summary: Annotated[str, MinLen(1)]
    guideline: Annotated[tuple[Statement, ...], MinLen(1)]
    efficacy: Annotated[tuple[Statement, ...], MinLen(1)]
    onset: Annotated[tuple[Statement, ...], MinLen(1)]
    certainty: Annotated[tuple[Statement, ...], MinLen(1)]
    harms: Annotated[tuple[Statement, ...], MinLen(1)]
    cost: Annotated[tuple[Statement, ...], MinLen(1)]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Everything the card says, in the order it is shown."""
        return (*self.guideline, *self.efficacy, *self.onset, *self.certainty, *self.harms, *self.cost)


def _read() -> list[Comparator]:
    return [
        replace(
            card,
            guideline=_filled(card.guideline),
            efficacy=_filled(card.efficacy),
            onset=_filled(card.onset),
            certainty=_filled(card.certainty),
            harms=_filled(card.harms),
            cost=_filled(card.cost),
        )
        for card in read_list("learn/comparators.toml", "comparators", Comparator)
    ]


def _filled(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    return tuple(replace(statement, text=filled(statement.text)) for statement in statements)


# In the order they are shown, their figures from the evidence.
comparators: Table[Comparator] = Table("comparator", _read)

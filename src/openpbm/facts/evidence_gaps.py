"""The gaps in what is known that the brief names, each with what would close it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Lt, MinLen

from openpbm.facts.table import Table, rows_of_toml

__all__ = ["EvidenceGap", "GapId", "evidence_gaps"]

GapId = Literal["parameters", "selection", "durability", "mechanism", "comparison", "cost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceGap:
    """One gap.

    closes : the trial, and what it must write down
    arms : of that trial
    times : people in an arm over those of a plain comparison with sham; `why_size` says why
    lost : share of people whose loss is allowed for

    >>> evidence_gaps.ids
    ('parameters', 'selection', 'durability', 'mechanism', 'comparison', 'cost')
    >>> evidence_gaps["selection"].times
    4.0
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: GapId
    name: Annotated[str, MinLen(1)]
    question: Annotated[str, MinLen(1)]
    closes: Annotated[str, MinLen(1)]
    arms: Annotated[int, Ge(2)]
    times: Annotated[float, Gt(0)]
    lost: Annotated[float, Ge(0), Lt(1)]
    why_size: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]


evidence_gaps: Table[EvidenceGap] = Table("gap", rows_of_toml("evidence/gaps.toml", "gaps", EvidenceGap))

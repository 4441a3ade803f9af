"""Claims that no text of ours may make, each with the correction that may be said instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["ProhibitedClaim", "broken_claims", "prohibited_claims"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProhibitedClaim:
    """One claim. `pattern` is a case-insensitive regular expression that hits the claim and spares its denial."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    pattern: Annotated[str, MinLen(1)]
    why: Annotated[str, MinLen(1)]
    correction: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool = False


prohibited_claims: Table[ProhibitedClaim] = Table(
    "prohibited claim", rows_of_toml("safety/claims.toml", "claims", ProhibitedClaim), unknown=FactsError
)


def broken_claims(text: str) -> tuple[str, ...]:
    """Ids of the prohibited claims that `text` makes, read with its white space folded.

    >>> broken_claims("This light cures restless legs.")
    ('cure',)
    >>> broken_claims("This light is not a cure.")
    ()
    """
    # A line break inside a claim must not hide it from its pattern.
    folded = " ".join(text.split())
    return tuple(c.id for c in prohibited_claims if re.search(c.pattern, folded, re.IGNORECASE))

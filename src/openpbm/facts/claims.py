"""The claims ledger: what the brief says, whether it stands and what may be said instead; and what we must not say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, read_list

__all__ = ["STATUS_WORDS", "Claim", "ClaimStatus", "brief_claims", "broken_claims", "prohibited_claims"]

ClaimStatus = Literal["supported", "unproven", "overstated", "wrong", "unsafe"]

# In the order in which a reader should meet them.
STATUS_WORDS: Mapping[ClaimStatus, str] = {
    "unsafe": "unsafe",
    "wrong": "wrong",
    "overstated": "too strong",
    "unproven": "not shown",
    "supported": "holds up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim, made by the brief or forbidden in any text of ours, or both.

    claim, where, status : what the brief says in plain words, the requirements it is numbered as, whether it stands;
        empty for a claim that the brief does not make
    pattern, why : for a forbidden one, a case-insensitive regular expression that hits the claim and spares its denial
    correction : what may be said instead
    source, verified : where the correction comes from, and whether it was read there
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    claim: str = ""
    where: str = ""
    status: ClaimStatus | None = None
    pattern: str = ""
    why: str = ""
    correction: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool = False

    def __post_init__(self) -> None:
        if len({bool(self.claim), bool(self.where), self.status is not None}) > 1:
            raise ValueError(f"{self.id}: claim, where and status come together")
        if bool(self.pattern) != bool(self.why):
            raise ValueError(f"{self.id}: pattern and why come together")
        if not (self.claim or self.pattern):
            raise ValueError(f"{self.id}: neither made by the brief nor forbidden")


def _read() -> tuple[Claim, ...]:
    return (*read_list("learn/claims.toml", "claims", Claim), *read_list("safety/claims.toml", "claims", Claim))


brief_claims: Table[Claim] = Table("claim", lambda: [row for row in _read() if row.claim])
prohibited_claims: Table[Claim] = Table(
    "prohibited claim", lambda: [row for row in _read() if row.pattern], unknown=FactsError
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

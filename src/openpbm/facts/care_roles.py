"""Who may work together around a course of light, and what each of them is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["CareRole", "care_roles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CareRole:
    """One of the people around a person. sees_to : for the person, in plain words · ask : for the letter to them"""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Annotated[str, MinLen(1)]
    name: Annotated[str, MinLen(1)]
    sees_to: Annotated[str, MinLen(1)]
    ask: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool


care_roles: Table[CareRole] = Table(
    "care role", rows_of_toml("outcomes/care_roles.toml", "roles", CareRole), unknown=FactsError
)

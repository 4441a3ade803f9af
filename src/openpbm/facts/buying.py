"""What to look for in a lamp before it is bought, and what a clinic sets up before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.facts.table import Table, rows_of_toml

__all__ = ["BuyingPoint", "SetUpStep", "buying_points", "clinic_setup"]

_Text = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyingPoint:
    """One field of a lamp's page: what stands there when it is good, why it matters, what to ask the seller.

    passport : kept of a lamp in the web application as its label says it
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    name: _Text
    look_for: _Text
    why: _Text
    ask: _Text
    passport: bool = False
    source: _Text
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpStep:
    """One thing that a clinic does, before its first patient or again and again."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    when: _Text
    what: _Text
    why: _Text
    who: _Text
    source: _Text
    verified: bool


# In the order they are shown.
buying_points: Table[BuyingPoint] = Table("field of a lamp", rows_of_toml("learn/buying.toml", "points", BuyingPoint))
clinic_setup: Table[SetUpStep] = Table("step", rows_of_toml("learn/clinic_setup.toml", "steps", SetUpStep))

"""Opioids by mouth and how much oral morphine each equals."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Gt, MinLen

from openpbm.facts.alias_table import plain, rows_by_alias
from openpbm.facts.medicine_text import medicines_in
from openpbm.facts.table import Table, rows_of_toml

__all__ = ["Opioid", "opioid", "opioids"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opioid:
    """One opioid by mouth and its oral morphine equivalent [mg/mg], lower and upper; None is not converted."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(2)]
    aliases: tuple[str, ...] = ()
    oral_morphine_mg_per_mg_lower: Annotated[float, Gt(0)] | None = None
    oral_morphine_mg_per_mg_upper: Annotated[float, Gt(0)] | None = None
    note: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool

    def __post_init__(self) -> None:
        lower, upper = self.oral_morphine_mg_per_mg_lower, self.oral_morphine_mg_per_mg_upper
        if (lower is None) != (upper is None) or (lower is not None and upper is not None and lower > upper):
            raise ValueError("give both factors, the lower one first, or neither")


opioids: Table[Opioid] = Table("opioid", rows_of_toml("outcomes/opioids.toml", "opioids", Opioid), key="name")


def opioid(text: str) -> Opioid | None:
    """The one opioid named in a text, by ingredient, brand or code; None for none, or for two different ones.

    >>> opioid("Oxycodone 10 mg twice daily").name
    'oxycodone'
    >>> opioid("MST Continus 30 mg").name
    'morphine'
    """
    words = plain(text).split()
    spans = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    found = {_opioid_words()[span].name: _opioid_words()[span] for span in spans if span in _opioid_words()}
    # What every other page takes a brand for, it is here too.
    found |= {one.name: opioids[one.name] for one in medicines_in(text) if one.name in opioids.ids}
    # Two different ones cannot be summed without two doses, which a free text does not part.
    if len(found) > 1:
        found.pop("opioid", None)  # "opioid oxycodone" names one medicine
    return next(iter(found.values())) if len(found) == 1 else None


@functools.cache
def _opioid_words() -> dict[str, Opioid]:
    return rows_by_alias(opioids, ("name",), "opioids.toml")

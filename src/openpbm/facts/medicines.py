"""Medicines that matter to light, the most used ones that do not, and every name that each of them goes by."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.table import Table, rows_of_csv, rows_of_toml

__all__ = [
    "Medicine",
    "MedicineNames",
    "Role",
    "Tier",
    "known_medicines",
    "medicine_names",
    "medicines",
    "members_of_class",
    "pack_words",
]

Tier = Literal[1, 2, 3]
Role = Literal[
    "alpha2delta",
    "anticoagulant",
    "beta2_agonist",
    "causes_cramps",
    "causes_neuropathy",
    "dopaminergic",
    "hypoglycaemic",
    "iron",
    "opioid",
    "vasodilator",
    "worsens_rls",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """One ingredient, or one ATC class. Without a tier and a role it is known and nothing here speaks about it.

    tier : photosensitiser; 1 absorbs in the lamps' red or infrared, 2 strong but mostly UV and blue, 3 weak or rare
    absorbs_nm : band to be held against the lamp's spectrum, tier 1 only [nm]
    hold : how long after the last dose light waits, in words
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(2)]
    atc: tuple[str, ...] = ()
    tier: Tier | None = None
    absorbs_nm: tuple[float, float] | None = None
    hold: str | None = None
    roles: tuple[Role, ...] = ()
    message: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineNames:
    """Other names of an ingredient: what packs say, how languages spell it, what clinics shorten it to.

    names : with a semicolon between them; a pack that holds two ingredients is named in a row of each
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    ingredient: Annotated[str, MinLen(2)]
    kind: Literal["brand", "name", "abbreviation"]
    names: Annotated[str, MinLen(2)]
    source: Annotated[str, MinLen(1)]
    verified: bool

    @property
    def id(self) -> str:
        """What tells the row from the others of its ingredient."""
        return f"{self.ingredient}, {self.kind}, {self.source}"

    @property
    def each(self) -> tuple[str, ...]:
        """The names one by one."""
        return tuple(self.names.split(";"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _CommonMedicine:
    """A much used ingredient without a row of its own; its ATC codes with a blank between them."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(2)]
    atc: str = ""
    # Weak photosensitisers stand here too: whoever is strong needs the words of a row in medicines.toml.
    tier: Literal["3"] | None = None
    source: Annotated[str, MinLen(1)]
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _PackWords:
    __pydantic_config__: ClassVar = {"extra": "forbid"}

    kind: Literal["unit", "form", "salt", "maker", "when", "joining", "count", "everyday", "reason", "unnamed", "none"]
    source: Annotated[str, MinLen(1)]
    words: str


medicines: Table[Medicine] = Table("medicine", rows_of_toml("safety/medicines.toml", "medicines", Medicine), key="name")
medicine_names: Table[MedicineNames] = Table(
    "names of a medicine", rows_of_csv("safety/medicine_names.csv", MedicineNames), unknown=FactsError
)
_common: Table[_CommonMedicine] = Table(
    "common medicine", rows_of_csv("safety/common_medicines.csv", _CommonMedicine), key="name"
)
_pack_words: Table[_PackWords] = Table(
    "list of words", rows_of_toml("safety/pack_words.toml", "words", _PackWords), key="kind", unknown=FactsError
)


@functools.cache
def known_medicines() -> dict[str, Medicine]:
    """Every ingredient by its name: those that matter to light, then the common ones."""
    common = (
        Medicine(
            name=row.name,
            atc=tuple(row.atc.split()),
            tier=3 if row.tier else None,
            source=row.source,
            verified=row.verified,
        )
        for row in _common
    )
    return {medicine.name: medicine for medicine in (*common, *medicines)}


def pack_words(kind: str) -> tuple[str, ...]:
    """The words of one kind that stand beside a name: units, forms, salts; `none` holds whole phrases.

    `unnamed` stand for a medicine without naming it, `reason` says what one is for, `joining` parts two of a list.
    """
    listed = _pack_words[kind].words
    if kind == "none":
        return tuple(phrase for line in listed.split("\n") for phrase in line.split(";") if phrase)
    return tuple(listed.split())


def members_of_class(code: str) -> tuple[Medicine, ...]:
    """The listed medicines whose ATC code begins with `code`; none when it is no code or a full one is listed.

    >>> [medicine.name for medicine in members_of_class("J01MB")]
    ['nalidixic acid']
    """
    # An ATC code is 1 letter, then 2 digits: shorter text is no code.
    wanted = "".join(code.split()).upper()
    if len(wanted) < len("J01") or not (wanted[0].isalpha() and wanted[1:3].isdigit()):
        return ()
    return tuple(m for m in medicines if any(atc.startswith(wanted) for atc in m.atc))

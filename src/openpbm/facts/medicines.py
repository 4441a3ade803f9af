"""Medicines that matter to light: photosensitisers, and those that cause or worsen what is treated."""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import MinLen

from openpbm.facts.table import Table, rows_of_toml

__all__ = ["Medicine", "Role", "Tier", "find_medicine", "medicines", "members_of_class", "nearest_medicine"]

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

# A name of three letters is found as a whole only: as a part of a text it would fit too many words.
_SHORTEST_CLASS = 3  # an ATC code is 1 letter, then 2 digits: shorter text is no code


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """One ingredient, or one ATC class.

    tier : photosensitiser; 1 absorbs in the lamps' red or infrared, 2 strong but mostly UV and blue, 3 weak or rare
    absorbs_nm : band to be held against the lamp's spectrum, tier 1 only [nm]
    hold : how long after the last dose light waits, in words
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Annotated[str, MinLen(2)]
    atc: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    tier: Tier | None = None
    absorbs_nm: tuple[float, float] | None = None
    hold: str | None = None
    roles: tuple[Role, ...] = ()
    message: Annotated[str, MinLen(1)]
    source: Annotated[str, MinLen(1)]
    verified: bool = False


medicines: Table[Medicine] = Table("medicine", rows_of_toml("safety/medicines.toml", "medicines", Medicine), key="name")


@functools.cache
def _by_word() -> dict[str, Medicine]:
    words: dict[str, Medicine] = {}
    for medicine in medicines:
        for word in (medicine.name, *medicine.aliases, *medicine.atc):
            words.setdefault(word.casefold(), medicine)
    return words


def find_medicine(name_or_atc: str) -> Medicine | None:
    """The listed medicine of that name, alias or ATC code, whatever the case; None when it is not listed.

    A full ATC code also finds the row of its class: a member of N06AB is found under the row whose code is N06AB, when
    the member has no row of its own. The longest class wins.

    >>> find_medicine("Verteporfin").tier
    1
    """
    wanted = name_or_atc.strip().casefold()
    if wanted in _by_word():
        return _by_word()[wanted]
    if not _looks_like_code(wanted):
        return _named_within(wanted)
    shorter = (wanted[:length] for length in range(len(wanted) - 1, _SHORTEST_CLASS - 1, -1))
    return next((_by_word()[part] for part in shorter if part in _by_word()), None)


def _looks_like_code(wanted: str) -> bool:
    return len(wanted) > _SHORTEST_CLASS and wanted[0].isalpha() and wanted[1:3].isdigit()


def _named_within(wanted: str) -> Medicine | None:
    """The listed medicine named in a longer text, with its salt, brand or strength; the longest name wins.

    "doxycycline hyclate 100 mg" is doxycycline; parts of words do not count.
    """
    words = re.findall(r"[^\W_]+", wanted)
    spans = (" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1))
    found = [span for span in spans if span in _by_word() and len(span) > _SHORTEST_CLASS]
    # The longest, since a shorter name may be a part of it and mean another medicine.
    return _by_word()[max(found, key=len)] if found else None


def members_of_class(code: str) -> tuple[Medicine, ...]:
    """The listed medicines whose ATC code begins with `code`; none when it is no code or a full one is listed.

    >>> [medicine.name for medicine in members_of_class("J01MB")]
    ['nalidixic acid']
    """
    wanted = code.strip().casefold()
    if not _looks_like_code(wanted):
        return ()
    return tuple(m for m in medicines if any(atc.casefold().startswith(wanted) for atc in m.atc))


def nearest_medicine(name: str) -> str | None:
    """The listed name or alias closest in spelling, None when none is close.

    The cutoff is strict because a wrong guess at a medicine is worse than no guess.
    """
    words = [word for medicine in medicines for word in (medicine.name, *medicine.aliases)]
    close = difflib.get_close_matches(name.strip().casefold(), words, n=1, cutoff=0.86)
    return close[0] if close else None

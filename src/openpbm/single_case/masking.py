"""How light and no light are kept from being told apart, and the two sheets it takes: the person's and the keeper's.

The order is sealed (`openpbm.single_case.design`), and somebody must still set the lamp by it. That is the keeper, who
does not live with the person, asks nothing and judges nothing. All that is on a sheet follows from the sealed draw, so
that it can be held against the seal afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openpbm.errors import BadInput, Problem
from openpbm.single_case.design import Allocation, Period, lot, verify

__all__ = ["Alike", "CodeSheet", "MaskMethod", "Masking", "SheetRow", "Unblinded", "Unblinding", "code_sheet"]

MaskMethod = Literal["two_settings", "filters", "phone_code"]
Alike = Literal["yes", "no", "unknown"]
Unblinded = Literal["person", "helper", "clinician", "assessor"]

# Beyond the numbers that the pairs of a design use up (20 at most).
_SETTINGS_LOT = 1000
_CODE_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """How the lamp was masked, and who held it against itself beforehand.

    method : two settings of the lamp, filters put in by the keeper, or a lamp that a code switches
    keeper : who sets the lamp or places the filter, by name or role
    looks_alike : light and no light are alike to the eye, in the dark too
    feels_alike : they are alike in warmth, sound and smell
    checked_on : the day of that check
    """

    method: MaskMethod
    keeper: str
    looks_alike: Alike = "unknown"
    feels_alike: Alike = "unknown"
    checked_on: dt.date | None = None

    def doubts(self, first_period: dt.date) -> tuple[str, ...]:
        """Why the mask is not shown to have held from the first period on, a phrase each; none where it is."""
        found = [] if self.keeper.strip() else ["nobody is named who kept the lamp"]
        for senses, answer in (("look", self.looks_alike), ("feel", self.feels_alike)):
            if answer == "no":
                found.append(f"light and no light do not {senses} alike")
            if answer == "unknown":
                found.append(f"nobody checked whether light and no light {senses} alike")
        if self.checked_on is None:
            found.append("no day is written down for that check")
        elif self.checked_on > first_period:
            found.append(f"that was checked on {self.checked_on}, after the first period began")
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblinding:
    """Somebody learnt what a period was before the last was over; line : in unblindings.csv.

    who : the person, somebody who helps or lives with them, who treats them, or who rates them
    emergency : somebody had to know
    """

    line: int
    date: dt.date
    who: Unblinded
    emergency: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One period: what the person is told to do, and what the keeper does or knows of it."""

    number: int
    pair: int
    first_day: dt.date
    last_day: dt.date
    person: str
    keeper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSheet:
    """The two sheets of one design; the person's shows `person` of every row and never `keeper`.

    before : what the keeper does before the first period
    """

    method: MaskMethod
    commitment: str
    before: str
    rows: tuple[SheetRow, ...]


def code_sheet(
    design: Mapping[str, object],
    key: Mapping[str, object],
    method: MaskMethod,
    settings: tuple[str, str] = ("1", "2"),
) -> CodeSheet:
    """The sheets of a blinded design of periods; the same every time, since all of it follows from the sealed draw.

    settings : names of the two settings that look alike, method two_settings
    Raises BadInput where the design and its key were not sealed together, or hold no blinded periods.

    >>> from openpbm.single_case import DesignRequest, seal
    >>> day = dt.date(2026, 12, 1)
    >>> request = DesignRequest(kind="blocks", first_day=day, made_on=day, blinded=True, pairs=5, days_per_period=7)
    >>> design, key = seal(request, seed=7, nonce="0" * 32)
    >>> sheet = code_sheet(design, key, "two_settings")
    >>> len(sheet.rows), sorted({row.person for row in sheet.rows})
    (10, ['Use setting 1 of the lamp.', 'Use setting 2 of the lamp.'])
    """
    draw = verify(design, key)
    if not draw.blinded or not draw.periods:
        message = "there is nothing to mask: no periods in an order that is kept hidden"
        remedy = "draw it with openpbm single-case design --kind blocks"
        raise BadInput(Problem(message=message, remedy=remedy, document="design.json"))
    if len({name.strip() for name in settings} - {""}) != 2:
        message = "must be two different names"
        raise BadInput(Problem(key="settings", value=settings, message=message, remedy="write them as on the lamp"))
    before, told = _told(draw, key, method, settings)
    rows = tuple(
        SheetRow(
            number=period.number,
            pair=period.pair,
            first_day=period.first_day,
            last_day=period.last_day,
            person=told[period][0],
            keeper=told[period][1],
        )
        for period in draw.periods
    )
    return CodeSheet(method=method, commitment=str(design["commitment"]), before=before, rows=rows)


def _told(
    draw: Allocation, key: Mapping[str, object], method: MaskMethod, settings: tuple[str, str]
) -> tuple[str, dict[Period, tuple[str, str]]]:
    """What the keeper does beforehand, and of every period what is told to the person and to the keeper."""
    seed, lit = int(str(key["seed"])), {"active": "light", "sham": "no light"}
    if method == "two_settings":
        active = lot(seed, _SETTINGS_LOT, 2)
        named = {"active": settings[active], "sham": settings[1 - active]}
        before = (
            f"Set up the lamp so that setting {named['active']} gives light and setting {named['sham']} gives none."
        )
        return before, {
            period: (f"Use setting {named[period.treatment]} of the lamp.", lit[period.treatment])
            for period in draw.periods
        }
    if method == "filters":
        filters = {"active": "clear", "sham": "blocking"}
        before = "Have one clear and one blocking filter that cannot be told apart from outside, and a cover over both."
        # At every change of period, also where the same filter goes in again: a visit must not tell anything.
        return before, {
            period: ("The keeper opens the lamp on the first day.", f"Put in the {filters[period.treatment]} filter.")
            for period in draw.periods
        }
    codes = _codes(seed, str(key["nonce"]), len(draw.periods))
    before = "Enter every code into the lamp, each with what it gives."
    return before, {
        period: (f"Enter code {code} into the lamp.", f"Code {code} gives {lit[period.treatment]}.")
        for period, code in zip(draw.periods, codes, strict=True)
    }


def _codes(seed: int, nonce: str, count: int) -> list[str]:
    """A code of its own for every period, that tells nothing to whoever does not hold the key."""
    codes: list[str] = []
    number = 0
    while len(codes) < count:
        digest = hashlib.sha256(f"openpbm-code-1:{seed}:{nonce}:{number}".encode()).digest()
        code = str(int.from_bytes(digest, "big") % 10**_CODE_DIGITS).zfill(_CODE_DIGITS)
        number += 1
        # Two periods with one code would be one of which the person knows that they are alike.
        if code not in codes:
            codes.append(code)
    return codes

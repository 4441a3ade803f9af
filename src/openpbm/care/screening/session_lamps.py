"""The lamps of one session: each with where it stands, as a case file has them, and as they stand in a screening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import device_section
from openpbm.case import Placement
from openpbm.errors import Problem
from openpbm.files import JsonObject

__all__ = ["ChosenLamp", "chosen_again", "device_in_session", "lamp_sections", "placed_lamps", "problems_of_choice"]

_NOWHERE_SAID = Placement()
_PLAIN = asdict(_NOWHERE_SAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenLamp:
    """A lamp that somebody chose for a session, and where it stands."""

    lamp: Lamp
    placement: Placement = _NOWHERE_SAID

    def section(self, on: dt.date, *, beside: bool) -> JsonObject:
        """Both as a case file has them, the lamp as it is known on that day. beside : other lamps stand beside it"""
        said = asdict(self.placement)
        # What a case that says nothing means is not written down; the distance always is, for its absence says much.
        written = {key: value for key, value in said.items() if key == "distance_mm" or value != _PLAIN[key]}
        placement = {key: list(value) if isinstance(value, tuple) else value for key, value in written.items()}
        return {"device": device_in_session(self.lamp, on, beside=beside), "placement": placement}


def chosen_again(screened: Iterable[tuple[Lamp, JsonObject]]) -> list[ChosenLamp]:
    """The lamps of a screening as they stood in it, to be screened again (`ScreeningRow.with_placements`)."""
    found = []
    for lamp, placed in screened:
        written = placed["placement"].items()
        said: JsonObject = {key: tuple(value) if isinstance(value, list) else value for key, value in written}
        found.append(ChosenLamp(lamp=lamp, placement=Placement(**said)))
    return found


def device_in_session(lamp: Lamp, on: dt.date, *, beside: bool) -> JsonObject:
    """The lamp as it is known on that day; of several under the name it is found by, for two may be of one kind."""
    section = device_section(lamp, on)
    return section | {"name": lamp.name} if beside else section


def lamp_sections(chosen: Sequence[ChosenLamp], on: dt.date) -> JsonObject:
    """The part of a case that says with which lamps."""
    sections = [one.section(on, beside=len(chosen) > 1) for one in chosen]
    return sections[0] if len(sections) == 1 else {"lamps": sections}


def placed_lamps(case: JsonObject) -> list[JsonObject]:
    """`device` and `placement` of each lamp of a screened case, in their order."""
    alone = {"device": case.get("device"), "placement": case.get("placement") or {}}
    return [{"placement": {}} | lamp for lamp in case.get("lamps") or [alone]]


def problems_of_choice(chosen: Sequence[ChosenLamp]) -> list[Problem]:
    """A lamp that was put away, or chosen twice: of two alike each is a lamp with an output of its own."""
    problems, seen = [], set()
    for number, one in enumerate(chosen):
        key = "lamp" if len(chosen) == 1 else f"lamps[{number}].lamp"
        if one.lamp.retired_at is not None:
            problems.append(Problem(key=key, message=f"{one.lamp.name} was put away", remedy="choose a lamp in use"))
        if one.lamp.pk in seen:
            remedy = "choose another; two lamps of one kind are entered as two lamps"
            problems.append(Problem(key=key, message=f"{one.lamp.name} stands in this session already", remedy=remedy))
        seen.add(one.lamp.pk)
    return problems

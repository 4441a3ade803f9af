"""A stored plan and its light, kept in this process while a clinician tries out distances, skins, fat and places.

What is kept belongs to one plan as it was written: the key has its id, its number and digest in the audit, and every
choice that the light hangs on. Who may read the plan is asked before, and what changed since its screening every time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from openpbm.care.plans.models import PlanRow
from openpbm.care.screening.selectors import changes_since
from openpbm.case import SiteChoice, case_of
from openpbm.errors import BadInput
from openpbm.planning import Plan, PreparedLight, WhatIf, load_plan, prepare_light
from openpbm.safety import screen

__all__ = ["LIGHT", "LightChoice", "TissueChoice", "light_of", "what_if", "with_kept_plan"]

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueChoice:
    """What new light is computed for; None and "" leave what the plan has.

    place : site and structure, as the form gives them
    """

    skin_type: int | None = None
    fat_mm: float | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LightChoice(TissueChoice):
    """What is tried out on a plan beside minutes and sessions.

    mode : a setting of the lamp, "" for the whole lamp;  duty : share of the time its LEDs shine [-]
    """

    distance_mm: float | None = None
    mode: str | None = None
    duty: float | None = None

    @property
    def tissue(self) -> TissueChoice:
        """The part that needs new light."""
        return TissueChoice(skin_type=self.skin_type, fat_mm=self.fat_mm, place=self.place)

    @property
    def any(self) -> bool:
        """Whether anything was chosen."""
        return self != LightChoice()


class Kept(Generic[Thing]):
    """The last few things that were made, each under its key; the one that was asked for longest ago goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.things: OrderedDict[tuple[object, ...], Thing] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], Thing]) -> Thing:
        """What is kept under the key, made where it is not."""
        with self._lock:
            if key in self.things:
                self.things.move_to_end(key)
                return self.things[key]
        # Outside the lock, so that nobody waits for another's light; two who ask for the same make it twice.
        made = make()
        with self._lock:
            self.things[key] = made
            while len(self.things) > self.most:
                self.things.popitem(last=False)
        return made


# Two to three megabytes for each place of a plan.
LIGHT: Kept[PreparedLight] = Kept(12)
# Reading a plan's tables takes longer than all that is computed of other minutes.
_PLANS: Kept[Plan] = Kept(12)


def with_kept_plan(row: PlanRow) -> PlanRow:
    """The row, its plan read no oftener than needed: a row is never changed once it is written."""
    row.core = _PLANS.get(_key(row), lambda: load_plan(row.document))
    return row


def _key(row: PlanRow) -> tuple[object, ...]:
    return str(row.pk), row.audit_number, row.body_digest


def what_if(row: PlanRow, choice: LightChoice, **changes: Any) -> WhatIf:
    """What the plan would give; BadInput for what cannot be, and where the screening no longer holds."""
    # Light for a lamp or a person that is another by now would look as new as any.
    if problems := changes_since(row.screening):
        raise BadInput(problems)
    prepared = light_of(row, choice.tissue)
    return prepared.at(distance_mm=choice.distance_mm, mode=choice.mode, duty=choice.duty, **changes)


def light_of(row: PlanRow, choice: TissueChoice) -> PreparedLight:
    """The light of a plan for that tissue, computed where it is not kept."""
    return LIGHT.get((*_key(row), choice), lambda: _prepared(row, choice))


def _prepared(row: PlanRow, choice: TissueChoice) -> PreparedLight:
    # As it was screened: what is plausible on a day was asked then, and `changes_since` tells what is no longer so.
    case = case_of(row.screening.case, "screening", today=row.screening.created_at.date())
    place = None
    if choice.place:
        site, target = choice.place.split(":")
        sides = {chosen.site: chosen.side for chosen in case.sites}
        place = SiteChoice(site=site, side=sides.get(site, case.sites[0].side), target=target)
    # One thread: the others of this process answer pages meanwhile.
    return prepare_light(
        row.core, screen(case), skin_type=choice.skin_type, fat_mm=choice.fat_mm, place=place, threads=1
    )

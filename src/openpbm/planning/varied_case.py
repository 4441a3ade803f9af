"""A case with another skin, place, setting of its lamp or duty, to be tried out on a plan."""

from __future__ import annotations

from dataclasses import replace

from openpbm.case import Case, SiteChoice
from openpbm.device.modes import tried_lamp
from openpbm.errors import BadInput, Problem
from openpbm.facts.sites import sites
from openpbm.files import suggest
from openpbm.planning.document.plan import number_problem
from openpbm.tissue import THICKEST_FAT_MM

__all__ = ["varied_case", "with_lamp_setting"]


def varied_case(case: Case, *, skin_type: int | None, fat_mm: float | None, place: SiteChoice | None) -> Case:
    """The case of that skin and at that place; the first structure there where none is aimed at.

    fat_mm : the subcutis, which is no part of the person; it is only looked at [mm]
    Raises BadInput for a skin, a fat or a place that cannot be.
    """
    _check(skin_type, fat_mm, place)
    if skin_type is not None:
        case = replace(case, person=replace(case.person, skin_type=skin_type))
    if place is None:
        return case
    return replace(case, sites=(replace(place, target=place.target or sites[place.site].targets[0].id),))


def with_lamp_setting(case: Case, *, mode: str | None, duty: float | None) -> Case:
    """The case with its lamp in another mode, and its LEDs shining another share of the time; None leaves either."""
    if mode is None and duty is None:
        return case
    return replace(case, device=tried_lamp(case.device, mode, duty))


def _check(skin_type: int | None, fat_mm: float | None, place: SiteChoice | None) -> None:
    problems = []
    if skin_type is not None and (problem := number_problem("skin_type", skin_type, 6, whole=True)):
        problems.append(problem)
    if fat_mm is not None and (problem := number_problem("fat_mm", fat_mm, THICKEST_FAT_MM)):
        problems.append(problem)
    if place is not None and place.site not in sites:
        known = [site.id for site in sites]
        problems.append(Problem("place", place.site, "no such place", suggest(place.site, known)))
    elif place is not None and sites[place.site].specialist_only:
        problems.append(Problem("place", place.site, "no light is planned there", "choose another place"))
    if problems:
        raise BadInput(problems)
    if place is not None and place.target is not None:
        sites[place.site].target(place.target)

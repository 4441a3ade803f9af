"""Several lamps in one session, and lamps that do not face the skin straight: read, checked, and made into one lamp."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator

from openpbm.case.case import Case, LitPlaces, PlacedLamp, Placement
from openpbm.case.scanned_area import moved_area_cm2, problems_of_scan
from openpbm.device import CONTACT_BELOW_MM, lasers_of, lies_on_skin, treatment_distance_mm
from openpbm.device.join_lamps import StandingLamp, join_lamps
from openpbm.errors import Problem
from openpbm.facts.lamps import Emitters, Lamp, Stand
from openpbm.facts.sites import sites
from openpbm.files import JsonObject

__all__ = ["contradictions_of_lamps", "lamps_as_one", "lamps_in_words", "name_lamps"]

_STRAIGHT = "leave it out: only an array of LEDs that stands off the skin is computed so"
_STRAIGHT_ON_PAGE = (
    "Only of a lamp whose LEDs are described by rows, columns and how far apart they are. Describe it so, or leave this"
    " empty."
)


def name_lamps(raw: JsonObject, name_one: Callable[[JsonObject, list[Problem]], None], problems: list[Problem]) -> None:
    """Each of several lamps as `name_one` does it for the only one, in place; the first stands in as the device."""
    if "lit_apart" in raw:
        problems.append(Problem("lit_apart", message="is written by openpbm", remedy="leave it out"))
    lamps = raw["lamps"]
    problems.extend(
        Problem(key, message="stands beside [[lamps]], each of which has its own", remedy="leave one of the two out")
        for key in ("device", "placement")
        if key in raw
    )
    for number, lamp in enumerate(lamps):
        if isinstance(lamp, dict):
            own: list[Problem] = []
            name_one(lamp, own)
            problems.extend(problem.under(f"lamps[{number}]") for problem in own)
    # All of them as one takes its place once they are read.
    first = lamps[0]
    raw["device"] = first.get("device") if isinstance(first, dict) else None


def contradictions_of_lamps(case: Case, of_one: Callable[[Case], list[Problem]]) -> list[Problem]:
    """The contradictions of a case with each of its lamps by itself, then those of all together."""
    if not case.lamps:
        return [*of_one(case), *_problems_of_stand(PlacedLamp(device=case.device, placement=case.placement))]
    problems = []
    for number, one in enumerate(case.lamps):
        alone = dataclasses.replace(case, device=one.device, placement=one.placement, lamps=())
        for problem in [*of_one(alone), *_problems_of_stand(one)]:
            of_lamp = problem.key.split(".")[0] in ("device", "placement")
            problems.append(problem.under(f"lamps[{number}]") if of_lamp else problem)
    return problems or list(_problems_of_lamps(case))


def lamps_as_one(case: Case) -> Case:
    """The case with all its lamps as one device, at the distance of the first lamp of the first place."""
    if not case.lamps:
        alone = PlacedLamp(device=case.device, placement=case.placement)
        return dataclasses.replace(case, device=join_lamps([_standing(0, alone)]))
    numbers = sorted(range(len(case.lamps)), key=lambda number: not _lights(case.lamps[number], case.sites[0].site))
    device, placement = _as_one(case, numbers)
    return dataclasses.replace(case, device=device, placement=placement, lit_apart=_lit_apart(case))


def _lit_apart(case: Case) -> tuple[LitPlaces, ...]:
    """Each group of places that the same lamps light, in the order of the places; none where that is one."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, choice in enumerate(case.sites):
        lit_by = tuple(number for number, lamp in enumerate(case.lamps) if _lights(lamp, choice.site))
        groups.setdefault(lit_by, []).append(place)
    if len(groups) == 1:
        return ()
    found = []
    for numbers, places in groups.items():
        device, placement = _as_one(case, list(numbers))
        here = tuple(case.sites[place] for place in places)
        found.append(LitPlaces(sites=here, device=device, placement=placement))
    return tuple(found)


def lamps_in_words(case: Case) -> str:
    """Where each lamp stands, distances in cm."""
    placed = case.lamps or (PlacedLamp(device=case.device, placement=case.placement),)
    return "; ".join(_in_words(one) for one in placed)


def _in_words(one: PlacedLamp) -> str:
    where = one.placement
    distance_mm = treatment_distance_mm(one.device, where.distance_mm)
    words = [f"{one.device.name} {'on the skin' if distance_mm == 0.0 else f'at {distance_mm / 10.0:g} cm'}"]
    if where.tilt_deg:
        side = "one side" if where.tilt_deg > 0.0 else "the other side"
        words.append(f"its axis {abs(where.tilt_deg):g} degrees off the skin's normal, from {side}")
    if where.offset_mm != (0.0, 0.0):
        across, along = (f"{each / 10.0:g} cm" for each in where.offset_mm)
        words.append(f"aimed {across} across and {along} along from the middle")
    if where.sites:
        words.append(f"for the {' and the '.join(sites[site].plain_name for site in where.sites)}")
    return ", ".join(words)


def _as_one(case: Case, numbers: list[int]) -> tuple[Lamp, Placement]:
    standing = [_standing(number, case.lamps[number]) for number in numbers]
    placement = dataclasses.replace(case.lamps[numbers[0]].placement, distance_mm=standing[0].distance_mm, mode=None)
    return join_lamps(standing), placement


def _standing(number: int, placed: PlacedLamp) -> StandingLamp:
    where = placed.placement
    stand = Stand(
        lamp=number,
        offset_mm=where.offset_mm,
        tilt_deg=where.tilt_deg,
        scanned_area_cm2=moved_area_cm2(placed),
    )
    distance_mm = treatment_distance_mm(placed.device, where.distance_mm)
    return StandingLamp(lamp=placed.device, distance_mm=distance_mm, stand=stand)


def _lights(lamp: PlacedLamp, site: str) -> bool:
    return not lamp.placement.sites or site in lamp.placement.sites


def _problems_of_stand(placed: PlacedLamp) -> Iterator[Problem]:
    """A tilt, an offset or a scan of a lamp whose light is not computed so, and a lamp that would touch the skin."""
    lamp, where = placed.device, placed.placement
    yield from problems_of_scan(placed)
    for number, emitters in enumerate(lamp.emitters):
        if emitters.stand is not None:
            yield Problem(f"device.emitters[{number}].stand", message="is written by openpbm", remedy="leave it out")
    given = {"tilt_deg": where.tilt_deg, "offset_mm": max(where.offset_mm, key=abs)}
    distance_mm = treatment_distance_mm(lamp, where.distance_mm)
    for key, value in given.items():
        if value == 0.0:
            continue
        if distance_mm < CONTACT_BELOW_MM or lies_on_skin(lamp, distance_mm):
            message = "is of a lamp that stands off the skin, and this one lies on it"
            yield Problem(f"placement.{key}", value, message, "leave it out",
                          on_page="This lamp lies on the skin. Leave this empty.")  # fmt: skip
        elif any(one.rows is None for one in lamp.emitters):
            message = "is of an array of LEDs (rows, columns, pitch_mm)"
            yield Problem(f"placement.{key}", value, message, _STRAIGHT, on_page=_STRAIGHT_ON_PAGE)
        elif key == "tilt_deg" and (lowest_mm := _lowest_mm(lamp.emitters, where, distance_mm)) < CONTACT_BELOW_MM:
            message = f"would bring the lamp's edge to {lowest_mm:.0f} mm from the skin; at least {CONTACT_BELOW_MM:g}"
            on_page = (
                f"Tilted so, the lamp's edge would be {lowest_mm / 10.0:.1f} cm from the skin; at least"
                f" {CONTACT_BELOW_MM / 10.0:g} cm. Tilt it less, or put it farther off."
            )
            yield Problem("placement.tilt_deg", value, message, "tilt it less, or put it farther off", on_page=on_page)


def _lowest_mm(emitters: tuple[Emitters, ...], where: Placement, distance_mm: float) -> float:
    half_mm = max((one.columns or 1) * (one.pitch_mm or 0.0) / 2.0 for one in emitters)
    tilt = math.radians(abs(where.tilt_deg))
    return distance_mm * math.cos(tilt) - half_mm * math.sin(tilt)


def _problems_of_lamps(case: Case) -> Iterator[Problem]:
    """What cannot be computed of several lamps, or would not be what stands there."""
    places = [choice.site for choice in case.sites]
    for number, one in enumerate(case.lamps):
        where, several = f"lamps[{number}]", len(case.lamps) > 1
        for site in one.placement.sites:
            if site not in places:
                remedy = f"name {' or '.join(places)}"
                yield Problem(f"{where}.placement.sites", site, "not a place of this case", remedy)
        if several and lasers_of(one.device):
            message = "a laser treats one point after the other, and is planned by itself"
            yield Problem(f"{where}.device", one.device.id, message, "write a case of its own for it",
                          on_page="A laser treats one point after the other. Screen it by itself.")  # fmt: skip
        if several and one.device.heads * one.placement.places_at_once > 1:
            message = "several heads, or places at once, of one among several lamps"
            yield Problem(f"{where}.device.heads", one.device.heads, message, "list each head as a lamp of its own",
                          on_page="Beside another lamp one head lights one place. Enter each head under Lamps as a"
                          " lamp of its own, and light one place at once.")  # fmt: skip
    for site in places:
        here = [number for number, one in enumerate(case.lamps) if _lights(one, site)]
        on_skin = [number for number in here if _on_skin(case.lamps[number])]
        if not here:
            message = "no lamp lights it"
            on_page = f"No lamp lights the {sites[site].plain_name}. Tick it at one of the lamps."
            remedy = "add it to the sites of a lamp, or leave sites out"
            yield Problem("lamps", site, message, remedy, on_page=on_page)
        elif on_skin and len(here) > 1:
            message = f"lies on the {site}, and no other lamp's light gets through it there"
            on_page = (
                f"This lamp lies on the {sites[site].plain_name}, and no other lamp's light gets through it. Tick which"
                " lamp lights which place."
            )
            where = f"lamps[{on_skin[0]}].placement.sites"
            yield Problem(where, site, message, "let one lamp light that place", on_page=on_page)


def _on_skin(one: PlacedLamp) -> bool:
    return lies_on_skin(one.device, treatment_distance_mm(one.device, one.placement.distance_mm))

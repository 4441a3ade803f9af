"""Symptom scales: what is asked, how answers become a score, and which changes were published as important.

A scale under licence carries our own short labels only. Its wording is shown from a file that a licensed site loads.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, MinLen

from openpbm.errors import BadInput, FactsError, Problem
from openpbm.facts.conditions import Programme
from openpbm.facts.scale_items import (
    Band,
    Direction,
    Reliability,
    ScaleItem,
    Scoring,
    ShamCourse,
    Source,
    Subscale,
    Threshold,
    Words,
)
from openpbm.facts.table import Table, names, read_toml

__all__ = [
    "Band",
    "Reliability",
    "Scale",
    "ScaleItem",
    "Scoring",
    "ShamCourse",
    "Subscale",
    "Threshold",
    "counted_items",
    "followed_parts",
    "has_total",
    "outcome_scale",
    "problem_of_total",
    "scales",
    "score_range",
    "smallest_step",
    "speaks_of_self_harm",
]

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One instrument.

    version : the current edition; `versions`: every edition known here, the current one included
    direction : which way is better
    minimum, maximum : range of the total; None where the scale has no total
    is_change : the answer itself already speaks of change since the start
    for_change : False for a tool that only screens; its score must not be followed over time
    examined : a clinician fills it, by examining or measuring
    mood_items : items shown only together with a text on where to find help at once
    self_harm_item : any answer to it but the lowest shows that text again and tells the clinic; "" where none is asked
    recall, recall_days : the time asked about, in words and days; None days, not a fixed span
    cadence : when to ask
    asked_in_weeks : the same as weeks of the course, negative before it; empty where it is asked every day
    decides_from_week : first week whose checkpoint may rest a verdict on it when it is asked so; None, never
    no_verdict : why none can rest on it by week 6, or on some of it; "" where one can
    licence : who owns it and on what terms, in short
    ships : full, the wording may ship; labels, only our own labels may
    loinc : code of the total or of the panel, None where none is known
    programmes : programmes it belongs to
    further_sources : what the row was read from beside `source`
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    name: Words
    plain_name: Words
    version: Words
    versions: Annotated[tuple[str, ...], MinLen(1)]
    direction: Direction
    minimum: float | None = None
    maximum: float | None = None
    items: Annotated[tuple[ScaleItem, ...], MinLen(1)]
    total: Scoring | None = None
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[Band, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    reliability: Reliability | None = None
    sham_course: ShamCourse | None = None
    recall: Words
    recall_days: Annotated[float, Gt(0)] | None = None
    cadence: Words
    asked_in_weeks: tuple[int, ...] = ()
    decides_from_week: Annotated[int, Ge(4)] | None = None
    no_verdict: str = ""
    licence: Words
    ships: Literal["full", "labels"]
    loinc: str | None = None
    programmes: Annotated[tuple[Programme, ...], MinLen(1)]
    for_change: bool = True
    is_change: bool = False
    examined: bool = False
    mood_items: tuple[str, ...] = ()
    self_harm_item: str = ""
    source: Source
    further_sources: tuple[str, ...] = ()
    verified: bool
    note: str = ""


def _read() -> tuple[Scale, ...]:
    return tuple(_read_one(name) for name in names("scales", ".toml"))


@functools.cache
def _read_one(name: str) -> Scale:
    row = read_toml(name, Scale)
    for problem in _problems(row, name.removeprefix("scales/").removesuffix(".toml")):
        raise FactsError(f"facts/data/{name}: {problem}")
    return row


scales: Table[Scale] = Table("scale", _read)


@functools.cache
def outcome_scale(id: str) -> Scale:
    """A scale by its id, or a part of one as a scale of its own: "cipn20.sensory_raw".

    >>> outcome_scale("bctq.symptoms").maximum
    5.0
    """
    whole, _, part_id = id.partition(".")
    name = f"scales/{whole}.toml"
    # A plan asks for a few of them: to read all takes a tenth of a second.
    scale = _read_one(name) if name in names("scales", ".toml") else scales[whole]
    if not part_id:
        return scale
    known = {part.id: part for part in scale.subscales}
    if part_id not in known:
        remedy = f"known: {', '.join(known) or 'none'}"
        raise BadInput(Problem(key=id, message=f"{scale.id} has no part {part_id}", remedy=remedy))
    return _part_as_scale(scale, known[part_id])


def followed_parts(scale: Scale) -> tuple[Scale, ...]:
    """The parts of a scale that are measures of their own, each as a scale: those whose error is held."""
    return tuple(outcome_scale(f"{scale.id}.{part.id}") for part in scale.subscales if part.reliability is not None)


def has_total(scale: Scale) -> bool:
    """Whether all its answers make one number."""
    return scale.total is not None and scale.total.method != "profile"


def smallest_step(scale: Scale) -> float:
    """The least two totals can differ by, in points; 0 where answers are no whole numbers.

    >>> smallest_step(scales["irls"]), smallest_step(outcome_scale("bctq.function")), smallest_step(scales["nrs"])
    (1.0, 0.125, 0.0)
    """
    if scale.total is None or scale.total.method in ("percent", "profile"):
        return 0.0
    counted = counted_items(scale, scale.total)
    if not all(item.whole for item in counted):
        return min((item.step or 0.0 for item in counted), default=0.0)
    return 1.0 / len(counted) if scale.total.method == "mean" else 1.0


def problem_of_total(scale: Scale) -> tuple[str, str] | None:
    """What is wrong with a total, and what to give instead, where a scale has none; None where it has one.

    >>> problem_of_total(scales["bctq"])[0]
    'bctq has no total, only parts: symptoms of the hand; what the hand can do'
    """
    if has_total(scale):
        return None
    parts = "; ".join(part.label for part in scale.subscales)
    return f"{scale.id} has no total, only parts: {parts}", "leave the total blank and give the answers to its items"


def speaks_of_self_harm(scale: Scale, answers: Mapping[str, float | None] | None) -> bool:
    """Whether the item about self-harm was answered by anything but its lowest answer.

    >>> speaks_of_self_harm(scales["phq9"], {"9": 1}), speaks_of_self_harm(scales["phq9"], {"9": 0})
    (True, False)
    """
    asked = next((item for item in scale.items if item.id == scale.self_harm_item), None)
    answer = None if asked is None else (answers or {}).get(asked.id)
    return asked is not None and answer is not None and answer > asked.minimum


def _part_as_scale(scale: Scale, part: Subscale) -> Scale:
    lowest, highest = score_range(scale, part.scoring) or (None, None)
    return replace(
        scale,
        id=f"{scale.id}.{part.id}",
        name=f"{scale.name}: {part.label}",
        plain_name=f"{part.label[:1].upper()}{part.label[1:]}",
        direction=part.direction or scale.direction,
        minimum=lowest,
        maximum=highest,
        total=part.scoring,
        subscales=(),
        bands=(),
        thresholds=tuple(replace(row, subscale="") for row in scale.thresholds if row.subscale == part.id),
        reliability=part.reliability,
        sham_course=None,
    )


def counted_items(scale: Scale, scoring: Scoring) -> tuple[ScaleItem, ...]:
    """The items that one scoring counts, in the order of the scale.

    >>> [item.id for item in counted_items(scales["irls"], scales["irls"].subscales[1].scoring)]
    ['5', '9', '10']
    """
    return tuple(item for item in scale.items if not scoring.items or item.id in scoring.items)


def score_range(scale: Scale, scoring: Scoring) -> tuple[float, float] | None:
    """Lowest and highest possible number of one scoring; None for a profile.

    >>> score_range(scales["irls"], scales["irls"].total)
    (0.0, 40.0)
    """
    if scoring.method == "profile":
        return None
    if scoring.method == "percent":
        return (0.0, 100.0)
    counted = counted_items(scale, scoring)
    lowest = [item.minimum * item.weight for item in counted]
    highest = [item.maximum * item.weight for item in counted]
    if scoring.method == "sum":
        return (sum(lowest), sum(highest))
    if scoring.method == "mean":
        return (sum(lowest) / len(lowest), sum(highest) / len(highest))
    return (max(lowest), max(highest))


def _problems(scale: Scale, file_name: str) -> Iterable[str]:
    if scale.id != file_name:
        yield f"id {scale.id} differs from the name of the file"
    if scale.version not in scale.versions:
        yield f"the current version {scale.version} is not among the versions"
    yield from _problems_of_items(scale)
    if scale.total is not None:
        yield from _problems_of_scoring(scale, scale.total, "total")
    for part in scale.subscales:
        yield from _problems_of_scoring(scale, part.scoring, f"subscale {part.id}")
    yield from _problems_of_range(scale)
    for threshold in scale.thresholds:
        given = [one for one in (threshold.change, threshold.fraction, threshold.level) if one is not None]
        if len(given) != 1:
            yield f"threshold {threshold.id} needs exactly one of change, fraction and level"
        yield from _problems_of_part(scale, threshold)
    yield from _problems_of_verdict(scale)


def _problems_of_part(scale: Scale, threshold: Threshold) -> Iterable[str]:
    parts = {part.id: part for part in scale.subscales}
    if not threshold.subscale:
        if not has_total(scale):
            yield f"threshold {threshold.id} speaks of a total, and there is none"
    elif threshold.subscale not in parts:
        yield f"threshold {threshold.id} speaks of an unknown subscale {threshold.subscale}"
    # Thresholds of parts that nothing followed were once read by nobody.
    elif parts[threshold.subscale].reliability is None:
        yield f"threshold {threshold.id} speaks of {threshold.subscale}, whose reliability is not given"


def _problems_of_verdict(scale: Scale) -> Iterable[str]:
    held = [row for row in (scale.reliability, *(part.reliability for part in scale.subscales)) if row is not None]
    for row in held:
        by_spread = row.sd is not None and row.test_retest is not None
        if (row.error is not None) + (row.error_fraction is not None) + by_spread != 1:
            yield "a reliability needs exactly one of error, error_fraction, and sd with test_retest"
    if not scale.for_change or scale.is_change:
        return
    if not held and not scale.no_verdict:
        yield "neither a reliability nor why no verdict can rest on it"
    if (scale.decides_from_week is None or scale.decides_from_week > 6) and not scale.no_verdict:
        yield "it cannot decide by week 6, and no_verdict does not say why"


def _problems_of_items(scale: Scale) -> Iterable[str]:
    ids = [item.id for item in scale.items]
    if len(set(ids)) < len(ids):
        yield "an item id is given twice"
    for item in scale.items:
        if item.minimum >= item.maximum:
            yield f"item {item.id}: minimum {item.minimum:g} must be below maximum {item.maximum:g}"
        answers = len(item.allowed) or item.maximum - item.minimum + 1
        if item.choices and len(item.choices) != answers:
            yield f"item {item.id}: {len(item.choices)} choices for answers {item.minimum:g} to {item.maximum:g}"
    # A mood item that is misspelt would be shown without the text on help in a crisis.
    for mood in set(scale.mood_items) - set(ids):
        yield f"mood item {mood} is not an item"
    if scale.self_harm_item and scale.self_harm_item not in scale.mood_items:
        yield f"item {scale.self_harm_item} asks about self-harm and is no mood item"


def _problems_of_scoring(scale: Scale, scoring: Scoring, where: str) -> Iterable[str]:
    for unknown in set(scoring.items) - {item.id for item in scale.items}:
        yield f"{where} counts an unknown item {unknown}"
    counted = counted_items(scale, scoring)
    if scoring.method == "single" and len(counted) != 1:
        yield f"{where} is a single answer but counts {len(counted)} items"
    if scoring.minimum_answered is None:
        return
    if scoring.minimum_answered > len(counted):
        yield f"{where} needs {scoring.minimum_answered} of only {len(counted)} answers"
    if scoring.method not in ("sum", "mean", "percent"):
        yield f"{where}: a {scoring.method} cannot be prorated"
    # Items of differing range or weight cannot stand in for each other.
    if len({(item.minimum, item.maximum, item.weight) for item in counted}) > 1:
        yield f"{where} prorates items that differ in range or weight"
    if not scoring.prorating:
        yield f"{where} prorates without saying who allows it"


def _problems_of_range(scale: Scale) -> Iterable[str]:
    possible = score_range(scale, scale.total) if scale.total is not None else None
    if possible is None:
        if scale.minimum is not None or scale.maximum is not None or scale.bands:
            yield "a scale without a total has no range and no bands"
        return
    if scale.minimum is None or scale.maximum is None:
        yield "a scale with a total needs minimum and maximum"
    # Range and items are two statements of one manual; where they differ one of them was misread.
    elif abs(scale.minimum - possible[0]) > _CLOSE or abs(scale.maximum - possible[1]) > _CLOSE:
        yield f"range {scale.minimum:g}-{scale.maximum:g}, but the items give {possible[0]:g}-{possible[1]:g}"

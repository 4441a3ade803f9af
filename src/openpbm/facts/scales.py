"""Symptom scales: what is asked, how answers become a score, and which changes were published as important.

A scale under licence carries our own short labels only. Its wording is shown from a file that a licensed site loads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Gt, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.conditions import Programme
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
    "scales",
    "score_range",
]

Direction = Literal["lower", "higher"]
Method = Literal["sum", "mean", "max", "percent", "single", "profile"]
ThresholdKind = Literal["between_groups", "within_person", "responder", "remission", "deterioration"]
Source = Annotated[str, MinLen(1)]
Words = Annotated[str, MinLen(1)]

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleItem:
    """One thing asked or examined, in our own short words; `minimum` to `maximum` in the item's own points.

    reverse : counted as minimum + maximum - answer
    weight : points for each point answered, after reversing [-]
    whole : only whole numbers are possible
    step : answers are multiples of it, where halves are possible but nothing between; None is no such rule
    optional : asked of some people only; a blank is not missed
    choices : our words for the answers minimum, minimum + 1 ... maximum; empty where the numbers speak for themselves
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    label: Words
    minimum: float
    maximum: float
    reverse: bool = False
    weight: float = 1.0
    whole: bool = True
    step: Annotated[float, Gt(0)] | None = None
    optional: bool = False
    choices: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How answers become one number.

    method : sum, mean or max of the counted answers; percent, their mean on 0-100 of the possible range; single, the
        one answer; profile, no number at all
    items : ids of the items that count; empty is every item
    minimum_answered : from how many answers on the rest may be filled in by their mean; None, every one is needed
    prorating : where that permission comes from
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    method: Method
    items: tuple[str, ...] = ()
    minimum_answered: Annotated[int, Ge(1)] | None = None
    prorating: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscale:
    """A part of the scale with a number of its own."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    label: Words
    scoring: Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named range of the total, both ends included."""

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    name: Words
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One published bound on what matters; exactly one of `change`, `fraction` and `level` is given.

    kind : between_groups never judges one person; within_person, responder, remission and deterioration do
    change : in points, signed: negative is a fall
    fraction : change as a part of the baseline, signed: -0.5 is a fall by half
    level : the score to be reached, whatever the baseline
    subscale : the subscale it speaks of; "" is the total
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: Words
    label: Words
    kind: ThresholdKind
    change: float | None = None
    fraction: float | None = None
    level: float | None = None
    subscale: str = ""
    source: Source
    verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far two scores of an unchanged person lie apart.

    sd : between people, in points
    test_retest : correlation of two scores of unchanged people [-]
    alternatives : other published or used values, in words
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    sd: Annotated[float, Gt(0)]
    test_retest: Annotated[float, Gt(0), Le(1)]
    alternatives: str = ""
    source: Source
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShamCourse:
    """What the scale did in sham arms, regression to the mean included.

    change_mean : mean change from baseline, in points, signed
    person_sd : spread of that change from person to person, in points
    trial_sd : spread of the mean from trial to trial, in points
    basis : how the three were computed
    weeks : over how many weeks; None, over differing durations
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    change_mean: float
    person_sd: Annotated[float, Gt(0)]
    trial_sd: Annotated[float, Ge(0)]
    n_people: Annotated[int, Gt(0)]
    n_trials: Annotated[int, Gt(0)]
    basis: Words
    weeks: float | None = None
    source: Source
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One instrument.

    version : the current edition; `versions`: every edition known here, the current one included
    direction : which way is better
    minimum, maximum : range of the total; None where the scale has no total
    is_change : the answer itself already speaks of change since the start
    for_change : False for a tool that only screens; its score must not be followed over time
    mood_items : items shown only together with a text on where to find help at once
    recall, recall_days : the time asked about, in words and days; None days, not a fixed span
    cadence : when to ask
    asked_in_weeks : the same as weeks of the course, negative before it; empty where it is no matter of weeks
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
    licence: Words
    ships: Literal["full", "labels"]
    loinc: str | None = None
    programmes: Annotated[tuple[Programme, ...], MinLen(1)]
    for_change: bool = True
    is_change: bool = False
    mood_items: tuple[str, ...] = ()
    source: Source
    further_sources: tuple[str, ...] = ()
    verified: bool
    note: str = ""


def _read() -> tuple[Scale, ...]:
    found = []
    for name in names("scales", ".toml"):
        row = read_toml(name, Scale)
        for problem in _problems(row, name.removeprefix("scales/").removesuffix(".toml")):
            raise FactsError(f"facts/data/{name}: {problem}")
        found.append(row)
    return tuple(found)


scales: Table[Scale] = Table("scale", _read)


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
        if threshold.subscale and threshold.subscale not in {part.id for part in scale.subscales}:
            yield f"threshold {threshold.id} speaks of an unknown subscale {threshold.subscale}"


def _problems_of_items(scale: Scale) -> Iterable[str]:
    ids = [item.id for item in scale.items]
    if len(set(ids)) < len(ids):
        yield "an item id is given twice"
    for item in scale.items:
        if item.minimum >= item.maximum:
            yield f"item {item.id}: minimum {item.minimum:g} must be below maximum {item.maximum:g}"
        if item.choices and len(item.choices) != item.maximum - item.minimum + 1:
            yield f"item {item.id}: {len(item.choices)} choices for answers {item.minimum:g} to {item.maximum:g}"
    # A mood item that is misspelt would be shown without the text on help in a crisis.
    for mood in set(scale.mood_items) - set(ids):
        yield f"mood item {mood} is not an item"


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

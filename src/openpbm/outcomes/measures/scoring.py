"""One scorer for every scale: answers in, a number with its completeness and its edition out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.scales import Band, Scale, ScaleItem, Scoring, counted_items, speaks_of_self_harm
from openpbm.files import suggest

__all__ = ["Score", "ScoreRow", "band_of", "chosen_version", "score"]


class ScoreRow(TypedDict):
    """A score as JSON (docs/scales.md)."""

    scale: str
    version: str
    value: float | None
    completeness: float
    subscales: dict[str, float | None]
    band: str | None
    missing: list[str]
    direction: str
    prorated: bool
    licence: str
    verified: bool
    for_change: bool
    self_harm: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One scored form.

    value : in the scale's own points; None when too few answers were given or the scale has no total
    completeness : answered of needed answers, 0 to 1 [-]
    subscales : number of each part; None where too few of its answers were given
    band : name of the published range the value lies in; None without a value or without bands
    missing : ids of needed items without an answer
    self_harm : an answer speaks of harming oneself: help is shown first, whatever the score
    prorated : blanks were filled in by the mean of the answers, as the manual allows
    """

    scale: str
    version: str
    value: float | None
    completeness: float
    subscales: Mapping[str, float | None]
    band: str | None
    missing: tuple[str, ...]
    direction: str
    prorated: bool
    licence: str
    verified: bool
    for_change: bool
    self_harm: bool
    note: str

    def to_dict(self) -> ScoreRow:
        """The score as plain JSON content."""
        return {
            "scale": self.scale,
            "version": self.version,
            "value": self.value,
            "completeness": self.completeness,
            "subscales": dict(self.subscales),
            "band": self.band,
            "missing": list(self.missing),
            "direction": self.direction,
            "prorated": self.prorated,
            "licence": self.licence,
            "verified": self.verified,
            "for_change": self.for_change,
            "self_harm": self.self_harm,
            "note": self.note,
        }


def score(scale: Scale, answers: Mapping[str, float | None], *, version: str = "") -> Score:
    """Score one form by the rules of the scale.

    answers : item id to answer; None is blank, and an item that is not named is blank too
    version : edition of the form; "" is the current one
    Raises BadInput, one line for each impossible answer, unknown item or unknown version.

    >>> from openpbm.facts.scales import scales
    >>> form = score(scales["irls"], {str(number): 2 for number in range(1, 11)})
    >>> form.value, form.band, dict(form.subscales)
    (20.0, 'moderate', {'symptoms': 12.0, 'impact': 6.0})
    """
    problems = [*_problems_of_version(scale, version), *_problems_of_answers(scale, answers)]
    if problems:
        raise BadInput(problems)
    answered = {id: float(answer) for id, answer in answers.items() if answer is not None}
    needed = _needed_items(scale)
    missing = tuple(item.id for item in needed if item.id not in answered)
    value = None if scale.total is None else _number(scale, scale.total, answered)
    return Score(
        scale=scale.id,
        version=chosen_version(scale, version),
        value=value,
        completeness=(len(needed) - len(missing)) / len(needed),
        subscales={part.id: _number(scale, part.scoring, answered) for part in scale.subscales},
        band=band_of(scale, value),
        missing=missing,
        direction=scale.direction,
        prorated=_any_prorated(scale, answered),
        licence=scale.licence,
        verified=scale.verified,
        for_change=scale.for_change,
        self_harm=speaks_of_self_harm(scale, answered),
        note=scale.note,
    )


def chosen_version(scale: Scale, version: str) -> str:
    """The edition meant; "" is the current one. Raises BadInput naming the known ones.

    >>> from openpbm.facts.scales import scales
    >>> chosen_version(scales["irls"], "")
    '2.0'
    """
    problems = _problems_of_version(scale, version)
    if problems:
        raise BadInput(problems)
    return version.strip() or scale.version


def band_of(scale: Scale, value: float | None) -> str | None:
    """Name of the band a total lies in; between two bands the nearer one, in the middle the worse one.

    Published bands are whole numbers, but a mean of days or a prorated total may fall between them.

    >>> from openpbm.facts.scales import scales
    >>> band_of(scales["irls"], 10.0), band_of(scales["irls"], 10.5)
    ('mild', 'moderate')
    """
    if value is None or not scale.bands:
        return None

    def gap(band: Band) -> float:
        # Rounded, because 10.5 - 10 and 11 - 10.5 must count as equally near whatever binary fractions make of them.
        return round(max(band.lower - value, value - band.upper, 0.0), 9)

    worst_first = sorted(scale.bands, key=lambda band: band.lower, reverse=scale.direction == "lower")
    return min(worst_first, key=gap).name


def _needed_items(scale: Scale) -> tuple[ScaleItem, ...]:
    """What a complete form answers: the items of the total, or every item where there is none."""
    counted = scale.items if scale.total is None else counted_items(scale, scale.total)
    return tuple(item for item in counted if not item.optional)


def _number(scale: Scale, scoring: Scoring, answered: Mapping[str, float]) -> float | None:
    counted = counted_items(scale, scoring)
    # What was measured on a limb of unknown temperature is no number: warmth alone looks like recovery.
    if any(item.governs and item.id not in answered for item in scale.items):
        return None
    points = [_points(item, answered[item.id]) for item in counted if item.id in answered]
    if scoring.method == "profile" or len(points) < _least(scoring, counted):
        return None
    if scoring.method == "sum":
        return math.fsum(points) * len(counted) / len(points)
    if scoring.method in ("max", "single"):
        return max(points)
    mean = math.fsum(points) / len(points)
    if scoring.method == "mean":
        return mean
    item = counted[0]  # the items of a percentage share one range
    return 100.0 * (mean - item.minimum) / (item.maximum - item.minimum)


def _points(item: ScaleItem, answer: float) -> float:
    if item.reverse:
        answer = item.minimum + item.maximum - answer
    return item.weight * answer


def _least(scoring: Scoring, counted: tuple[ScaleItem, ...]) -> int:
    if scoring.minimum_answered is None:
        return len(counted)
    return scoring.minimum_answered


def _any_prorated(scale: Scale, answered: Mapping[str, float]) -> bool:
    scorings = [part.scoring for part in scale.subscales]
    if scale.total is not None:
        scorings.append(scale.total)
    return any(
        _number(scale, scoring, answered) is not None
        and any(item.id not in answered for item in counted_items(scale, scoring))
        for scoring in scorings
    )


def _problems_of_version(scale: Scale, version: str) -> list[Problem]:
    if not version.strip() or version.strip() in scale.versions:
        return []
    known = ", ".join(scale.versions)
    remedy = f"known: {known} (blank is the current {scale.version})"
    return [Problem(key=f"{scale.id} version {quote(version)}", message="not known", remedy=remedy)]


def _problems_of_answers(scale: Scale, answers: Mapping[str, float | None]) -> list[Problem]:
    items = {item.id: item for item in scale.items}
    problems: list[Problem] = []
    for id, answer in answers.items():
        if id not in items:
            key, remedy = f"{scale.id} item {quote(id)}", suggest(str(id), items)
            problems.append(Problem(key=key, message="not an item of this scale", remedy=remedy))
        elif answer is not None:
            problems.extend(_problems_of_answer(scale, items[id], answer))
    return problems


def _problems_of_answer(scale: Scale, item: ScaleItem, answer: object) -> Iterable[Problem]:
    message, remedy = item.problem_of(answer)
    if message:
        yield Problem(key=f"{scale.id} item {item.id} ({item.label})", value=answer, message=message, remedy=remedy)

"""One scorer for every scale: answers in, a number with its completeness and its edition out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openpbm.errors import BadInput, Problem, quote
from openpbm.facts.scales import Band, Scale, ScaleItem, Scoring, counted_items
from openpbm.files import suggest

__all__ = ["Score", "band_of", "chosen_version", "score"]

_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One scored form.

    value : in the scale's own points; None when too few answers were given or the scale has no total
    completeness : answered of needed answers, 0 to 1 [-]
    subscales : number of each part; None where too few of its answers were given
    band : name of the published range the value lies in; None without a value or without bands
    missing : ids of needed items without an answer
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
    note: str

    def to_dict(self) -> dict[str, Any]:
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
    faults = [*_faults_of_version(scale, version), *_faults_of_answers(scale, answers)]
    if faults:
        raise BadInput(faults)
    given = {id: float(answer) for id, answer in answers.items() if answer is not None}
    needed = _needed_items(scale)
    missing = tuple(item.id for item in needed if item.id not in given)
    value = _number(scale, scale.total, given) if scale.total is not None else None
    return Score(
        scale=scale.id,
        version=chosen_version(scale, version),
        value=value,
        completeness=(len(needed) - len(missing)) / len(needed),
        subscales={part.id: _number(scale, part.scoring, given) for part in scale.subscales},
        band=band_of(scale, value),
        missing=missing,
        direction=scale.direction,
        prorated=_any_prorated(scale, given),
        licence=scale.licence,
        verified=scale.verified,
        for_change=scale.for_change,
        note=scale.note,
    )


def chosen_version(scale: Scale, version: str) -> str:
    """The edition meant; "" is the current one. Raises BadInput naming the known ones.

    >>> from openpbm.facts.scales import scales
    >>> chosen_version(scales["irls"], "")
    '2.0'
    """
    faults = _faults_of_version(scale, version)
    if faults:
        raise BadInput(faults)
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
    worse = 1.0 if scale.direction == "lower" else -1.0

    def rank(band: Band) -> tuple[float, float]:
        return (round(max(band.lower - value, value - band.upper, 0.0), 9), -worse * band.lower)

    return min(scale.bands, key=rank).name


def _needed_items(scale: Scale) -> tuple[ScaleItem, ...]:
    """What a complete form answers: the items of the total, or every item where there is none."""
    counted = counted_items(scale, scale.total) if scale.total is not None else scale.items
    return tuple(item for item in counted if not item.optional)


def _number(scale: Scale, scoring: Scoring, given: Mapping[str, float]) -> float | None:
    counted = counted_items(scale, scoring)
    points = [_points(item, given[item.id]) for item in counted if item.id in given]
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
    return item.weight * (item.minimum + item.maximum - answer if item.reverse else answer)


def _least(scoring: Scoring, counted: tuple[ScaleItem, ...]) -> int:
    return len(counted) if scoring.minimum_answered is None else scoring.minimum_answered


def _any_prorated(scale: Scale, given: Mapping[str, float]) -> bool:
    scorings = [part.scoring for part in scale.subscales] + ([scale.total] if scale.total is not None else [])
    return any(
        _number(scale, scoring, given) is not None
        and any(item.id not in given for item in counted_items(scale, scoring))
        for scoring in scorings
    )


def _faults_of_version(scale: Scale, version: str) -> list[Problem]:
    if not version.strip() or version.strip() in scale.versions:
        return []
    known = ", ".join(scale.versions)
    return [
        Problem(
            key=f"{scale.id} version {quote(version)}",
            message="not known",
            remedy=f"known: {known} (blank is the current {scale.version})",
        )
    ]


def _faults_of_answers(scale: Scale, answers: Mapping[str, float | None]) -> list[Problem]:
    items = {item.id: item for item in scale.items}
    faults: list[Problem] = []
    for id, answer in answers.items():
        if id not in items:
            faults.append(
                Problem(
                    key=f"{scale.id} item {quote(id)}",
                    message="not an item of this scale",
                    remedy=f"{suggest(str(id), items)}",
                )
            )
        elif answer is not None:
            faults.extend(_faults_of_answer(scale, items[id], answer))
    return faults


def _faults_of_answer(scale: Scale, item: ScaleItem, answer: Any) -> Iterable[Problem]:
    where = f"{scale.id} item {item.id} ({item.label}) = {quote(answer)}"
    span = f"{item.minimum:g} to {item.maximum:g}"
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        yield Problem(key=where, message="not a number", remedy=f"give a number from {span}, or null for a blank")
    elif isinstance(answer, float) and not math.isfinite(answer):
        yield Problem(
            key=where, message="not a finite number", remedy=f"give a number from {span}, or null for a blank"
        )
    elif not item.minimum <= answer <= item.maximum:
        yield Problem(key=where, message="out of range", remedy=f"give a number from {span}, or null for a blank")
    elif item.whole and answer != int(answer):
        yield Problem(
            key=where, message="not a whole number", remedy=f"give a whole number from {span}, or null for a blank"
        )
    elif item.step is not None and abs(answer / item.step - round(answer / item.step)) > _CLOSE:
        yield Problem(
            key=where, message=f"not a multiple of {item.step:g}", remedy=f"give one from {span}, or null for a blank"
        )

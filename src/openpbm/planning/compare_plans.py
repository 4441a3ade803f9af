"""Two plans side by side: what a clinician looks at when choosing between lamps, distances or minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from openpbm.planning.document import Band, DoseRow, Plan

__all__ = ["PlanDifference", "compare_plans"]

Value = float | int | str | bool | tuple[str, ...] | None
Section = TypeVar("Section")
#: Name, unit and value.
Figure = tuple[str, str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDifference:
    """One figure of two plans.

    unit : "" for words and counts
    first, second : None where a plan does not hold it: minutes of a refused course, a structure at another site
    difference, ratio : second less, and over, first; None where one of them is no number, or first is 0
    first_interval, second_interval : (p5, p95) of a dose; None elsewhere
    """

    name: str
    unit: str
    first: Value
    second: Value
    difference: float | None
    ratio: float | None
    first_interval: tuple[float, float] | None = None
    second_interval: tuple[float, float] | None = None


def compare_plans(first: Plan, second: Plan) -> list[PlanDifference]:
    """What differs and what does not, one row a figure.

    >>> from pathlib import Path
    >>> from openpbm.planning import load_plan
    >>> legs, calf = (
    ...     load_plan(Path("examples/courses") / name / "plan.json") for name in ("published_rls", "calf_evening")
    ... )
    >>> rows = {row.name: row for row in compare_plans(legs, calf)}
    >>> minutes = rows["minutes at one place"]
    >>> minutes.first, minutes.second, minutes.difference, minutes.ratio
    (30.0, 15.0, -15.0, 0.5)
    """
    return [
        *_side_by_side(_figures(first), _figures(second)),
        *_dose_rows(first, second),
        *_side_by_side(_reasons(first), _reasons(second)),
    ]


def _side_by_side(first: Sequence[Figure], second: Sequence[Figure]) -> Iterator[PlanDifference]:
    for (name, unit, one), (_, _, two) in zip(first, second, strict=True):
        yield _difference(name, unit, one, two)


def _dose_rows(first: Plan, second: Plan) -> list[PlanDifference]:
    """Dose and chance at every structure of either plan, all wavelengths together."""
    one, two = _all_light(first), _all_light(second)
    rows = []
    for place in dict.fromkeys([*one, *two]):
        site, side, structure = (word.replace("_", " ") for word in place)
        where = f"{structure}, {site} ({side})"
        rows.append(_dose_difference(f"dose at {where}", _band(one.get(place)), _band(two.get(place))))
        rows.append(_difference(f"chance in window at {where}", "1", _chance(one.get(place)), _chance(two.get(place))))
    return rows


def _all_light(plan: Plan) -> dict[tuple[str, str, str], DoseRow]:
    return {row.place: row for row in plan.dose if row.wavelength_nm is None}


def _band(row: DoseRow | None) -> Band | None:
    return None if row is None else row.fluence_j_cm2


def _chance(row: DoseRow | None) -> float | None:
    return None if row is None else row.chance_in_window


def _dose_difference(name: str, first: Band | None, second: Band | None) -> PlanDifference:
    one, two = (None if band is None else band.median for band in (first, second))
    difference, ratio = _numbers(one, two)
    return PlanDifference(
        name=name,
        unit="J/cm2",
        first=one,
        second=two,
        difference=difference,
        ratio=ratio,
        first_interval=_interval(first),
        second_interval=_interval(second),
    )


def _interval(band: Band | None) -> tuple[float, float] | None:
    return None if band is None else (band.p5, band.p95)


def _difference(name: str, unit: str, first: Value, second: Value) -> PlanDifference:
    difference, ratio = _numbers(first, second)
    return PlanDifference(name=name, unit=unit, first=first, second=second, difference=difference, ratio=ratio)


def _numbers(first: Value, second: Value) -> tuple[float | None, float | None]:
    """Difference and ratio of two numbers; neither of anything else. A yes or no is no number."""
    if isinstance(first, bool) or isinstance(second, bool):
        return None, None
    if not isinstance(first, int | float) or not isinstance(second, int | float):
        return None, None
    return second - first, second / first if first else None


def _figures(plan: Plan) -> list[Figure]:
    """Each figure in the order it is shown; None for what the plan does not hold."""
    course, skin, eye = plan.schedule, plan.skin, plan.eye
    return [
        ("verdict", "", plan.verdict),
        ("lamp", "", plan.lamp.name),
        ("output", "", plan.lamp.output_status),
        ("protocol", "", _of(plan.protocol, lambda protocol: protocol.id)),
        ("distance", "mm", plan.placement.distance_mm),
        ("minutes at one place", "min", plan.session_minutes),
        ("minutes on one spot", "min", plan.exposure_minutes),
        ("minutes of one session", "min", _of(course, lambda course: course.total_minutes_per_session)),
        ("sessions a week", "1/week", _of(course, lambda course: course.sessions_per_week)),
        ("weeks", "weeks", _of(course, lambda course: course.weeks)),
        ("irradiance at the skin", "mW/cm2", _of(skin, lambda skin: skin.irradiance_mw_cm2)),
        ("irradiance at the skin, upper bound", "mW/cm2", _of(skin, lambda skin: skin.irradiance_upper_mw_cm2)),
        ("fluence at the skin, one session", "J/cm2", _of(skin, lambda skin: skin.fluence_j_cm2)),
        ("energy on one point", "J", _of(skin, lambda skin: skin.energy_per_point_j)),
        ("irradiance over the skin's limit", "1", _of(skin, lambda skin: skin.limit_ratio)),
        ("bare eyes may look", "s", _of(eye, lambda eye: eye.seconds_without_eyewear)),
        ("eyewear needed", "", _of(eye, lambda eye: eye.eyewear_needed)),
        ("eye-safe without supervision", "", _of(eye, lambda eye: eye.eye_safe_unsupervised)),
        ("sessions", "", _of(course, lambda course: len(course.sessions))),
    ]


def _of(section: Section | None, figure: Callable[[Section], Value]) -> Value:
    return None if section is None else figure(section)


def _reasons(plan: Plan) -> list[Figure]:
    return [
        ("reasons against", "", tuple(reason.rule for reason in plan.reasons)),
        ("cautions", "", tuple(caution.rule for caution in plan.cautions)),
    ]

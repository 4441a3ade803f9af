"""Two plans side by side: what a clinician looks at when choosing between lamps, distances or minutes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openpbm.planning.document import Band, DoseRow, EyeSafety, Plan, Schedule, SkinExposure

__all__ = ["PlanDifference", "compare_plans"]

Value = float | int | str | bool | tuple[str, ...] | None


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
    """What differs and what does not, one row a figure."""
    return [
        *(_difference(name, unit, figure(first), figure(second)) for name, unit, figure in _FIGURES),
        *_dose_rows(first, second),
        *(_difference(name, "", figure(first), figure(second)) for name, figure in _REASONS),
    ]


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


def _of_schedule(figure: Callable[[Schedule], Value]) -> Callable[[Plan], Value]:
    return lambda plan: None if plan.schedule is None else figure(plan.schedule)


def _of_skin(figure: Callable[[SkinExposure], Value]) -> Callable[[Plan], Value]:
    return lambda plan: None if plan.skin is None else figure(plan.skin)


def _of_eye(figure: Callable[[EyeSafety], Value]) -> Callable[[Plan], Value]:
    return lambda plan: None if plan.eye is None else figure(plan.eye)


# Numbers get a difference and a ratio, words none.
_FIGURES: tuple[tuple[str, str, Callable[[Plan], Value]], ...] = (
    ("verdict", "", lambda plan: plan.verdict),
    ("lamp", "", lambda plan: plan.lamp.name),
    ("output", "", lambda plan: plan.lamp.output_status),
    ("protocol", "", lambda plan: None if plan.protocol is None else plan.protocol.id),
    ("distance", "mm", lambda plan: plan.placement.distance_mm),
    ("minutes at one place", "min", lambda plan: plan.session_minutes),
    ("minutes on one spot", "min", lambda plan: plan.exposure_minutes),
    ("minutes of one session", "min", _of_schedule(lambda schedule: schedule.total_minutes_per_session)),
    ("sessions a week", "1/week", _of_schedule(lambda schedule: schedule.sessions_per_week)),
    ("weeks", "weeks", _of_schedule(lambda schedule: schedule.weeks)),
    ("irradiance at the skin", "mW/cm2", _of_skin(lambda skin: skin.irradiance_mw_cm2)),
    ("irradiance at the skin, upper bound", "mW/cm2", _of_skin(lambda skin: skin.irradiance_upper_mw_cm2)),
    ("fluence at the skin, one session", "J/cm2", _of_skin(lambda skin: skin.fluence_j_cm2)),
    ("energy on one point", "J", _of_skin(lambda skin: skin.energy_per_point_j)),
    ("irradiance over the skin's limit", "1", _of_skin(lambda skin: skin.limit_ratio)),
    ("bare eyes may look", "s", _of_eye(lambda eye: eye.seconds_without_eyewear)),
    ("eyewear needed", "", _of_eye(lambda eye: eye.eyewear_needed)),
    ("eye-safe without supervision", "", _of_eye(lambda eye: eye.eye_safe_unsupervised)),
    ("sessions", "", _of_schedule(lambda schedule: len(schedule.sessions))),
)
_REASONS: tuple[tuple[str, Callable[[Plan], Value]], ...] = (
    ("reasons against", lambda plan: tuple(reason.rule for reason in plan.reasons)),
    ("cautions", lambda plan: tuple(caution.rule for caution in plan.cautions)),
)

"""The light of a course as a report must state it: what the plan and the records know, else what the authors wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpbm.course.records import Course
from openpbm.delivery import CumulativeFluence, SessionRecord
from openpbm.outcomes.decision.case_report_file import LIGHT_FIELDS, AuthorsPart
from openpbm.planning import AllowedPlan

__all__ = ["dose_is_known", "report_light"]


def report_light(
    course: Course, authors: AuthorsPart, records: Sequence[SessionRecord], total: CumulativeFluence
) -> list[dict[str, Any]]:
    """One row a field: `field label value origin`; `value` None is not reported, `origin` plan, records or authors.

    A field that both know is the plan's or the records' own, so that a slip of the pen changes no number.
    """
    known = {**_of_lamp(course), **_of_skin(course), **_of_sessions(course, records, total)}
    rows = []
    for field, label in LIGHT_FIELDS.items():
        value, origin = known.get(field, (None, None))
        if value is None and authors.light.get(field):
            value, origin = authors.light[field], "authors"
        rows.append({"field": field, "label": label, "value": value, "origin": origin if value is not None else None})
    return rows


def dose_is_known(light: Sequence[Mapping[str, Any]], records: Sequence[SessionRecord]) -> bool:
    """Whether the dose is reported: fluence or irradiance at the skin, minutes, and light in at least one session."""
    told = {row["field"] for row in light if row["value"] is not None}
    lit = any(record.minutes_delivered for record in records)
    return lit and "time" in told and bool(told & {"fluence", "irradiance_mean", "irradiance_peak"})


def _of_lamp(course: Course) -> dict[str, tuple[str | None, str]]:
    plan, lamp = course.plan, course.plan.lamp
    kind = None if lamp.kind == "other" else lamp.kind
    trust = {"measured": "output measured", "claimed": "output claimed by its maker, not measured"}
    return {
        "source_type": (_joined(kind, lamp.name), "plan"),
        "wavelength": (" and ".join(f"{value:g}" for value in lamp.wavelengths_nm) or None, "plan"),
        "meter": (trust[lamp.output_status], "plan"),
        "sites": (_sites(plan), "plan"),
        "points": (_number(plan.schedule.positions_per_session) if plan.sites else None, "plan"),
    }


def _of_skin(course: Course) -> dict[str, tuple[str | None, str]]:
    plan = course.plan
    skin, given, peak, fluence = plan.skin, plan.prescription.skin_fluence_j_cm2, None, None
    if skin is not None:
        upper = f"{skin.irradiance_upper_mw_cm2:.3g}"
        peak = f"{_number(skin.irradiance_mw_cm2)}, up to {upper} as the lamp is trusted"
    if given is not None:
        fluence = f"{given.planned:.3g} planned ({given.lower:.3g} to {given.upper:.3g} as the lamp is trusted)"
    contact = None if plan.placement.distance_mm is None else ("yes" if plan.placement.distance_mm == 0 else "no")
    return {
        "irradiance_peak": (peak, "plan"),
        "fluence": (fluence, "plan"),
        "distance": (_number(plan.placement.distance_mm), "plan"),
        "contact": (contact, "plan"),
        "time": (_number(plan.session_minutes), "plan"),
    }


def _of_sessions(
    course: Course, records: Sequence[SessionRecord], total: CumulativeFluence
) -> dict[str, tuple[str | None, str]]:
    given = sum(record.lit for record in records)
    schedule = course.plan.schedule
    said = (
        f"{len(schedule.sessions)} planned, {schedule.sessions_per_week:g} a week for {schedule.weeks} weeks;"
        f" light in {given}"
        if records
        else None
    )
    known = any(place.sessions_known for place in total.places)
    return {
        "sessions": (said, "records"),
        "cumulative_fluence": (total.statement if known else None, "records"),
    }


def _sites(plan: AllowedPlan) -> str | None:
    names = [_joined(row.site.replace("_", " "), row.side) for row in plan.sites]
    return "; ".join(name for name in names if name) or None


def _joined(*words: Any) -> str | None:
    return ", ".join(str(word) for word in words if word) or None


def _number(value: Any) -> str | None:
    return f"{value:.4g}" if isinstance(value, int | float) and not isinstance(value, bool) else None

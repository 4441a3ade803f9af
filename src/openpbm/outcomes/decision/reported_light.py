"""The light of a course as a report must state it: what the plan and the records know, else what the authors wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpbm.course.records import Course
from openpbm.delivery import CumulativeFluence, SessionRecord
from openpbm.outcomes.decision.case_report_file import LIGHT_FIELDS, AuthorsPart

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
    document = course.plan.document
    lamp = _section(document, "lamp")
    wavelengths = lamp.get("wavelengths_nm") or []
    status = course.plan.output_status
    trust = {"measured": "output measured", "claimed": "output claimed by its maker, not measured"}
    return {
        "source_type": (_joined(lamp.get("kind"), lamp.get("name")), "plan"),
        "wavelength": (" and ".join(f"{value:g}" for value in wavelengths) or None, "plan"),
        "meter": (trust.get(status, f"output {status}"), "plan"),
        "sites": (_sites(document), "plan"),
        "points": (_number(_section(document, "schedule").get("positions_per_session")), "plan"),
    }


def _of_skin(course: Course) -> dict[str, tuple[str | None, str]]:
    plan = course.plan
    peak = _number(plan.irradiance_mw_cm2)
    if peak is not None and plan.irradiance_upper_mw_cm2 is not None:
        peak = f"{peak}, up to {plan.irradiance_upper_mw_cm2:.3g} as the lamp is trusted"
    fluence = None
    if plan.fluence_j_cm2 is not None:
        lower, planned, upper = plan.fluence_j_cm2
        fluence = f"{planned:.3g} planned ({lower:.3g} to {upper:.3g} as the lamp is trusted)"
    contact = None if plan.distance_mm is None else ("yes" if plan.distance_mm == 0 else "no")
    return {
        "irradiance_peak": (peak, "plan"),
        "fluence": (fluence, "plan"),
        "distance": (_number(plan.distance_mm), "plan"),
        "contact": (contact, "plan"),
        "time": (_number(plan.minutes), "plan"),
    }


def _of_sessions(
    course: Course, records: Sequence[SessionRecord], total: CumulativeFluence
) -> dict[str, tuple[str | None, str]]:
    given = sum(record.lit for record in records)
    plan = course.plan
    said = (
        f"{len(plan.sessions)} planned, {plan.sessions_per_week:g} a week for {plan.weeks} weeks; light in {given}"
        if records
        else None
    )
    known = any(place.sessions_known for place in total.places)
    return {
        "sessions": (said, "records"),
        "cumulative_fluence": (total.statement if known else None, "records"),
    }


def _sites(document: Mapping[str, Any]) -> str | None:
    rows = document.get("sites") or []
    names = [_joined(str(row.get("site", "")).replace("_", " "), row.get("side")) for row in rows]
    return "; ".join(name for name in names if name) or None


def _joined(*words: Any) -> str | None:
    return ", ".join(str(word) for word in words if word) or None


def _number(value: Any) -> str | None:
    return f"{value:.4g}" if isinstance(value, int | float) and not isinstance(value, bool) else None


def _section(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}

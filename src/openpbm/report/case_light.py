"""The light of a course as a report must state it: what the plan and the records know, else what the authors wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from openpbm.course.records import Course
from openpbm.delivery import cumulative_fluence, match_sessions
from openpbm.outcomes.decision import LIGHT_FIELDS, TIDIER_ITEMS, CaseReport, read_authors_part
from openpbm.planning import AllowedPlan
from openpbm.wording import in_words

__all__ = ["LightRow", "TidierRow", "intervention_text", "known_of_light", "light_rows", "tidier_rows"]

Origin = Literal["plan", "records", "authors"]

_OUTPUT = {"measured": "output as measured", "claimed": "output as its maker claims"}


class LightRow(TypedDict):
    """One field of the light; `value` null is not reported."""

    field: str
    label: str
    value: str | None
    origin: Origin | None


class TidierRow(TypedDict):
    """One of the twelve items of TIDieR; `value` null is not reported."""

    item: str
    label: str
    value: str | None


def known_of_light(course: Course) -> dict[str, str]:
    """What a report takes from plan and records by itself, by the key of the authors' part (`light.time`), in words.

    Nothing is judged for it: it says what need not be written, before a report is put together.
    """
    records = match_sessions(course, max((row.date for row in course.sessions), default=course.plan.start_date))
    report = CaseReport(
        course=course, authors=read_authors_part({}, light_is_cause=False), judgements=(), records=records, events=()
    )
    told = {
        f"light.{row['field']}": f"Taken from the {row['origin']}: {row['value']}. What you write here is not used."
        for row in light_rows(report)
        if row["value"]
    }
    for item in tidier_rows(report):
        if item["value"]:
            told[f"tidier.{item['item']}"] = f"Taken from the record where you leave it empty: {item['value']}."
    return told


def light_rows(report: CaseReport) -> list[LightRow]:
    """A row for every field that a report of light must state.

    A field that both know is the plan's or the records' own, so that a slip of the pen changes no number.
    """
    sources: dict[Origin, Mapping[str, str | None]] = {
        "plan": {**_of_lamp(report.course.plan), **_of_skin(report.course.plan)},
        "records": _of_sessions(report),
        "authors": report.authors.light,
    }
    return [_light_row(field, label, sources) for field, label in LIGHT_FIELDS.items()]


def _light_row(field: str, label: str, sources: Mapping[Origin, Mapping[str, str | None]]) -> LightRow:
    for origin, values in sources.items():
        if values.get(field):
            return {"field": field, "label": label, "value": values[field], "origin": origin}
    return {"field": field, "label": label, "value": None, "origin": None}


def tidier_rows(report: CaseReport) -> list[TidierRow]:
    """A row for every item of TIDieR: as the authors wrote it, else as plan and records know it."""
    plan = report.course.plan
    planned = len(plan.schedule.sessions)
    changes = sum(row.kind == "light" for row in report.course.timeline)
    known: dict[str, str | None] = {
        "name": "light at the skin (photobiomodulation)",
        "materials": plan.lamp.name or None,
        "when_and_how_much": intervention_text(report.course),
        "how_well_planned": f"{planned} dated sessions, each written down with its minutes",
    }
    if changes:
        known["modifications"] = f"{changes} changes of the course written down"
    if report.records:
        known["how_well_actual"] = f"light in {_sessions_lit(report)} sessions, {planned} planned"
    return [
        {"item": item, "label": label, "value": report.authors.tidier.get(item) or known.get(item)}
        for item, label in TIDIER_ITEMS.items()
    ]


def intervention_text(course: Course) -> str:
    """The course as it was planned, in one sentence."""
    plan, schedule = course.plan, course.plan.schedule
    lamp = _OUTPUT[plan.lamp.output_status]
    return (
        f"Light for {plan.session_minutes:g} minutes at each place, {schedule.sessions_per_week:g} times a week"
        f" for {schedule.weeks} weeks as planned; lamp: {lamp}."
    )


def _of_lamp(plan: AllowedPlan) -> dict[str, str | None]:
    lamp = plan.lamp
    # "other" says nothing of a source, so the lamp's name has to do.
    kind = "" if lamp.kind == "other" else lamp.kind
    known = {
        "source_type": _joined(kind, lamp.name),
        "wavelength": " and ".join(f"{value:g}" for value in lamp.wavelengths_nm) or None,
        "meter": _OUTPUT[lamp.output_status],
        "sites": _sites(plan),
    }
    if plan.sites:
        known["points"] = _number(plan.schedule.positions_per_session)
    return known


def _of_skin(plan: AllowedPlan) -> dict[str, str | None]:
    skin, fluence, distance = plan.skin, plan.prescription.skin_fluence_j_cm2, plan.placement.distance_mm
    known = {"distance": _number(distance), "time": _number(plan.session_minutes)}
    if skin is not None:
        upper = f"{skin.irradiance_upper_mw_cm2:.3g}"
        known["irradiance_peak"] = f"{_number(skin.irradiance_mw_cm2)}, up to {upper} as the lamp is trusted"
    if fluence is not None:
        span = f"{fluence.lower:.3g} to {fluence.upper:.3g}"
        known["fluence"] = f"{fluence.planned:.3g} planned ({span} as the lamp is trusted)"
    if distance is not None:
        known["contact"] = "no" if distance else "yes"
    return known


def _of_sessions(report: CaseReport) -> dict[str, str]:
    schedule, known = report.course.plan.schedule, {}
    if report.records:
        planned = f"{len(schedule.sessions)} planned, {schedule.sessions_per_week:g} a week for {schedule.weeks} weeks"
        known["sessions"] = f"{planned}; light in {_sessions_lit(report)}"
    total = cumulative_fluence(report.records)
    if any(place.sessions_known for place in total.places):
        known["cumulative_fluence"] = total.statement
    return known


def _sessions_lit(report: CaseReport) -> int:
    return sum(record.lit for record in report.records)


def _sites(plan: AllowedPlan) -> str | None:
    names = [_joined(in_words(row.site), row.side) for row in plan.sites]
    return "; ".join(name for name in names if name) or None


def _joined(*words: object) -> str | None:
    return ", ".join(str(word) for word in words if word) or None


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.4g}"

"""A case report in the order of CARE, drafted from what is written down; what nobody wrote is said to be missing.

De-identified: days are counted from the planned start, the age is a decade, and the free text of diary, sessions and
events is left out.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from openpbm.course.records import Course, DiaryDay
from openpbm.delivery import SessionRecord, cumulative_fluence, match_sessions
from openpbm.facts.notice import NOTICE
from openpbm.outcomes.decision.case_report_file import TIDIER_ITEMS, AuthorsPart, read_authors_part
from openpbm.outcomes.decision.judgement import Judgement, judge
from openpbm.outcomes.decision.reported_light import dose_is_known, report_light
from openpbm.outcomes.harm import GradedEvent, grade_events
from openpbm.outcomes.measures import finite_or_none, verdict_of

__all__ = ["build_case_report", "reported_weeks"]

FORMAT = "openpbm-case-report-1"
_WEEKS = (2, 4, 6, 12)
#: Where today is not known, consent is no later than this after the last that was written down [day].
_LATEST_CONSENT_DAYS = 365
#: Kinds of an event line that say nothing about harm.
_NOT_ABOUT_HARM = ("relapse",)
_ATTRIBUTION = {
    "U": "Evidence grade {letter}: one person; not attributable to light.",
    "W": "Evidence grade {letter}: one person; not attributable to light.",
    "R": "Evidence grade {letter}: one person; at most the start of treatment (light or expectation).",
    "B": "Evidence grade {letter}: one person; what is said of the cause is no more than the statement above.",
}


def build_case_report(course: Course, *, today: dt.date | None = None) -> dict[str, Any]:
    """The report's content, format `openpbm-case-report-1` (docs/case-report.md).

    `complete` is False, and `missing` names what is blank, unless dose, timeline, consent and adverse events are there.
    today : no consent is given after it; None is not known, and a year after the last record stands for it
    Raises BadInput for a case_report.toml with an unknown key, a wrong value or a claim beyond the last checkpoint's.
    """
    weeks = reported_weeks(course)
    looks = [judge(course, week) for week in weeks]
    authors = read_authors_part(
        course.case_report,
        statement=looks[-1].statement if looks else "",
        latest_consent=today or _last_written(course) + dt.timedelta(days=_LATEST_CONSENT_DAYS),
    )
    last = course.plan.start_date + dt.timedelta(weeks=weeks[-1] if weeks else 1)
    records = match_sessions(course, last)
    light = report_light(course, authors, records, cumulative_fluence(records))
    events = grade_events([row for row in course.events if row.date <= last], course.sessions)
    missing = _missing(course, authors, light, records, events)
    items = _items(course, authors, looks, events)
    return {
        "format": FORMAT,
        "complete": not missing,
        "missing": [row["id"] for row in missing],
        "missing_because": missing,
        "not_reported": _not_reported(items, light),
        "items": items,
        "authors": list(authors.authors),
        "light": light,
        "tidier": _tidier(course, authors, records),
        "checkpoints": [_look(course, judged) for judged in looks],
        "baseline": _baseline(course, looks[-1] if looks else None),
        "concomitant": _concomitant(course),
        "blinding": authors.text("blinding") or _blinding(looks),
        "washout": authors.text("washout") or _washout(looks),
        "adverse_events": _harm(course, events),
        "series": _series(course, looks[-1] if looks else None),
        "scales": sorted({row.scale for row in course.scores}),
        "notice": NOTICE,
    }


def reported_weeks(course: Course) -> tuple[int, ...]:
    """Weeks 2, 4, 6 and 12 as far as anything is written down, and the last week in which something was."""
    dates = [row.date for rows in (course.sessions, course.diary, course.scores, course.events) for row in rows]
    days = (max(dates) - course.plan.start_date).days if dates else 0
    if days <= 0:
        return ()
    final = math.ceil(days / 7)
    return tuple(sorted({*(week for week in _WEEKS if week <= final), final}))


def _last_written(course: Course) -> dt.date:
    """The last day of the plan or of any record, whichever is later."""
    rows = (course.sessions, course.diary, course.scores, course.events, course.timeline)
    ends = course.plan.start_date + dt.timedelta(weeks=course.plan.schedule.weeks)
    return max([ends, *(row.date for part in rows for row in part)])


def _missing(
    course: Course,
    authors: AuthorsPart,
    light: Sequence[Mapping[str, Any]],
    records: Sequence[SessionRecord],
    events: Sequence[GradedEvent],
) -> list[dict[str, str]]:
    """What a report must not leave blank, each with what would fill it."""
    # That the skin was looked at says nothing of headaches or falls: a line of events.csv must say so.
    told_of_harm = any(event.what not in _NOT_ABOUT_HARM and event.kind != "skin_none" for event in events)
    blank = {
        "dose": (
            not dose_is_known(light, records),
            "fluence or irradiance at the skin and the minutes given: in plan.json and sessions.csv, or under [light]",
        ),
        "timeline": (
            not course.sessions or not course.timeline,
            "sessions.csv and timeline.csv need lines; one of kind none says that nothing else changed",
        ),
        "consent": (
            not authors.consent or authors.consent_date is None,
            "consent = true and consent_date in case_report.toml, once the person has agreed in writing",
        ),
        "adverse_events": (
            not told_of_harm,
            "nothing in events.csv: write what happened, or kind none where the person was asked and had nothing",
        ),
    }
    return [{"id": id, "text": text} for id, (is_blank, text) in blank.items() if is_blank]


def _items(
    course: Course, authors: AuthorsPart, looks: Sequence[Judgement], events: Sequence[GradedEvent]
) -> list[dict[str, Any]]:
    """The thirteen items of CARE in their order; `text` None is not reported."""
    named = course.plan.condition.plain_name
    outcome = looks[-1].statement if looks else None
    texts: list[tuple[str, str, str | None]] = [
        ("title", "Title", authors.text("title") or f"Light on one person with {named}: a case report"),
        ("keywords", "Key words", ", ".join(authors.keywords) or f"{named}, photobiomodulation, case report"),
        ("abstract", "Abstract", authors.text("abstract") or _abstract(course, named, outcome)),
        ("introduction", "Introduction", authors.text("introduction") or _introduction(course)),
        ("patient_information", "Patient information", _joined(_person(course), authors.text("patient_information"))),
        ("clinical_findings", "Clinical findings", authors.text("clinical_findings") or None),
        ("timeline", "Timeline", _timeline_text(course)),
        (
            "diagnostic_assessment",
            "Diagnostic assessment",
            _joined(_diagnosis(course), authors.text("diagnosis")),
        ),
        ("therapeutic_intervention", "Therapeutic intervention", _intervention(course)),
        ("follow_up_and_outcomes", "Follow-up and outcomes", outcome),
        ("discussion", "Discussion", _joined(_discussion(looks), authors.text("discussion"))),
        ("patient_perspective", "Patient perspective", authors.text("patient_perspective") or None),
        ("informed_consent", "Informed consent", _consent(course, authors)),
    ]
    return [{"id": id, "number": n, "title": title, "text": text} for n, (id, title, text) in enumerate(texts, start=1)]


def _abstract(course: Course, named: str, outcome: str | None) -> str | None:
    return None if outcome is None else f"One person with {named}. {_intervention(course)} {outcome}"


def _introduction(course: Course) -> str | None:
    statement = course.plan.evidence.statement
    return f"Light for this condition is investigational. {statement}" if statement else None


def _person(course: Course) -> str:
    person = course.plan.person
    age, sex = person.age_years, person.sex
    if age is None:
        return ""
    decade = "90 years or older" if age >= 90 else f"{int(age // 10) * 10} to {int(age // 10) * 10 + 9} years"
    return f"{decade}{f', {sex}' if sex else ''}."


def _diagnosis(course: Course) -> str:
    who = course.plan.condition.confirmed_by
    return f"Diagnosis confirmed by: {who}." if who else ""


def _timeline_text(course: Course) -> str | None:
    if not course.sessions:
        return None
    days = [(row.date - course.plan.start_date).days for row in course.sessions]
    changes = (
        f"{len(course.timeline)} lines about other treatments" if course.timeline else "other treatments: not reported"
    )
    return f"Sessions from day {min(days)} to day {max(days)}, counted from the planned start; {changes}."


def _intervention(course: Course) -> str:
    plan, schedule = course.plan, course.plan.schedule
    lamp = "measured" if plan.lamp.output_status == "measured" else "not measured, its output as claimed"
    return (
        f"Light for {plan.session_minutes:g} minutes at each place, {schedule.sessions_per_week:g} times a week"
        f" for {schedule.weeks} weeks as planned; lamp {lamp}."
    )


def _discussion(looks: Sequence[Judgement]) -> str:
    """Grade and statement of the last look, never a stronger word."""
    if not looks:
        return ""
    last = looks[-1]
    grade = _ATTRIBUTION[last.grade.letter].format(letter=last.grade.letter)
    dose = (
        " What the lamp gave is not known, so nothing follows about its dose."
        if last.dose.verdict
        in (
            "inconclusive",
            "unknown",
        )
        else ""
    )
    return f"{last.statement} {grade}{dose}"


def _consent(course: Course, authors: AuthorsPart) -> str | None:
    if not authors.consent or authors.consent_date is None:
        return None
    day = (authors.consent_date - course.plan.start_date).days
    return f"Written consent to publication was given on day {day}, counted from the planned start."


def _look(course: Course, judged: Judgement) -> dict[str, Any]:
    """One checkpoint without dates and without free text."""
    done = judged.adherence
    spoken = judged.symptom_verdict != "not_assessed"
    return {
        "week": judged.phases.week,
        "stage": judged.phases.stage,
        "decision": judged.decided.decision,
        "symptom_verdict": judged.symptom_verdict,
        "dose_verdict": judged.dose.verdict,
        "grade": judged.grade.letter,
        "statement": judged.statement,
        "sessions": {"due": done.due, "done": done.done, "partial": done.partial, "missed": done.missed}
        | {"unknown": done.unknown, "extra": done.extra},
        "measures": [
            {
                "scale": m.scale.id,
                "version": m.version,
                "source": m.source,
                "before": finite_or_none(m.baseline_mean),
                "now": finite_or_none(m.recent_mean),
                "without_light": finite_or_none(m.off_mean),
                "change": finite_or_none(m.estimate),
                "symptom_verdict": verdict_of(m),
            }
            for m in (judged.measures if spoken else ())
            if any(m.counts)
        ],
    }


def _baseline(course: Course, judged: Judgement | None) -> dict[str, Any] | None:
    """How steady the days before light were: a fall that had begun before light is not its doing."""
    if judged is None:
        return None
    first, last = judged.phases.baseline
    days = [row for row in course.diary if row.severity is not None and first <= row.date <= last]
    scores = [m for m in judged.measures if m.source == "scores" and m.counts[0]]
    return {
        "days": (last - first).days + 1,
        "rated_days": len(days),
        "mean": finite_or_none(sum(row.severity or 0.0 for row in days) / len(days)) if days else None,
        "lowest": min((row.severity or 0.0 for row in days), default=None),
        "highest": max((row.severity or 0.0 for row in days), default=None),
        "points_per_week": _slope(days),
        "scores": [
            {"scale": m.scale.id, "values": [r.value for r in m.readings if r.phase == "baseline"]} for m in scores
        ],
    }


def _slope(days: Sequence[DiaryDay]) -> float | None:
    from openpbm.single_case.theil_sen import theil_sen_slope

    if len(days) < 3:
        return None
    slope = theil_sen_slope([row.date.toordinal() for row in days], [row.severity or 0.0 for row in days])
    return None if slope is None else 7.0 * float(slope)


def _concomitant(course: Course) -> list[dict[str, Any]]:
    start = course.plan.start_date
    return [
        {"day": (row.date - start).days, "kind": row.kind, "name": row.name, "action": row.action, "dose": row.dose}
        for row in course.timeline
    ]


def _blinding(looks: Sequence[Judgement]) -> str | None:
    if not looks:
        return None
    design = looks[-1].attribution.design
    if design == "B":
        return "; ".join(looks[-1].attribution.reasons)
    if design == "R":
        return "start or order drawn by lot; the person could know when the light was on"
    return "nothing usable was drawn by lot; what the person knew of the lamp is not reported"


def _washout(looks: Sequence[Judgement]) -> str | None:
    if not looks or looks[-1].phases.off is None:
        return None
    first, last = looks[-1].phases.off
    return f"{(last - first).days + 1} days without light looked at, from a week after the last session on"


def _harm(course: Course, events: Sequence[GradedEvent]) -> list[dict[str, Any]]:
    """Every event but the looks at the skin that found nothing, without the words of its writer."""
    start = course.plan.start_date
    return [
        {"day": (event.date - start).days, "kind": event.kind, "what": event.what, "grade": event.grade}
        for event in events
        if event.kind != "skin_none"
    ]


def _tidier(course: Course, authors: AuthorsPart, records: Sequence[SessionRecord]) -> list[dict[str, Any]]:
    plan = course.plan
    given = sum(record.lit for record in records)
    lamp = course.plan.lamp.name
    changed = [row for row in course.timeline if row.kind == "light"]
    known = {
        "name": "light at the skin (photobiomodulation)",
        "materials": lamp or None,
        "when_and_how_much": _intervention(course),
        "modifications": f"{len(changed)} changes of the course written down" if changed else None,
        "how_well_planned": f"{len(plan.schedule.sessions)} dated sessions, each written down with its minutes",
        "how_well_actual": f"light in {given} sessions, {len(plan.schedule.sessions)} planned" if records else None,
    }
    return [
        {"item": key, "label": label, "value": authors.tidier.get(key) or known.get(key)}
        for key, label in TIDIER_ITEMS.items()
    ]


def _series(course: Course, judged: Judgement | None) -> list[dict[str, Any]]:
    """The readings by day of the course, so that others can reckon again."""
    start = course.plan.start_date
    return [
        {
            "scale": m.scale.id,
            "version": m.version,
            "source": m.source,
            "readings": [{"day": (r.date - start).days, "value": r.value, "phase": r.phase} for r in m.readings],
        }
        for m in (judged.measures if judged else ())
        if m.readings
    ]


def _not_reported(items: Sequence[Mapping[str, Any]], light: Sequence[Mapping[str, Any]]) -> list[str]:
    blank = [str(row["id"]) for row in items if row["text"] is None]
    return blank + [f"light.{row['field']}" for row in light if row["value"] is None]


def _joined(*texts: str) -> str | None:
    return " ".join(text for text in texts if text) or None

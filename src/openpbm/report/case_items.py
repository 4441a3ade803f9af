"""The thirteen items of CARE in sentences: what the authors wrote, else what plan, records and judgements say."""

from __future__ import annotations

from typing import TypedDict

from openpbm.outcomes.decision import CaseReport
from openpbm.outcomes.measures import CrampReport, SensationReport, cramp_report, sensation_report
from openpbm.report.case_light import intervention_text

__all__ = ["FeltPart", "Item", "blinding_text", "care_items", "felt_part", "washout_text"]

_ATTRIBUTION = {
    "U": "Evidence grade U: one person; not attributable to light.",
    "W": "Evidence grade W: one person; not attributable to light.",
    "R": "Evidence grade R: one person; at most the start of treatment (light or expectation).",
    "B": "Evidence grade B: one person; what is said of the cause is no more than the statement above.",
}


class Item(TypedDict):
    """One item of CARE; `text` null is not reported."""

    id: str
    number: int
    title: str
    text: str | None


def care_items(report: CaseReport) -> list[Item]:
    """The items in their order."""
    authors = report.authors
    condition = _condition(report)
    texts: list[tuple[str, str, str | None]] = [
        ("title", "Title", authors.text("title") or f"Light on one person with {condition}: a case report"),
        ("keywords", "Key words", ", ".join(authors.keywords) or f"{condition}, photobiomodulation, case report"),
        ("abstract", "Abstract", authors.text("abstract") or _abstract(report)),
        ("introduction", "Introduction", authors.text("introduction") or _introduction(report)),
        ("patient_information", "Patient information", _joined(_person(report), authors.text("patient_information"))),
        ("clinical_findings", "Clinical findings", authors.text("clinical_findings") or None),
        ("timeline", "Timeline", _timeline(report)),
        ("diagnostic_assessment", "Diagnostic assessment", _joined(_diagnosis(report), authors.text("diagnosis"))),
        ("therapeutic_intervention", "Therapeutic intervention", intervention_text(report.course)),
        ("follow_up_and_outcomes", "Follow-up and outcomes", _statement(report) or None),
        ("discussion", "Discussion", _joined(_discussion(report), authors.text("discussion"))),
        ("patient_perspective", "Patient perspective", authors.text("patient_perspective") or None),
        ("informed_consent", "Informed consent", _consent(report)),
    ]
    return [{"id": id, "number": n, "title": title, "text": text} for n, (id, title, text) in enumerate(texts, start=1)]


def blinding_text(report: CaseReport) -> str | None:
    """What the person could know of the lamp; None where nothing was judged."""
    if report.authors.text("blinding"):
        return report.authors.text("blinding")
    if report.last is None:
        return None
    attribution = report.last.attribution
    if attribution.design == "B":
        return "; ".join(attribution.reasons)
    if attribution.design == "R":
        return "start or order drawn by lot; the person could know when the light was on"
    return "nothing usable was drawn by lot; what the person knew of the lamp is not reported"


def washout_text(report: CaseReport) -> str | None:
    """How long without light was looked at; None where light has not stopped."""
    if report.authors.text("washout"):
        return report.authors.text("washout")
    if report.last is None or report.last.phases.off is None:
        return None
    first, last = report.last.phases.off
    return f"{(last - first).days + 1} days without light looked at, from a week after the last session on"


def _condition(report: CaseReport) -> str:
    # The catalogue's names begin a line; here they stand in the middle of a sentence.
    name = report.course.plan.condition.plain_name
    return name[:1].lower() + name[1:]


def _statement(report: CaseReport) -> str:
    return "" if report.last is None else report.last.statement


def _abstract(report: CaseReport) -> str | None:
    if report.last is None:
        return None
    return f"One person with {_condition(report)}. {intervention_text(report.course)} {report.last.statement}"


def _introduction(report: CaseReport) -> str | None:
    statement = report.course.plan.evidence.statement
    if not statement:
        return None
    return f"Light for this condition is investigational. {statement}"


def _person(report: CaseReport) -> str:
    """A decade in place of the age, so that nobody is recognised."""
    person = report.course.plan.person
    age, sex = person.age_years, person.sex
    if age is None:
        return ""
    first = int(age // 10) * 10
    decade = "90 years or older" if age >= 90 else f"{first} to {first + 9} years"
    return f"{decade}, {sex}." if sex else f"{decade}."


def _diagnosis(report: CaseReport) -> str:
    confirmed_by = report.course.plan.condition.confirmed_by
    if not confirmed_by:
        return ""
    return f"Diagnosis confirmed by: {confirmed_by}."


def _timeline(report: CaseReport) -> str | None:
    course = report.course
    if not course.sessions:
        return None
    days = [report.day(row.date) for row in course.sessions]
    changes = "other treatments: not reported"
    if course.timeline:
        changes = f"{len(course.timeline)} lines about other treatments"
    return f"Sessions from day {min(days)} to day {max(days)}, counted from the planned start; {changes}."


def _discussion(report: CaseReport) -> str:
    """Statement and grade of the last judgement, never a stronger word."""
    if report.last is None:
        return ""
    texts = [report.last.statement, _ATTRIBUTION[report.last.grade.letter]]
    if report.last.dose.verdict in ("inconclusive", "unknown"):
        texts.append("What the lamp gave is not known, so nothing follows about its dose.")
    return " ".join(texts)


def _consent(report: CaseReport) -> str | None:
    authors = report.authors
    if not authors.consent or authors.consent_date is None:
        return None
    day = report.day(authors.consent_date)
    return f"Written consent to publication was given on day {day}, counted from the planned start."


def _joined(*texts: str) -> str | None:
    return " ".join(text for text in texts if text) or None


class FeltPart(TypedDict):
    """Both null where nothing is known, or where no checkpoint may speak of change yet."""

    sensations: SensationReport | None
    cramps: CrampReport | None


def felt_part(report: CaseReport) -> FeltPart:
    """Sensations and cramps before light and lately, at the last checkpoint."""
    last = report.last
    if last is None or not last.verdict_allowed:
        return {"sensations": None, "cramps": None}
    active = last.attribution.active_days
    return {
        "sensations": sensation_report(report.course, last.phases, active),
        "cramps": cramp_report(report.course, last.phases, active),
    }

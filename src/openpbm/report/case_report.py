"""A case report in the order of CARE, drafted from what is written down; what nobody wrote is said to be missing.

De-identified: days are counted from the planned start, the age is a decade, and the free text of diary, sessions and
events is left out.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal, TypedDict

from openpbm.course.records import Course
from openpbm.facts.notice import NOTICE
from openpbm.outcomes.decision import CaseReport, Judgement, MissingPart, build_case_report
from openpbm.outcomes.measures import Measure, finite_or_none
from openpbm.report.case_items import FeltPart, Item, blinding_text, care_items, felt_part, washout_text
from openpbm.report.case_light import LightRow, TidierRow, light_rows, tidier_rows
from openpbm.report.case_picture import case_picture, draw_case_picture
from openpbm.report.checkpoint_wording import crisis_text
from openpbm.report.cramp_table import cramp_ratio_in_words, cramp_rows
from openpbm.report.page import page_environment
from openpbm.report.publish import publish_files, write_json
from openpbm.report.sensation_table import sensation_lines
from openpbm.wording import DECISIONS, DOSES, GRADES, SYMPTOMS

__all__ = ["CaseReportDocument", "draft_case_report", "publish_case_report", "render_case_report"]

FORMAT: Literal["openpbm-case-report-1"] = "openpbm-case-report-1"
_NAMES = ("case_report.json", "case_report.html")

#: What fills each part that must not be blank.
_FILLED_BY: dict[MissingPart, str] = {
    "dose": "fluence or irradiance at the skin and the minutes given: in plan.json and sessions.csv, or under [light]",
    "timeline": "sessions.csv and timeline.csv need lines; one of kind none says that nothing else changed",
    "consent": "consent = true and consent_date in case_report.toml, once the person has agreed in writing",
    "adverse_events": (
        "nothing in events.csv: write what happened, or kind none where the person was asked and had nothing"
    ),
}


class MissingRow(TypedDict):
    """A part that is blank, and what fills it."""

    id: MissingPart
    text: str


class SessionCounts(TypedDict):
    """Sessions by their state."""

    due: int
    done: int
    partial: int
    missed: int
    elsewhere: int
    unknown: int
    extra: int


class ReportedMeasure(TypedDict):
    """One measure at one checkpoint; null is not known. `before`, `now` and `without_light` are means of `values`."""

    scale: str
    version: str
    source: str
    before: float | None
    now: float | None
    without_light: float | None
    change: float | None
    values: dict[str, int]
    symptom_verdict: str


class ReportedCheckpoint(TypedDict):
    """One checkpoint without dates and without free text."""

    week: int
    stage: str
    decision: str
    symptom_verdict: str
    dose_verdict: str
    grade: str
    statement: str
    sessions: SessionCounts
    measures: list[ReportedMeasure]


class BaselineScores(TypedDict):
    """Scores of one questionnaire before light."""

    scale: str
    values: list[float]


class BaselineRow(TypedDict):
    """The days before light; null where nothing was rated."""

    days: int
    rated_days: int
    mean: float | None
    lowest: float | None
    highest: float | None
    points_per_week: float | None
    scores: list[BaselineScores]


class ConcomitantRow(TypedDict):
    """One line about another treatment, by day of the course."""

    day: int
    kind: str
    name: str
    action: str
    dose: str


class HarmRow(TypedDict):
    """One event without the words of its writer."""

    day: int
    kind: str
    what: str
    grade: int


class SeriesReading(TypedDict):
    """One reading by day of the course."""

    day: int
    value: float
    phase: str


class Series(TypedDict):
    """The readings of one measure, so that others can compute again."""

    scale: str
    version: str
    source: str
    readings: list[SeriesReading]


class CaseReportDocument(TypedDict):
    """A case report as JSON (docs/case-report.md)."""

    format: Literal["openpbm-case-report-1"]
    complete: bool
    missing: list[MissingPart]
    missing_because: list[MissingRow]
    not_reported: list[str]
    items: list[Item]
    authors: list[str]
    light: list[LightRow]
    tidier: list[TidierRow]
    checkpoints: list[ReportedCheckpoint]
    baseline: BaselineRow | None
    concomitant: list[ConcomitantRow]
    blinding: str | None
    washout: str | None
    adverse_events: list[HarmRow]
    felt: FeltPart
    series: list[Series]
    scales: list[str]
    picture: dict[str, object]
    notice: str


def draft_case_report(course: Course, *, today: dt.date | None = None) -> CaseReportDocument:
    """The report of a course, format `openpbm-case-report-1` (docs/case-report.md).

    `complete` is False, and `missing` names what is blank, unless dose, timeline, consent and adverse events are there.
    today : no consent is given after it; None is not known, and a year after the last record stands for it
    Raises BadInput for a case_report.toml with an unknown key, a wrong value or a claim beyond the last checkpoint's.
    """
    report = build_case_report(course, today=today)
    light, items = light_rows(report), care_items(report)
    return {
        "format": FORMAT,
        "complete": not report.missing,
        "missing": list(report.missing),
        "missing_because": [{"id": part, "text": _FILLED_BY[part]} for part in report.missing],
        "not_reported": _not_reported(items, light),
        "items": items,
        "authors": list(report.authors.authors),
        "light": light,
        "tidier": tidier_rows(report),
        "checkpoints": [_checkpoint(judgement) for judgement in report.judgements],
        "baseline": _baseline(report),
        "concomitant": _concomitant(report),
        "blinding": blinding_text(report),
        "washout": washout_text(report),
        "adverse_events": _harm(report),
        "felt": felt_part(report),
        "series": _series(report),
        "picture": case_picture(report),
        "scales": sorted({row.scale for row in course.scores}),
        "notice": NOTICE,
    }


def publish_case_report(content: CaseReportDocument, folder: Path) -> tuple[Path, ...]:
    """Write case_report.html and .json into `folder` and return their paths, the page first.

    Raises BadInput where the folder cannot be made or written; nothing is half-written.
    """

    def write_all(room: Path) -> None:
        write_json(content, room / _NAMES[0])
        (room / _NAMES[1]).write_text(render_case_report(content), encoding="utf-8", newline="\n")

    publish_files(write_all, folder, _NAMES)
    return tuple(folder / name for name in reversed(_NAMES))


def render_case_report(content: CaseReportDocument) -> str:
    """Render a case report's JSON content as one HTML page; a draft says on top what it lacks."""
    cramps = content["felt"]["cramps"]
    return (
        page_environment()
        .get_template("case_report.html")
        .render(
            report=content,
            picture=draw_case_picture(content["picture"]),
            items=content["items"],
            decisions=DECISIONS,
            doses=DOSES,
            grades=GRADES,
            symptoms=SYMPTOMS,
            crisis=crisis_text(content["scales"]),
            sensation_lines=sensation_lines(content["felt"]["sensations"]),
            cramp_rows=cramp_rows(cramps) if cramps else [],
            cramp_ratio=cramp_ratio_in_words(cramps, content["checkpoints"][-1]["grade"]) if cramps else "",
        )
    )


def _not_reported(items: list[Item], light: list[LightRow]) -> list[str]:
    blank = [item["id"] for item in items if item["text"] is None]
    return blank + [f"light.{row['field']}" for row in light if row["value"] is None]


def _checkpoint(judgement: Judgement) -> ReportedCheckpoint:
    done = judgement.adherence
    # No figure where no verdict is allowed yet: an early number would be read as a result.
    reported = [m for m in judgement.measures if any(m.counts) and judgement.verdict_allowed]
    return {
        "week": judgement.phases.week,
        "stage": judgement.phases.stage,
        "decision": judgement.decided.decision,
        "symptom_verdict": judgement.symptom_verdict,
        "dose_verdict": judgement.dose.verdict,
        "grade": judgement.grade.letter,
        "statement": judgement.statement,
        "sessions": {
            "due": done.due,
            "done": done.done,
            "partial": done.partial,
            "missed": done.missed,
            "elsewhere": done.elsewhere,
            "unknown": done.unknown,
            "extra": done.extra,
        },
        "measures": [_measure(measure) for measure in reported],
    }


def _measure(measure: Measure) -> ReportedMeasure:
    return {
        "scale": measure.scale.id,
        "version": measure.version,
        "source": measure.source,
        "before": finite_or_none(measure.baseline_mean),
        "now": finite_or_none(measure.recent_mean),
        "without_light": finite_or_none(measure.off_mean),
        "change": finite_or_none(measure.estimate),
        "values": {"baseline": measure.counts[0], "recent": measure.counts[1], "off": measure.counts[2]},
        "symptom_verdict": measure.verdict,
    }


def _baseline(report: CaseReport) -> BaselineRow | None:
    baseline = report.baseline
    if baseline is None:
        return None
    ratings = baseline.ratings
    return {
        "days": baseline.days,
        "rated_days": len(ratings),
        "mean": sum(ratings) / len(ratings) if ratings else None,
        "lowest": min(ratings, default=None),
        "highest": max(ratings, default=None),
        "points_per_week": baseline.points_per_week,
        "scores": [
            {"scale": m.scale.id, "values": [r.value for r in m.readings if r.phase == "baseline"]}
            for m in baseline.scores
        ],
    }


def _concomitant(report: CaseReport) -> list[ConcomitantRow]:
    return [
        {"day": report.day(row.date), "kind": row.kind, "name": row.name, "action": row.action, "dose": row.dose}
        for row in report.course.timeline
    ]


def _harm(report: CaseReport) -> list[HarmRow]:
    """Every event but the looks at the skin that found nothing."""
    return [
        {"day": report.day(event.date), "kind": event.kind, "what": event.what, "grade": event.grade}
        for event in report.events
        if event.kind != "skin_none"
    ]


def _series(report: CaseReport) -> list[Series]:
    measures = () if report.last is None else report.last.measures
    return [
        {
            "scale": m.scale.id,
            "version": m.version,
            "source": m.source,
            "readings": [{"day": report.day(r.date), "value": r.value, "phase": r.phase} for r in m.readings],
        }
        for m in measures
        if m.readings
    ]

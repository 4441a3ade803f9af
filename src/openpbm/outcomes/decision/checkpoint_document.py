"""A checkpoint written out: the decision with its reasons and all that stands behind it, as plain JSON content."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, TypedDict

from openpbm.course.mark import Mark, MarkText, mark_in_folder
from openpbm.course.records import Course
from openpbm.delivery import cumulative_fluence, said_together
from openpbm.facts.checkpoint_rules import Decision, Stage
from openpbm.facts.notice import NOTICE
from openpbm.facts.scales import outcome_scale
from openpbm.files import JsonObject
from openpbm.outcomes.cause import Cause, DesignTests, allowed_cause
from openpbm.outcomes.decision.care_plan import CareStageRow, assess_care
from openpbm.outcomes.decision.judgement import Judgement, judge
from openpbm.outcomes.harm import LastingRow, OpioidBurden, compute_opioid_burden, lines_of_tried
from openpbm.outcomes.measures import (
    CrampReport,
    DataQuality,
    Impression,
    Measure,
    MeasureRow,
    Phases,
    Probabilities,
    ReliableChange,
    SensationReport,
    SeriesAnalysis,
    SymptomVerdict,
    Timing,
    TippingPoint,
    analyse_series,
    assess_data_quality,
    compute_probabilities,
    contradiction_of,
    cramp_report,
    describe_timing,
    find_tipping_point,
    reliable_change,
    sensation_report,
    withheld_probabilities,
)
from openpbm.reason import Level, Reason
from openpbm.version import __version__
from openpbm.wording import SaidOnce, percent_in_words, said_once

__all__ = ["CheckpointDocument", "CheckpointMeasure", "ReasonRow", "checkpoint"]


class PhasesRow(TypedDict):
    """First and last days of the phases; `off` null while light goes on, `reached` in a first course."""

    baseline: list[str]
    recent: list[str]
    off: list[str] | None
    reached: list[str] | None
    began: str
    last_session: str | None


class CheckpointMeasure(MeasureRow):
    """A measure with its own word; before week 4 its change is null."""

    symptom_verdict: SymptomVerdict
    reliable_change: ReliableChange | None


class AttributionRow(TypedDict):
    """What a lot allows to say."""

    design: str
    due: bool
    cause: Cause
    tests: DesignTests
    reasons: list[str]


class ReasonRow(TypedDict, total=False):
    """One sentence with what it is about; those about the decision name their source.

    count, dates : of what was found more than once or on certain days, and is said here once
    """

    id: str
    about: str
    text: str
    source: str
    verified: bool
    count: int
    dates: list[str]


class DeliveryFindingRow(TypedDict):
    """What one rule about light given or not given says."""

    id: str
    severity: Level
    message: str
    date: str | None
    source: str
    verified: bool


class PrimaryOutcomeRow(TypedDict):
    """One outcome that may decide for the diagnosis, in order; `decides` is true of the one that does."""

    scale: str
    name: str
    cadence: str
    decides: bool


class CheckpointDocument(TypedDict):
    """A checkpoint as JSON (docs/checkpoint.md); what speaks of symptoms is null before week 4."""

    format: Literal["openpbm-checkpoint-1"]
    week: int
    date: str
    stage: Stage
    decision: Decision
    reasons: list[ReasonRow]
    proposal: str | None
    symptom_verdict: SymptomVerdict
    primary_outcomes: list[PrimaryOutcomeRow]
    dose_verdict: str
    grade: str
    grade_reasons: list[str]
    statement: str
    lasting: LastingRow
    probabilities: Probabilities
    adherence: dict[str, Any]
    data_quality: DataQuality
    phases: PhasesRow
    measures: list[CheckpointMeasure]
    attribution: AttributionRow
    analysis: SeriesAnalysis | None
    tipping_point: TippingPoint | None
    impressions: list[Impression]
    cramps: CrampReport | None
    sensations: SensationReport | None
    timing: Timing
    opioid_burden: JsonObject
    care_plan: list[CareStageRow]
    events: list[JsonObject]
    delivery_findings: list[DeliveryFindingRow]
    confounded_windows: list[JsonObject]
    cumulative_fluence: dict[str, Any]
    notice: str
    provenance: dict[str, str]


def checkpoint(course: Course, week: int, *, mark_text: MarkText = mark_in_folder) -> CheckpointDocument:
    """The checkpoint of that week as plain JSON content (docs/checkpoint.md), format `openpbm-checkpoint-1`.

    mark_text : how marks and proofs are said; as they stand they name files and lines, for whoever has the folder
    Raises BadInput for a week that is none. No clock is read: the checkpoint's day is the plan's start plus the weeks,
    and lines dated later are marked and not used.

    >>> from pathlib import Path
    >>> from openpbm.course import read_course
    >>> content = checkpoint(read_course(Path("examples/courses/published_rls")), week=4)
    >>> content["decision"], content["symptom_verdict"], content["grade"]
    ('continue', 'improved', 'U')
    """
    judgement = judge(course, week)
    phases, allowed = judgement.phases, judgement.verdict_allowed
    analysis = _analysis(course, judgement)
    return {
        "format": "openpbm-checkpoint-1",
        "week": week,
        "date": phases.as_of.isoformat(),
        "stage": phases.stage,
        "decision": judgement.decided.decision,
        "reasons": [*_reasons(judgement), *_second_thoughts(judgement, analysis)],
        "proposal": judgement.decided.by.proposal or None,
        "symptom_verdict": judgement.symptom_verdict,
        "primary_outcomes": _primary_outcomes(judgement),
        "dose_verdict": judgement.dose.verdict,
        "grade": judgement.grade.letter,
        "grade_reasons": list(judgement.grade.reasons),
        "statement": judgement.statement,
        "lasting": judgement.lasting.to_dict(),
        "probabilities": _probabilities(judgement),
        "adherence": judgement.adherence.to_dict(),
        "data_quality": assess_data_quality(course, phases, judgement.measures, _doubts(judgement), mark_text),
        "phases": _phases(phases),
        "measures": [_measure(measure, allowed) for measure in judgement.measures],
        "attribution": _attribution(judgement),
        "analysis": analysis,
        "tipping_point": find_tipping_point(judgement.deciding) if allowed else None,
        "impressions": list(judgement.impressions) if allowed else [],
        "cramps": cramp_report(course, phases, judgement.attribution.active_days) if allowed else None,
        "sensations": sensation_report(course, phases, judgement.attribution.active_days) if allowed else None,
        "timing": describe_timing(course, phases, symptoms=allowed),
        "opioid_burden": _opioid_burden(course, phases).to_dict(mark_text),
        "care_plan": assess_care(course, phases, mark_text),
        "events": [event.to_dict(mark_text) for event in judgement.events],
        "delivery_findings": [_delivery_finding(reason) for reason in judgement.findings],
        "confounded_windows": [window.to_dict(mark_text) for window in judgement.windows],
        "cumulative_fluence": cumulative_fluence(judgement.records).to_dict(),
        "notice": NOTICE,
        "provenance": _provenance(),
    }


def _opioid_burden(course: Course, phases: Phases) -> OpioidBurden:
    """Of the timeline, and of what was taken before it began."""
    lines = (*course.timeline, *lines_of_tried(course, phases.began))
    return compute_opioid_burden(lines, phases.began, phases.as_of)


def _primary_outcomes(judgement: Judgement) -> list[PrimaryOutcomeRow]:
    decides = None if judgement.deciding is None else judgement.deciding.scale.id
    return [
        {"scale": of.id, "name": of.plain_name, "cadence": of.cadence, "decides": of.id == decides}
        for of in map(outcome_scale, judgement.primary)
    ]


def _doubts(judgement: Judgement) -> list[Mark]:
    marks = [*(event.mark for event in judgement.events), *(window.mark for window in judgement.windows)]
    return [mark for mark in (*marks, *judgement.augmentation.marks) if mark is not None]


def _delivery_finding(reason: Reason) -> DeliveryFindingRow:
    return {
        "id": reason.rule,
        "severity": reason.level,
        "message": reason.message,
        "date": None if reason.date is None else reason.date.isoformat(),
        "source": reason.source,
        "verified": reason.verified,
    }


def _reasons(judgement: Judgement) -> list[ReasonRow]:
    rules = (judgement.decided.by, *judgement.decided.also)
    rows: list[ReasonRow] = [
        {"id": rule.id, "about": "decision", "text": rule.text, "source": rule.source, "verified": rule.verified}
        for rule in rules
    ]
    texts = [("symptoms", judgement.verdict_reason), *(("dose", text) for text in judgement.dose.reasons)]
    rows += [_row(about, text) for about, text in texts if text]
    grave = (found for found in judgement.findings if found.level != "note")
    rows += [_repeated("delivery", said) for _, said in said_together(grave)]
    contradiction = contradiction_of(judgement.impressions, judgement.symptom_verdict)
    rows += [_row("impression", contradiction)] if contradiction else []
    heard = (event for event in judgement.events if event.grade >= 1 or event.what != "adverse_event")
    rows += [_repeated("event", said) for said in said_once((event.text, event.date) for event in heard)]
    rows += [_row("medicine", judgement.augmentation.text)] if judgement.augmentation.text else []
    changed = ((window.said, window.first) for window in judgement.windows)
    return rows + [_repeated("other treatment", said) for said in said_once(changed)]


def _row(about: str, text: str) -> ReasonRow:
    return {"id": about.replace(" ", "_"), "about": about, "text": text}


def _repeated(about: str, said: SaidOnce) -> ReasonRow:
    return {
        **_row(about, said.dated),
        "count": said.count,
        "dates": [day.isoformat() for day in said.dates],
    }


def _second_thoughts(judgement: Judgement, analysis: SeriesAnalysis | None) -> list[ReasonRow]:
    """What other ways of reading the same days hold against the verdict; said, never decided by."""
    if analysis is None:
        return []
    thoughts = []
    wandering = analysis["local_level"]["better"]
    if wandering is not None and judgement.symptom_verdict in ("improved", "better_not_yet_sure"):
        chance = percent_in_words(wandering)
        text = (
            f"Where the level of the days may wander by itself, the chance that it fell by more than that is {chance}."
        )
        thoughts.append(("local_level", text))
    # None is no disagreement: the second model has then no number to hold against the first.
    if analysis["local_level"]["opinions_agree"] is False:
        thoughts.append(("second_opinion", "A second model of the same days gives a clearly different change."))
    if analysis["slope_before"]["already_improving"]:
        thoughts.append(("slope_before", "The ratings were already getting better before the light began."))
    if analysis["late_slope"]["tolerance_suspected"]:
        thoughts.append(("late_slope", "The ratings have been creeping up again under the same light."))
    return [{"id": name, "about": "symptoms", "text": text} for name, text in thoughts]


def _probabilities(judgement: Judgement) -> Probabilities:
    if not judgement.verdict_allowed:
        return withheld_probabilities()
    return compute_probabilities(judgement.deciding, judgement.measures)


def _analysis(course: Course, judgement: Judgement) -> SeriesAnalysis | None:
    diary = next((m for m in judgement.measures if m.source == "diary"), None)
    if diary is None or not judgement.verdict_allowed:
        return None
    return analyse_series(course.diary, judgement.phases, diary)


def _phases(phases: Phases) -> PhasesRow:
    return {
        "baseline": _days(phases.baseline),
        "recent": _days(phases.recent),
        "off": phases.off and _days(phases.off),
        "reached": phases.reached and _days(phases.reached),
        "began": phases.began.isoformat(),
        "last_session": None if phases.last_given is None else phases.last_given.isoformat(),
    }


def _days(window: tuple[dt.date, dt.date]) -> list[str]:
    return [day.isoformat() for day in window]


def _attribution(judgement: Judgement) -> AttributionRow:
    attribution = judgement.attribution
    return {
        "design": attribution.design,
        "due": attribution.due,
        "cause": allowed_cause(judgement.grade, attribution),
        "tests": attribution.tests,
        "reasons": list(attribution.reasons),
    }


def _measure(measure: Measure, verdict_allowed: bool) -> CheckpointMeasure:
    """One measure; before week 4 its values alone, no change and no word."""
    row: CheckpointMeasure = {
        **measure.to_dict(),
        "symptom_verdict": measure.verdict,
        "reliable_change": reliable_change(measure),
    }
    if not verdict_allowed:
        row["symptom_verdict"] = "not_assessed"
        row["change"] = row["standard_error"] = row["degrees_of_freedom"] = row["recent_mean"] = None
        row["reliable_change"] = None
        row["interval_90"] = [None, None]
    return row


def _provenance() -> dict[str, str]:
    from openpbm.facts.table import digest

    return {"openpbm": __version__, "facts_digest": f"sha256:{digest()}"}

"""A checkpoint: is it safe, was it done, does it help, and what now?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from openpbm.course.records import Course
from openpbm.delivery.adherence import Adherence, adherence
from openpbm.delivery.cumulative import cumulative_fluence
from openpbm.delivery.dose_verdict import DoseVerdict, dose_verdict
from openpbm.delivery.finding import Finding
from openpbm.delivery.limits import limits_passed
from openpbm.delivery.match import match_sessions
from openpbm.delivery.missed_rules import next_step
from openpbm.delivery.session_record import SessionRecord
from openpbm.facts.checkpoint_rules import primary_scales
from openpbm.outcomes.adverse_events import GradedEvent, grade_events, stop_reasons_of_events
from openpbm.outcomes.attribution import Attribution, attribution_of
from openpbm.outcomes.augmentation import AugmentationAlarm, augmentation_alarm
from openpbm.outcomes.care_plan import care_plan
from openpbm.outcomes.confounding import ConfoundedWindow, confounded_windows, stop_reasons
from openpbm.outcomes.data_quality import data_quality
from openpbm.outcomes.decide import Decided, decide
from openpbm.outcomes.diary_change import diary_measure
from openpbm.outcomes.grade import Grade, allowed_cause, grade_of
from openpbm.outcomes.impressions import contradicts, impressions
from openpbm.outcomes.measure import Measure
from openpbm.outcomes.opioid_burden import opioid_burden
from openpbm.outcomes.phases import Phases, phases_of
from openpbm.outcomes.probabilities import probabilities, withheld_probabilities
from openpbm.outcomes.relapse import relapsed
from openpbm.outcomes.reliability import reliable_change
from openpbm.outcomes.score_change import score_measures
from openpbm.outcomes.situation import situation
from openpbm.outcomes.statement import NOTICE, statement
from openpbm.outcomes.symptom_verdict import SymptomVerdict, deciding_measure, symptom_verdict, verdict_of
from openpbm.outcomes.timing import timing
from openpbm.outcomes.tipping_point import tipping_point

__all__ = ["Judgement", "checkpoint", "judge"]

_CHANGE_KEYS = ("change", "standard_error", "degrees_of_freedom", "recent_mean", "reliable_change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a checkpoint concludes, before it is written out. `measures` stand with the diary first."""

    phases: Phases
    measures: tuple[Measure, ...]
    deciding: Measure | None
    symptom_verdict: SymptomVerdict
    verdict_reason: str
    dose: DoseVerdict
    records: tuple[SessionRecord, ...]
    findings: tuple[Finding, ...]
    adherence: Adherence
    attribution: Attribution
    grade: Grade
    events: tuple[GradedEvent, ...]
    windows: tuple[ConfoundedWindow, ...]
    augmentation: AugmentationAlarm
    impressions: list[dict[str, Any]]
    decided: Decided
    statement: str


def judge(course: Course, week: int) -> Judgement:
    """Judge `course` at the checkpoint of that week; raises BadInput for a week that is none or a broken seal."""
    phases = phases_of(course, week)
    attribution = attribution_of(course, phases)
    measures = (diary_measure(course.diary, phases, attribution.active_days), *score_measures(course.scores, phases))
    primary = primary_scales(course.plan.programme)
    deciding = deciding_measure(measures, primary)
    verdict, why = _spoken(phases, *symptom_verdict(measures, primary))
    records = match_sessions(course, phases.as_of)
    passed = limits_passed(course.plan, records)
    done = adherence(course, phases.as_of)
    dose = _dose(course, records)
    events = _events(course, phases)
    windows = confounded_windows(course.timeline, phases.baseline[0], phases.as_of)
    grade = grade_of(attribution, deciding, windows, phases)
    augmentation = augmentation_alarm(course, phases.began, phases.as_of)
    facts = situation(
        course=course,
        phases=phases,
        verdict=verdict,
        dose_verdict=dose.verdict,
        measure=deciding,
        some_measure_worse=any(verdict_of(m) == "worse" for m in measures),
        adherence=done.ratio,
        events=events,
        stop_reasons=(*stop_reasons_of_events(events), *stop_reasons(course.timeline, phases.as_of)),
        limits=passed,
        augmentation=augmentation.alarm,
    )
    return Judgement(
        phases=phases,
        measures=measures,
        deciding=deciding,
        symptom_verdict=verdict,
        verdict_reason=why,
        dose=dose,
        records=records,
        findings=(*passed, *next_step(records, phases.as_of)),
        adherence=done,
        attribution=attribution,
        grade=grade,
        events=events,
        windows=windows,
        augmentation=augmentation,
        impressions=impressions(course.scores, phases),
        decided=decide(phases.stage, facts),
        statement=statement(verdict, deciding, grade, attribution, relapsed(deciding, events, phases)),
    )


def _spoken(phases: Phases, verdict: SymptomVerdict, why: str) -> tuple[SymptomVerdict, str]:
    """Before week 4 only harm is spoken of: no success, no failure."""
    if phases.stage == "safety" and verdict != "worse":
        return "not_assessed", "before week 4 only harm is spoken of"
    return verdict, why


def _dose(course: Course, records: tuple[SessionRecord, ...]) -> DoseVerdict:
    """The verdict on the dose; where dark sessions were drawn among the lit ones the lines do not tell it."""
    dose = dose_verdict(course.plan, records)
    if course.design is None or course.design.get("kind") != "blocks":
        return dose
    why = "Active and sham periods took turns by lot: half of the sessions written down gave no light."
    return replace(dose, verdict="inconclusive", reasons=(why, *dose.reasons))


def _events(course: Course, phases: Phases) -> tuple[GradedEvent, ...]:
    written = [row for row in course.events if row.date <= phases.as_of]
    return grade_events(written, [row for row in course.sessions if row.date < phases.as_of])


def checkpoint(course: Course, week: int) -> dict[str, Any]:
    """The checkpoint of that week as plain JSON content (docs/checkpoint.md), format `openpbm-checkpoint-1`.

    Raises BadInput for a week that is none. No clock is read: the checkpoint's day is the plan's start plus the weeks,
    and lines dated later are marked and not used.
    """
    judged = judge(course, week)
    details = _details(course, judged)
    return {
        "format": "openpbm-checkpoint-1",
        "week": week,
        "date": judged.phases.as_of.isoformat(),
        "stage": judged.phases.stage,
        "decision": judged.decided.decision,
        "reasons": [*_reasons(judged), *_second_thoughts(details["analysis"])],
        "proposal": judged.decided.by.proposal or None,
        "symptom_verdict": judged.symptom_verdict,
        "dose_verdict": judged.dose.verdict,
        "grade": judged.grade.letter,
        "grade_reasons": list(judged.grade.reasons),
        "statement": judged.statement,
        "probabilities": _probabilities(judged),
        "adherence": judged.adherence.to_dict(),
        "data_quality": data_quality(course, judged.phases, judged.measures, _doubts(judged)),
        **details,
        "notice": NOTICE,
        "provenance": _provenance(),
    }


def _doubts(judged: Judgement) -> list[str]:
    marks = [*(event.mark for event in judged.events), *(window.mark for window in judged.windows)]
    return [mark for mark in (*marks, *judged.augmentation.marks) if mark]


def _reasons(judged: Judgement) -> list[dict[str, Any]]:
    rules = (judged.decided.by, *judged.decided.also)
    rows = [
        {"id": rule.id, "about": "decision", "text": rule.text, "source": rule.source, "verified": rule.verified}
        for rule in rules
    ]
    told = [("symptoms", judged.verdict_reason), *(("dose", text) for text in judged.dose.reasons)]
    told += [("delivery", finding.message) for finding in judged.findings if finding.severity != "note"]
    told += [("impression", contradicts(judged.impressions, judged.symptom_verdict))]
    told += [("event", event.text) for event in judged.events if event.grade >= 1 or event.what != "adverse_event"]
    told += [("medicine", judged.augmentation.text)]
    told += [("other treatment", window.text) for window in judged.windows]
    return rows + [{"id": about.replace(" ", "_"), "about": about, "text": text} for about, text in told if text]


def _second_thoughts(analysis: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What other ways of reading the same days hold against the verdict; said, never decided by."""
    if analysis is None:
        return []
    found = []
    if analysis["local_level"]["opinions_agree"] is False:
        found.append(("second_opinion", "A second model of the same days gives a clearly different change."))
    if analysis["slope_before"]["already_improving"]:
        found.append(("slope_before", "The ratings were already getting better before the light began."))
    if analysis["late_slope"]["tolerance_suspected"]:
        found.append(("late_slope", "The ratings have been creeping up again under the same light."))
    return [{"id": name, "about": "symptoms", "text": text} for name, text in found]


def _probabilities(judged: Judgement) -> dict[str, Any]:
    if judged.symptom_verdict == "not_assessed":
        return withheld_probabilities()
    return probabilities(judged.deciding, judged.measures)


def _details(course: Course, judged: Judgement) -> dict[str, Any]:
    """What stands behind the verdict, for those who look closer; withheld where no verdict is given yet."""
    from openpbm.outcomes.cramps import cramp_report
    from openpbm.outcomes.series_analysis import series_analysis

    phases = judged.phases
    spoken = judged.symptom_verdict != "not_assessed"
    diary = next((m for m in judged.measures if m.source == "diary"), None)
    return {
        "phases": {
            "baseline": [day.isoformat() for day in phases.baseline],
            "recent": [day.isoformat() for day in phases.recent],
            "off": [day.isoformat() for day in phases.off] if phases.off else None,
            "began": phases.began.isoformat(),
            "last_session": phases.last_given.isoformat() if phases.last_given else None,
        },
        "measures": [_measure(m, spoken) for m in judged.measures],
        "attribution": {
            "design": judged.attribution.design,
            "due": judged.attribution.due,
            "cause": allowed_cause(judged.grade, judged.attribution),
            "tests": dict(judged.attribution.tests),
            "reasons": list(judged.attribution.reasons),
        },
        "analysis": series_analysis(course.diary, phases, diary) if spoken and diary is not None else None,
        "tipping_point": tipping_point(judged.deciding) if spoken else None,
        "impressions": judged.impressions if spoken else [],
        "cramps": cramp_report(course, phases, judged.attribution.active_days) if spoken else None,
        "timing": timing(course, phases) if spoken else {**timing(course, phases), "sessions_a_week": None},
        "opioid_burden": opioid_burden(course.timeline, phases.began, phases.as_of).to_dict(),
        "care_plan": care_plan(course, phases),
        "events": [event.to_dict() for event in judged.events],
        "delivery_findings": [finding.to_dict() for finding in judged.findings],
        "confounded_windows": [window.to_dict() for window in judged.windows],
        "cumulative_fluence": cumulative_fluence(judged.records).to_dict(),
    }


def _measure(measure: Measure, spoken: bool) -> dict[str, Any]:
    """One measure; before week 4 its values alone, no change and no word."""
    verdict = verdict_of(measure) if spoken else "not_assessed"
    row = {**measure.to_dict(), "symptom_verdict": verdict, "reliable_change": reliable_change(measure)}
    return row if spoken else {**row, **dict.fromkeys(_CHANGE_KEYS), "interval_90": [None, None]}


def _provenance() -> dict[str, Any]:
    from importlib.metadata import version

    from openpbm.facts.load import digest

    return {"openpbm": version("openpbm"), "facts_digest": f"sha256:{digest()}"}

"""A checkpoint written out: the decision with its reasons and all that stands behind it, as plain JSON content."""

from __future__ import annotations

from typing import Any

from openpbm.course.records import Course
from openpbm.delivery.cumulative import cumulative_fluence
from openpbm.facts.notice import NOTICE
from openpbm.outcomes.cause import allowed_cause
from openpbm.outcomes.decision.care_plan import assess_care
from openpbm.outcomes.decision.judgement import Judgement, judge
from openpbm.outcomes.harm import compute_opioid_burden
from openpbm.outcomes.measures import (
    Measure,
    Phases,
    assess_data_quality,
    compute_probabilities,
    contradicts,
    describe_timing,
    find_tipping_point,
    reliable_change,
    verdict_of,
    withheld_probabilities,
)

__all__ = ["checkpoint"]

_CHANGE_KEYS = ("change", "standard_error", "degrees_of_freedom", "recent_mean", "reliable_change")


def checkpoint(course: Course, week: int) -> dict[str, Any]:
    """The checkpoint of that week as plain JSON content (docs/checkpoint.md), format `openpbm-checkpoint-1`.

    Raises BadInput for a week that is none. No clock is read: the checkpoint's day is the plan's start plus the weeks,
    and lines dated later are marked and not used.

    >>> from pathlib import Path
    >>> from openpbm.course import read_course
    >>> content = checkpoint(read_course(Path("examples/courses/published_rls")), week=4)
    >>> content["decision"], content["symptom_verdict"], content["grade"]
    ('continue', 'improved', 'U')
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
        "data_quality": assess_data_quality(course, judged.phases, judged.measures, _doubts(judged)),
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
    return compute_probabilities(judged.deciding, judged.measures)


def _details(course: Course, judged: Judgement) -> dict[str, Any]:
    """What stands behind the verdict, for those who look closer; withheld where no verdict is given yet."""
    from openpbm.outcomes.measures import analyse_series, cramp_report

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
        "analysis": analyse_series(course.diary, phases, diary) if spoken and diary is not None else None,
        "tipping_point": find_tipping_point(judged.deciding) if spoken else None,
        "impressions": judged.impressions if spoken else [],
        "cramps": cramp_report(course, phases, judged.attribution.active_days) if spoken else None,
        "timing": describe_timing(course, phases)
        if spoken
        else {**describe_timing(course, phases), "sessions_a_week": None},
        "opioid_burden": compute_opioid_burden(course.timeline, phases.began, phases.as_of).to_dict(),
        "care_plan": assess_care(course, phases),
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


def _timing(course: Course, phases: Phases, spoken: bool) -> dict[str, Any]:
    """When the light came; before week 4 without the fewest sessions that helped, which speaks of symptoms."""
    content = describe_timing(course, phases)
    return content if spoken else {**content, "sessions_a_week": None}


def _provenance() -> dict[str, Any]:
    from importlib.metadata import version

    from openpbm.facts.load import digest

    return {"openpbm": version("openpbm"), "facts_digest": f"sha256:{digest()}"}

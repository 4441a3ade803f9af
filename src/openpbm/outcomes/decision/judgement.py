"""What a checkpoint concludes: is it safe, was it done, does it help, and what now? Nouns only, nothing written out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpbm.course.doubles import thrown_out_days
from openpbm.course.records import Course
from openpbm.delivery.adherence import Adherence, adherence
from openpbm.delivery.deviations import find_deviations, next_step
from openpbm.delivery.dose_verdict import DoseVerdict, dose_verdict, elsewhere_in_words, mostly_elsewhere
from openpbm.delivery.match import match_sessions
from openpbm.delivery.session_record import SessionRecord
from openpbm.facts.conditions import primary_outcomes
from openpbm.outcomes.cause import (
    Attribution,
    ConfoundedWindow,
    Grade,
    allowed_cause,
    compose_statement,
    confounded_windows,
    find_attribution,
    grade_evidence,
)
from openpbm.outcomes.decision.rule_facts import gather_facts
from openpbm.outcomes.decision.rules import Decided, apply_rules
from openpbm.outcomes.harm import (
    AugmentationAlarm,
    GradedEvent,
    Lasting,
    augmentation_alarm,
    find_lasting,
    grade_events,
    grade_felt,
    stop_reasons,
    stop_reasons_of_events,
)
from openpbm.outcomes.measures import (
    Impression,
    Measure,
    Phases,
    SymptomVerdict,
    baseline_course,
    cramp_measure,
    deciding_measure,
    diary_measure,
    find_phases,
    overall_verdict,
    read_impressions,
    score_measures,
    with_age,
)
from openpbm.reason import Reason

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a checkpoint concludes, before it is written out. `measures` stand with the diary first."""

    phases: Phases
    measures: tuple[Measure, ...]
    deciding: Measure | None
    primary: tuple[str, ...]
    symptom_verdict: SymptomVerdict
    verdict_reason: str
    dose: DoseVerdict
    records: tuple[SessionRecord, ...]
    findings: tuple[Reason, ...]
    adherence: Adherence
    attribution: Attribution
    grade: Grade
    events: tuple[GradedEvent, ...]
    windows: tuple[ConfoundedWindow, ...]
    augmentation: AugmentationAlarm
    lasting: Lasting
    impressions: tuple[Impression, ...]
    decided: Decided
    statement: str

    @property
    def verdict_allowed(self) -> bool:
        """Whether anything may be said of symptoms: before week 4 only a worsening is, and nothing else of change."""
        return self.phases.stage != "safety" or self.symptom_verdict != "not_assessed"

    @property
    def light_is_cause(self) -> bool:
        """Whether an improvement may be laid to light."""
        return self.symptom_verdict == "improved" and allowed_cause(self.grade, self.attribution) == "light"


def judge(course: Course, week: int) -> Judgement:
    """Judge `course` at the checkpoint of that week; raises BadInput for a week that is none or a broken seal."""
    phases = find_phases(course, week)
    # The draw comes first: after finished blocks the diary is compared on the days of real light alone.
    attribution = find_attribution(course, phases)
    events = _events(course, phases)
    measures = _measures(course, phases, attribution, events)
    primary = _primary(course)
    deciding = deciding_measure(measures, primary)
    verdict, why = _allowed_verdict(course, phases, *overall_verdict(measures, primary))
    records = match_sessions(course, phases.as_of)
    passed = find_deviations(course.plan, records)
    done = adherence(course, phases.as_of, records)
    dose = _dose(course, records)
    windows = confounded_windows(course.timeline, phases.baseline[0], phases.as_of)
    grade = grade_evidence(attribution, deciding, windows, phases)
    augmentation = augmentation_alarm(course, phases.began, phases.as_of)
    lasting = find_lasting(course, deciding, events, phases)
    facts = gather_facts(
        course=course,
        phases=phases,
        verdict=verdict,
        dose_verdict=dose.verdict,
        measure=deciding,
        some_measure_worse=any(m.verdict == "worse" for m in measures),
        adherence=done.ratio,
        mostly_elsewhere=mostly_elsewhere(records),
        events=events,
        stop_reasons=(*stop_reasons_of_events(events), *stop_reasons(course.timeline, phases.as_of)),
        limits=passed,
        augmentation=augmentation.alarm,
        lasting=lasting,
    )
    return Judgement(
        phases=phases,
        measures=measures,
        deciding=deciding,
        primary=primary,
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
        lasting=lasting,
        impressions=tuple(read_impressions(course.scores, phases)),
        decided=apply_rules(phases.stage, facts),
        statement=compose_statement(
            verdict,
            deciding,
            grade,
            attribution,
            relapse=lasting.word == "relapse" and phases.stage == "after",
            why_not=why,
            baseline=baseline_course(deciding),
            elsewhere=elsewhere_in_words(records) if mostly_elsewhere(records) else "",
        ),
    )


def _primary(course: Course) -> tuple[str, ...]:
    """What the plan wrote down beforehand decides; an older plan without it takes its diagnosis's row."""
    condition = course.plan.condition
    return condition.primary_outcomes or primary_outcomes(condition.id)


def _measures(
    course: Course, phases: Phases, attribution: Attribution, events: tuple[GradedEvent, ...]
) -> tuple[Measure, ...]:
    """The diary, the cramps where any is written down, and every questionnaire; old values are marked as such."""
    diary = diary_measure(course.diary, phases, attribution.active_days)
    cramps = [cramp_measure(course, phases, attribution.active_days)] if course.spasms else []
    found = (diary, *cramps, *score_measures(course.scores, phases))
    relapses = [event.date for event in events if event.what == "relapse"]
    return tuple(with_age(measure, phases.as_of, relapses) for measure in found)


def _allowed_verdict(course: Course, phases: Phases, verdict: SymptomVerdict, why: str) -> tuple[SymptomVerdict, str]:
    """Before week 4 only harm is spoken of: no success, no failure. Of a diary mostly thrown out nothing is."""
    thrown_out = thrown_out_days(course.left_out, phases.as_of)
    kept = sum(row.severity is not None and row.date < phases.as_of for row in course.diary)
    if thrown_out > kept:
        why = f"{thrown_out} of {thrown_out + kept} days of the diary could not be used: written down before they came"
        return "not_assessed", why
    if phases.stage == "safety" and verdict != "worse":
        return "not_assessed", ""
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
    lit = [row for row in course.sessions if row.date < phases.as_of]
    felt = grade_felt((row for row in course.diary if row.date <= phases.as_of), written)
    found = (*grade_events(written, lit), *felt)
    return tuple(sorted(found, key=lambda event: event.date)) if felt else found

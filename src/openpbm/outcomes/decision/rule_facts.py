"""The facts a checkpoint rule may ask for, gathered in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpbm.course.records import Course
from openpbm.delivery.deviations import gravest
from openpbm.outcomes.decision.rules import Fact
from openpbm.outcomes.harm import GradedEvent, Lasting, red_flags, worst_grade
from openpbm.outcomes.measures import Measure, Phases, SymptomVerdict
from openpbm.reason import Reason

__all__ = ["gather_facts"]

_SEVERE = 3


def gather_facts(
    *,
    course: Course,
    phases: Phases,
    verdict: SymptomVerdict,
    dose_verdict: str,
    measure: Measure | None,
    some_measure_worse: bool,
    adherence: float | None,
    mostly_elsewhere: bool,
    events: Sequence[GradedEvent],
    stop_reasons: Sequence[str],
    limits: Sequence[Reason],
    augmentation: bool,
    lasting: Lasting,
) -> Mapping[str, Fact]:
    """Every fact by the name the rules use; None is unknown and fits no bound.

    some_measure_worse : any measure got worse, whether or not it decides
    worst_grade : of events that are no skin reaction, and of severe ones that are; 0 where none was written
    worst_skin_grade : of skin reactions; 0 where none was written
    beyond_the_plan : light was given that passes a limit at which it stops
    values_current : the deciding measure speaks of now
    room_to_improve : its baseline left room for an improvement that matters
    mostly_elsewhere : in half of the due sessions or more the light went to a place that is not in the plan
    dose_known : the lamp was measured and enough of the dose is known to have been given
    lasting : whether the gain of the last light lasts, `off_known` and `relapse` in one word
    adjusted_before : a change of the course was already written down, so that no second one is proposed
    """
    skin = worst_grade(events, skin=True) or 0
    other = worst_grade(events, skin=False) or 0
    return {
        "red_flag": bool(red_flags(events)),
        "stop_event": bool(stop_reasons),
        "beyond_the_plan": gravest(limits) == "stop",
        # Hurt skin has a row of its own and does not count twice; from grade 3 on it is a severe event as well.
        "worst_grade": max(other, skin if skin >= _SEVERE else 0),
        "worst_skin_grade": skin,
        "augmentation": augmentation,
        "adherence": adherence,
        "mostly_elsewhere": mostly_elsewhere,
        "sessions_recorded": any(row.date < phases.as_of for row in course.sessions),
        "symptom_verdict": verdict,
        # Too much light is known light too; what ends it is `beyond_the_plan`.
        "dose_known": dose_verdict in ("delivered", "over_delivered"),
        "some_measure_worse": some_measure_worse,
        "data_sufficient": measure is not None and not measure.insufficient_reason,
        "values_current": measure is None or not measure.outdated_reason,
        "room_to_improve": measure is None or not measure.no_room_reason,
        "off_known": lasting.known,
        "relapse": lasting.word == "relapse",
        "lasting": lasting.word,
        "sessions_per_week": course.plan.schedule.sessions_per_week,
        "adjusted_before": any(row.kind == "light" and row.date <= phases.as_of for row in course.timeline),
    }

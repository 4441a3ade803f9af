"""The eight stages of care at one checkpoint: done where the record proves it, else due, open or unknown."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from openpbm.course.mark import Mark, MarkText, mark_in_folder
from openpbm.course.records import Course
from openpbm.facts.care_stages import CareStage, Proof, care_stages
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.event_kinds import event_kind
from openpbm.facts.timeline_kinds import timeline_kind
from openpbm.facts.treatments import treatments
from openpbm.outcomes.measures import Phases
from openpbm.wording import date_in_words, quantity

__all__ = ["CareStageRow", "assess_care"]

Status = Literal["done", "due", "open", "unknown"]


class CareStageRow(TypedDict):
    """One stage as JSON; `proof` is what shows it, `lacking` the proofs that are not there."""

    id: str
    name: str
    text: str
    owner: str
    due: str
    status: Status
    proof: list[str]
    lacking: list[Proof]
    proof_asked_for: str
    next_due: str | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What the record says of one proof.

    found : what shows it, and in which file; () where nothing does
    silent : the file that would hold it holds nothing at all, so that nobody knows
    """

    found: tuple[Mark, ...] = ()
    silent: bool = False


def assess_care(course: Course, phases: Phases, mark_text: MarkText = mark_in_folder) -> list[CareStageRow]:
    """Every stage with its owner, due day, status and the proof found, in the order of care.

    done : every proof the stage asks for stands in the record by the checkpoint
    open : not asked for yet
    unknown : asked for, and the files that would hold what is lacking hold nothing at all
    due : asked for, and lacking in a record that is kept

    mark_text : how a proof is said, with its file or without
    """
    known = _known_by(course, phases.as_of)
    return [_stage(stage, known, phases, mark_text) for stage in care_stages]


def _known_by(course: Course, as_of: dt.date) -> Course:
    """The course as it stood on that day, so that no later line proves anything."""
    return dataclasses.replace(
        course,
        sessions=tuple(row for row in course.sessions if row.date < as_of),
        diary=tuple(row for row in course.diary if row.date <= as_of),
        scores=tuple(row for row in course.scores if row.date <= as_of),
        events=tuple(row for row in course.events if row.date <= as_of),
        timeline=tuple(row for row in course.timeline if row.date <= as_of),
    )


def _stage(stage: CareStage, course: Course, phases: Phases, mark_text: MarkText) -> CareStageRow:
    evidence = {proof: _PROOFS[proof](course, phases) for proof in stage.proofs}
    due = _due(stage, course, phases)
    return {
        "id": stage.id,
        "name": stage.name,
        "text": stage.text,
        "owner": stage.owner,
        "due": due.isoformat(),
        "status": _status(evidence, due <= phases.as_of),
        "proof": ["; ".join(map(mark_text, shown.found)) for shown in evidence.values() if shown.found],
        "lacking": [proof for proof, shown in evidence.items() if not shown.found],
        "proof_asked_for": stage.proof_text,
        "next_due": _next_due(stage, course, phases),
        "source": stage.source,
        "verified": stage.verified,
    }


def _status(evidence: Mapping[Proof, _Evidence], asked_for: bool) -> Status:
    lacking = [proof for proof in evidence.values() if not proof.found]
    if not lacking:
        return "done"
    if not asked_for:
        return "open"
    # A file that holds nothing shows only that nobody keeps it, and that is no reproach to whoever did the work.
    return "unknown" if all(proof.silent for proof in lacking) else "due"


def _due(stage: CareStage, course: Course, phases: Phases) -> dt.date:
    if stage.due == "every_checkpoint":
        return phases.as_of
    if stage.due == "weeks_after_start":
        return course.plan.start_date + dt.timedelta(weeks=stage.due_weeks)
    if stage.due == "after_light":
        planned = max((session.date for session in course.plan.schedule.sessions), default=course.plan.start_date)
        return max(planned, phases.last_given or planned) + dt.timedelta(days=int(outcome_limit("off_days")))
    return course.plan.start_date


def _next_due(stage: CareStage, course: Course, phases: Phases) -> str | None:
    """The next checkpoint of the plan, for a stage that comes round again; None where there is none."""
    later = [day for day in course.plan.checkpoint_days.values() if day > phases.as_of]
    return min(later).isoformat() if stage.due == "every_checkpoint" and later else None


def _screened(course: Course, phases: Phases) -> _Evidence:
    points = course.plan.candidacy
    if not points:
        return _Evidence(silent=True)
    unknown = sum(point.status == "unknown" for point in points)
    said = f"screened and allowed, {len(points)} points of candidacy, {unknown} of them unknown"
    tests = course.plan.workup
    if tests:
        said += f"; work-up: {sum(line.found != '' for line in tests)} of {len(tests)} tests with a result"
    return _shown("plan.json", said)


def _baseline_rated(course: Course, phases: Phases) -> _Evidence:
    rated = _rated(course, dt.date.min, phases.began - dt.timedelta(days=1))
    # A form of the first day is filled in before the lamp is lit; the diary rates the whole day, light and all.
    first_day = _rated(course, phases.began, phases.began, diary=False)
    return _Evidence(found=rated or first_day, silent=_unrated(course))


def _other_care_written(course: Course, phases: Phases) -> _Evidence:
    kinds = [(row, timeline_kind(row.kind)) for row in course.timeline]
    # Changes of the light stand in the same file and are no other care.
    other = sorted({row.name or row.kind for row, kind in kinds if kind is None or kind.id != "light"})
    found = []
    if other:
        found.append(_proof("timeline.csv", _first_three(other)))
    tried = [row.name or treatments[row.treatment].plain_name for row in course.treatments]
    # What is taken still is other care that goes on; what was tried and left says what light need not repeat.
    if tried:
        found.append(_proof("treatments.csv", f"tried before: {_first_three(tried)}"))
    return _Evidence(found=tuple(found), silent=not course.timeline)


def _first_three(names: Sequence[str]) -> str:
    more = " and more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _material_handed_out(course: Course, phases: Phases) -> _Evidence:
    tidier = course.case_report.get("tidier")
    materials = tidier.get("materials") if isinstance(tidier, Mapping) else None
    if isinstance(materials, str) and materials.strip():
        return _shown("case_report.toml", "materials are named")
    # Nothing else in a course would show it, so a record without this line cannot say that nobody explained it.
    return _Evidence(silent=True)


def _dose_for_this_person(course: Course, phases: Phases) -> _Evidence:
    plan, fluence = course.plan, course.plan.prescription.skin_fluence_j_cm2
    if not plan.person.known or not plan.sites or fluence is None:
        return _Evidence(silent=not plan.person.known)
    return _shown(
        "plan.json", f"{quantity(fluence.planned, 3)} J/cm² at the skin, computed for this person and these sites"
    )


def _schedule(course: Course, phases: Phases) -> _Evidence:
    schedule = course.plan.schedule
    return _shown("plan.json", f"{schedule.sessions_per_week:g} sessions a week for {schedule.weeks} weeks")


def _session_given(course: Course, phases: Phases) -> _Evidence:
    if phases.last_given is None:
        return _Evidence(silent=not course.sessions)
    return _shown("sessions.csv", f"first session given on {date_in_words(phases.began)}")


def _rated_lately(course: Course, phases: Phases) -> _Evidence:
    return _Evidence(found=_rated(course, _last_checkpoint(course, phases), phases.as_of), silent=_unrated(course))


def _harm_asked_lately(course: Course, phases: Phases) -> _Evidence:
    since = _last_checkpoint(course, phases)
    # That the complaint came back is no answer to whether the light did harm.
    harms = [row for row in course.events if (kind := event_kind(row.kind)) is None or kind.what != "relapse"]
    asked = [row.date for row in harms if row.date >= since]
    skin = [row.date for row in course.sessions if row.skin_reaction and row.date >= since]
    found = []
    if asked:
        found.append(_proof("events.csv", _counted(len(asked), "line", "lines")))
    if skin:
        found.append(_proof("sessions.csv", f"skin looked at on {len(set(skin))} days"))
    silent = not harms and not any(row.skin_reaction for row in course.sessions)
    return _Evidence(found=tuple(found), silent=silent)


def _clinician_rated(course: Course, phases: Phases) -> _Evidence:
    seen = [row.date for row in course.scores if row.source == "clinician" and row.date > phases.began]
    if not seen:
        return _Evidence(silent=not course.scores)
    return _shown("scores.csv", f"rated by a clinician, last on {date_in_words(max(seen))}")


def _rated_after_light(course: Course, phases: Phases) -> _Evidence:
    found = _rated(course, *phases.off) if phases.off is not None else ()
    return _Evidence(found=found, silent=_unrated(course))


def _rated(course: Course, first: dt.date, last: dt.date, *, diary: bool = True) -> tuple[Mark, ...]:
    """How often the symptom was rated in these days, both included; () for never. A blank rating is none."""
    lines = course.diary if diary else ()
    days = {row.date for row in lines if row.severity is not None and first <= row.date <= last}
    forms = [row for row in course.scores if first <= row.date <= last and (row.value is not None or row.items)]
    found = []
    if days:
        found.append(_proof("diary.csv", _counted(len(days), "day rated", "days rated")))
    if forms:
        found.append(_proof("scores.csv", f"{len(forms)} filled in"))
    return tuple(found)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _shown(file: str, message: str) -> _Evidence:
    return _Evidence(found=(_proof(file, message),))


def _proof(file: str, message: str) -> Mark:
    return Mark(id="proof", message=message, file=file)


def _unrated(course: Course) -> bool:
    return not course.scores and all(row.severity is None for row in course.diary)


def _last_checkpoint(course: Course, phases: Phases) -> dt.date:
    """Day of the checkpoint before this one; the first session's where there was none."""
    earlier = [day for day in course.plan.checkpoint_days.values() if phases.began < day < phases.as_of]
    return max(earlier, default=phases.began)


_PROOFS: Mapping[Proof, Callable[[Course, Phases], _Evidence]] = {
    "screened": _screened,
    "baseline_rated": _baseline_rated,
    "other_care_written": _other_care_written,
    "material_handed_out": _material_handed_out,
    "dose_for_this_person": _dose_for_this_person,
    "schedule": _schedule,
    "session_given": _session_given,
    "rated_lately": _rated_lately,
    "harm_asked_lately": _harm_asked_lately,
    "clinician_rated": _clinician_rated,
    "rated_after_light": _rated_after_light,
}

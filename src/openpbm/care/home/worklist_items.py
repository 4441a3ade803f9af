"""What about a person waits for their clinic: one finding each, the worst first. Numbers and words, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from openpbm.course import Course
from openpbm.course.records import RecordedSession
from openpbm.delivery import adherence, match_sessions
from openpbm.planning import AllowedPlan

__all__ = ["FILTERS", "Delivery", "Facts", "Finding", "delivery_of", "worklist_items"]

#: What the list can be narrowed to, in the order of the chips.
FILTERS = (
    ("warnings", "Warning sign"),
    ("effects", "Side effects"),
    ("holds", "On hold"),
    ("referral", "Referral"),
    ("checkpoints", "Checkpoint due"),
    ("missed", "Missed sessions"),
    ("screening", "Screen again"),
    ("lamps", "Lamp due"),
    ("no_plan", "No plan yet"),
)
# Below three sessions due one that is missed says nothing; two in a row do, whatever the share.
_FEW = 0.6
_FEWEST_DUE = 3
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that waits. rank: 0 is worst · route: the URL name that leads there, with its arguments."""

    rank: int
    group: str
    badge: str
    text: str
    route: str
    arguments: dict[str, object] = field(default_factory=dict)

    @property
    def group_word(self) -> str:
        """The word of its chip."""
        return dict(FILTERS)[self.group]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """The screening a running plan rests on: its answers, its lamp with places and distance, its number."""

    intake: object
    setup: str
    number: int


@dataclass(slots=True, kw_only=True)
class Facts:
    """What is known of one person, as read for a whole clinic at once.

    events : (id, cause, grade) of effects nobody reviewed · checkpoints_due : weeks whose day has come, undecided
    course : what a running plan rests on, None without one · agreed : to light, None where nobody was asked
    red_flags : how many stand in the newest answers, until somebody screens from these
    lamp_due : name of the plan's lamp, if its measurement ran out
    """

    today: dt.date
    events: list[tuple[object, str, int | None]] = field(default_factory=list)
    holds: list[tuple[object, str]] = field(default_factory=list)
    has_intake: bool = False
    red_flags: int = 0
    screening: object | None = None
    verdict: str = ""
    answers_newer: bool = False
    plan: AllowedPlan | None = None
    newest_plan: object | None = None
    sessions: Sequence[RecordedSession] = ()
    checkpoints_due: list[int] = field(default_factory=list)
    lamp_due: str = ""
    lamp: object | None = None
    lamp_retired: bool = False
    course: Rests | None = None
    agreed: bool | None = None
    new_medicine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the sessions go: done of due, and how many were left out one after the other up to now."""

    due: int
    done: int
    in_a_row: int

    @property
    def few(self) -> bool:
        """Whether too few took place."""
        return self.in_a_row >= _IN_A_ROW or (self.due >= _FEWEST_DUE and self.done / self.due < _FEW)


def delivery_of(facts: Facts) -> Delivery | None:
    """None without a released plan."""
    if facts.plan is None:
        return None
    course = Course(plan=facts.plan, sessions=tuple(facts.sessions))
    share = adherence(course, facts.today)
    row = 0
    # Unknown counts as left out here, so that somebody asks; the adherence itself keeps the two apart.
    for record in reversed([one for one in match_sessions(course, facts.today) if one.due]):
        if record.state not in ("missed", "unknown"):
            break
        row += 1
    return Delivery(due=share.due, done=share.done, in_a_row=row)


def worklist_items(facts: Facts, delivery: Delivery | None) -> list[Finding]:
    """Everything that waits for the clinic, the worst first."""
    found = [
        *_red_flags(facts),
        *_effects(facts),
        *_holds(facts),
        *_blocked(facts),
        *_course(facts, delivery),
        *_before_a_plan(facts),
    ]
    return sorted(found, key=lambda one: one.rank)


def _red_flags(facts: Facts) -> Iterator[Finding]:
    if facts.red_flags:
        what = "Red flag" if facts.red_flags == 1 else f"{facts.red_flags} red flags"
        text = f"{what} in the answers, not screened yet"
        yield Finding(rank=0, group="warnings", badge="stop", text=text, route="people:intake")


def _effects(facts: Facts) -> Iterator[Finding]:
    for event, cause, grade in facts.events:
        # The rank follows the cause, not the grade: a mild word may name a red flag.
        grave = cause in ("red_flag", "stop_everywhere")
        text = "Warning sign reported, not reviewed" if grave else "Effect reported, not reviewed"
        if grade is not None and not grave:
            text += f" (grade {grade})"
        yield Finding(
            rank=0 if grave else 1 if cause else 5,
            group="effects",
            badge="stop" if cause else "caution",
            text=text,
            route="events:show",
            arguments={"event_id": event},
        )


def _holds(facts: Facts) -> Iterator[Finding]:
    for hold, message in facts.holds:
        yield Finding(
            rank=2,
            group="holds",
            badge="stop",
            text=message,
            route="plans:lift_hold",
            arguments={"hold_id": hold},
        )


def _blocked(facts: Facts) -> Iterator[Finding]:
    """What else keeps every session of a running course from beginning."""
    if facts.plan is None:
        return
    screening = {"screening_id": facts.screening}
    if facts.verdict == "refused":
        yield _stop("screening", "a newer screening says no to light", "screening:show", screening)
    elif facts.verdict in ("ask", "needs_clinician"):
        yield _stop("screening", "a newer screening waits for an answer or for you", "screening:show", screening)
    if facts.answers_newer:
        yield _stop("screening", "answers are newer than the screening", "screening:new")
    elif facts.new_medicine:
        yield _stop("screening", f"{facts.new_medicine} is newer than the screening", "screening:new")
    # A withdrawal holds the course, and stands here as that.
    if facts.agreed is None:
        yield _stop("holds", "agreement to light is not on record", "people:consent")
    if facts.lamp_retired:
        yield _stop("lamps", "the lamp was taken out of use", "devices:lamp", {"lamp_id": facts.lamp})
    elif facts.lamp_due and facts.plan.lamp.output_status == "measured":
        text = f"{facts.lamp_due}: its measurement has run out"
        yield _stop("lamps", text, "devices:lamp", {"lamp_id": facts.lamp})


def _stop(group: str, text: str, route: str, arguments: dict[str, object] | None = None) -> Finding:
    text = f"No session begins: {text}"
    return Finding(rank=2, group=group, badge="stop", text=text, route=route, arguments=arguments or {})


def _course(facts: Facts, delivery: Delivery | None) -> Iterator[Finding]:
    for week in facts.checkpoints_due:
        text = f"Checkpoint of week {week} waits for your decision"
        yield Finding(
            rank=4, group="checkpoints", badge="caution", text=text, route="checkpoints:show", arguments={"week": week}
        )
    if delivery is not None and delivery.few:
        text = f"{delivery.done} of {delivery.due} sessions done"
        if delivery.in_a_row >= _IN_A_ROW:
            text += f"; the last {delivery.in_a_row} missed or not written down"
        yield Finding(rank=6, group="missed", badge="caution", text=text, route="sessions:list")
    if facts.lamp_due and (facts.plan is None or facts.plan.lamp.output_status != "measured"):
        text = f"{facts.lamp_due}: its measurement has run out"
        yield Finding(
            rank=8, group="lamps", badge="caution", text=text, route="devices:lamp", arguments={"lamp_id": facts.lamp}
        )


def _before_a_plan(facts: Facts) -> Iterator[Finding]:
    screening = {"screening_id": facts.screening}
    if facts.answers_newer and facts.plan is None:
        text = "Answers are newer than the screening"
        yield Finding(rank=7, group="screening", badge="caution", text=text, route="screening:new")
    # Asked before the plan: a referral is due whether or not a plan was released earlier.
    if facts.verdict == "refer":
        text = "Screening says: see a doctor first. A referral is due"
        yield Finding(
            rank=2 if facts.plan else 3, group="referral", badge="stop", text=text, route="screening:referral"
        )
    elif facts.plan is None and facts.verdict == "refused":
        text = "Screening says no to light"
        yield Finding(
            rank=10, group="no_plan", badge="plain", text=text, route="screening:show", arguments=screening
        )  # fmt: skip
    elif facts.plan is None:
        yield _next_step(facts, screening)


def _next_step(facts: Facts, screening: dict[str, object]) -> Finding:
    if facts.newest_plan is not None:
        route, arguments = "plans:workbench", {"plan_id": facts.newest_plan}
        return Finding(
            rank=9, group="no_plan", badge="info", text="A plan waits for release", route=route, arguments=arguments
        )
    if facts.screening is not None:
        words = {"allowed": "Screened, no plan yet", "ask": "Questions of the screening are open"}
        text = words.get(facts.verdict, "Screening waits for your signature")
        return Finding(
            rank=9, group="no_plan", badge="info", text=text, route="screening:show", arguments=screening
        )  # fmt: skip
    if facts.has_intake:
        return Finding(rank=9, group="no_plan", badge="info", text="Not screened yet", route="screening:new")
    return Finding(rank=9, group="no_plan", badge="info", text="No answers yet", route="people:intake")

"""What about a person waits for their clinic: one finding each, the worst first. Numbers and words, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpbm.care.home.course_facts import CourseFacts, Delivery
from openpbm.files import JsonObject

__all__ = ["FILTERS", "Facts", "Finding", "delivery_of", "worklist_items"]

#: What the list can be narrowed to, in the order of the chips.
FILTERS = (
    ("warnings", "Warning sign"),
    ("effects", "Side effects"),
    ("holds", "On hold"),
    ("referral", "Referral"),
    ("relapse", "Relapse"),
    ("checkpoints", "Checkpoint due"),
    ("missed", "Missed sessions"),
    ("screening", "Screen again"),
    ("lamps", "Lamp due"),
    ("no_plan", "No plan yet"),
)
#: What is known of somebody whatever the day: what the list keeps beside each person.
_DAY_FREE = (
    "events", "holds", "has_intake", "red_flags", "screening", "verdict", "answers_newer", "newest_plan", "agreed",
    "new_medicine",
)  # fmt: skip


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


@dataclass(slots=True, kw_only=True)
class Facts:
    """What is known of one person on a day, as read for a whole clinic at once. Ids are text.

    events : (id, cause, grade) of effects nobody reviewed · checkpoints_due : weeks whose day has come, undecided
    course : the released plan, None without one · agreed : to light, None where nobody was asked
    red_flags : how many stand in the newest answers, until somebody screens from these
    lamp_due : id and name of the first of the plan's lamps whose measurement ran out
    lamp_retired : id of the first that was taken out of use
    """

    today: dt.date
    events: list[tuple[str, str, int | None]] = field(default_factory=list)
    holds: list[tuple[str, str]] = field(default_factory=list)
    has_intake: bool = False
    red_flags: int = 0
    screening: str | None = None
    verdict: str = ""
    answers_newer: bool = False
    newest_plan: str | None = None
    checkpoints_due: list[int] = field(default_factory=list)
    lamp_due: tuple[str, str] | None = None
    lamp_retired: str | None = None
    course: CourseFacts | None = None
    agreed: bool | None = None
    new_medicine: str = ""

    @property
    def lamps(self) -> tuple[str, ...]:
        """The lamps of the released plan."""
        return () if self.course is None else self.course.lamps

    def to_document(self) -> JsonObject:
        """What does not hang on the day, as it is kept."""
        course = None if self.course is None else self.course.to_document()
        return {name: getattr(self, name) for name in _DAY_FREE} | {"course": course}

    @classmethod
    def from_document(cls, kept: JsonObject, today: dt.date) -> Facts:
        """As they were kept, on a day."""
        known: JsonObject = {name: kept[name] for name in _DAY_FREE}
        for name in ("events", "holds"):
            known[name] = [tuple(one) for one in known[name]]
        course = None if kept["course"] is None else CourseFacts.from_document(kept["course"])
        return cls(today=today, course=course, **known)


def delivery_of(facts: Facts) -> Delivery | None:
    """None without a released plan."""
    return None if facts.course is None else facts.course.delivery(facts.today)


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
    if facts.course is None:
        return
    screening: dict[str, object] = {"screening_id": facts.screening}
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
        yield _stop("lamps", "the lamp was taken out of use", "devices:lamp", {"lamp_id": facts.lamp_retired})
    elif facts.lamp_due and facts.course.measured:
        lamp, name = facts.lamp_due
        yield _stop("lamps", f"{name}: its measurement has run out", "devices:lamp", {"lamp_id": lamp})


def _stop(group: str, text: str, route: str, arguments: dict[str, object] | None = None) -> Finding:
    text = f"No session begins: {text}"
    return Finding(rank=2, group=group, badge="stop", text=text, route=route, arguments=arguments or {})


def _course(facts: Facts, delivery: Delivery | None) -> Iterator[Finding]:
    for week in facts.checkpoints_due:
        rank, group, text = 4, "checkpoints", f"Checkpoint of week {week} waits for your decision"
        if facts.course is not None and week in facts.course.relapsed:
            rank, group, text = 3, "relapse", f"Week {week}: what was gained is being lost. It waits for your decision"
        yield Finding(
            rank=rank, group=group, badge="caution", text=text, route="checkpoints:show", arguments={"week": week}
        )
    if delivery is not None and delivery.few:
        text = f"{delivery.done} of {delivery.due} sessions done"
        if delivery.several_in_a_row:
            text += f"; the last {delivery.in_a_row} missed or not written down"
        yield Finding(rank=6, group="missed", badge="caution", text=text, route="sessions:list")
    if facts.lamp_due and (facts.course is None or not facts.course.measured):
        lamp, name = facts.lamp_due
        text = f"{name}: its measurement has run out"
        yield Finding(
            rank=8, group="lamps", badge="caution", text=text, route="devices:lamp", arguments={"lamp_id": lamp}
        )


def _before_a_plan(facts: Facts) -> Iterator[Finding]:
    screening: dict[str, object] = {"screening_id": facts.screening}
    if facts.answers_newer and facts.course is None:
        text = "Answers are newer than the screening"
        yield Finding(rank=7, group="screening", badge="caution", text=text, route="screening:new")
    # Asked before the plan: a referral is due whether or not a plan was released earlier.
    if facts.verdict == "refer":
        text = "Screening says: see a doctor first. A referral is due"
        yield Finding(
            rank=3 if facts.course is None else 2, group="referral", badge="stop", text=text, route="screening:referral"
        )
    elif facts.course is None and facts.verdict == "refused":
        text = "Screening says no to light"
        yield Finding(
            rank=10, group="no_plan", badge="plain", text=text, route="screening:show", arguments=screening
        )  # fmt: skip
    elif facts.course is None:
        yield _next_step(facts, screening)


def _next_step(facts: Facts, screening: dict[str, object]) -> Finding:
    if facts.newest_plan is not None:
        text, plan = "A plan waits for release", {"plan_id": facts.newest_plan}
        return Finding(rank=9, group="no_plan", badge="info", text=text, route="plans:workbench", arguments={**plan})
    if facts.screening is not None:
        words = {"allowed": "Screened, no plan yet", "ask": "Questions of the screening are open"}
        text = words.get(facts.verdict, "Screening waits for your signature")
        return Finding(
            rank=9, group="no_plan", badge="info", text=text, route="screening:show", arguments=screening
        )  # fmt: skip
    if facts.has_intake:
        return Finding(rank=9, group="no_plan", badge="info", text="Not screened yet", route="screening:new")
    return Finding(rank=9, group="no_plan", badge="info", text="No answers yet", route="people:intake")

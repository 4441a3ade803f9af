"""A plan for whoever follows it: one card with minutes, distance, places in their order, days and hour, and eyes."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.care.people.access import PersonRequest, Relation
from openpbm.care.people.models import Person
from openpbm.care.plans import actions
from openpbm.care.plans.forms import ReleaseForm
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import open_holds, released_plan
from openpbm.care.screening.wording import reason_in_words
from openpbm.facts.rules import computed_rules
from openpbm.facts.sites import sites
from openpbm.planning import Plan
from openpbm.reason import Reason
from openpbm.report.clinical_report import lamp_distances_mm, wavelengths_in_words
from openpbm.report.home_sheet import NOT_FOR_THE_WALL
from openpbm.wording import clock_in_words, gaps_in_words, in_words, touches, verdict_words

__all__ = ["OWN_STATEMENT", "card_context"]

#: What somebody on their own signs.
OWN_STATEMENT = "I read this plan and its cautions. I use the lamp as it says, and stop as soon as it says so."
_SCREEN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """What an allowed plan asks of a person, each in words.

    minutes, minutes_each : of a session, and at each place of it [min]
    at_once : whether several places get their light together
    """

    minutes: float
    minutes_each: float
    distance: str
    contact: bool
    places: tuple[str, ...]
    at_once: bool
    days: tuple[str, ...]
    times: tuple[str, ...]
    eyewear: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCautions:
    """The cautions of a plan, each where it is of use.

    at_the_lamp : what must be in mind there; in_figures : how sure the plan is of itself, in its own numbers
    """

    at_the_lamp: tuple[str, ...]
    further: tuple[Reason, ...]
    in_figures: tuple[Reason, ...]


def card_of(plan: Plan) -> PlanCard | None:
    """The card of a plan; None where it has no dated course."""
    schedule = plan.schedule
    if schedule is None:
        return None
    sessions = schedule.sessions
    places = tuple(_place(*place) for place in sessions[0].places if place[0])
    needed = plan.eye is None or plan.eye.eyewear_needed
    return PlanCard(
        minutes=schedule.total_minutes_per_session,
        minutes_each=schedule.minutes_per_session,
        distance=gaps_in_words(lamp_distances_mm(plan)),
        contact=all(map(touches, lamp_distances_mm(plan))),
        places=places,
        at_once=len(places) > 1 and schedule.total_minutes_per_session == schedule.minutes_per_session,
        days=tuple(dict.fromkeys(session.weekday for session in sessions)),
        times=tuple(dict.fromkeys(clock_in_words(session.start_time) for session in sessions if session.start_time)),
        eyewear=(wavelengths_in_words(plan) or "this lamp") if needed else "",
    )


def _place(site: str, side: str) -> str:
    name = sites[site].plain_name if site in sites else in_words(site)
    return f"{name}, {side}" if side else name


def card_context(request: PersonRequest, person: Person, row: PlanRow) -> dict[str, object]:
    """What `plans/card.html` shows to somebody on their own, or to whoever helps them."""
    plan, problems = row.core, actions.release_problems(row)
    early = actions.begins_early(row)
    waits = not early and row.followed.start_date > person.today()
    cautions = _cautions(plan, waits=waits)
    is_released = released_plan(person) == row
    allowed = row.verdict == "allowed"
    may_start = request.relation == Relation.PATIENT and person.self_managed and allowed and not problems
    return {
        "person": person,
        "plan": row,
        "core": plan,
        "card": card_of(plan) if allowed else None,
        "view": {"verdict": row.verdict, "words": verdict_words(row.verdict)},
        "reasons": [reason_in_words(reason) for reason in plan.reasons],
        "cautions": cautions,
        "waits": waits,
        "problems": problems,
        "is_released": is_released,
        "release": getattr(row, "release", None),
        "holds": open_holds(person),
        "own": request.relation == Relation.PATIENT,
        "form": _signature(request, early=early) if may_start else None,
        "statement": OWN_STATEMENT,
        "number": _SCREEN,
        "back": "",
        "versions": person.plans.defer("document", "outline").order_by("-version")[:_SCREEN],
    }


def _signature(request: PersonRequest, *, early: bool) -> ReleaseForm:
    return ReleaseForm(signer=request.user, early=early, initial={"statement": OWN_STATEMENT})


def _cautions(plan: Plan, *, waits: bool) -> CardCautions:
    """waits : whether two weeks of diary fit before the first light: then none is missing yet."""
    cautions = [reason_in_words(row) for row in plan.cautions if not (waits and row.rule == "baseline_missing")]
    about_the_lamp = [row for row in cautions if row.kind == "safety" and row.rule not in NOT_FOR_THE_WALL]
    computed = {row.rule: computed_rules[row.rule] for row in cautions if row.rule in computed_rules.ids}
    to_do = {rule: row.at_the_lamp for rule, row in computed.items()}
    in_figures = [row for row in cautions if row.rule in computed and computed[row.rule].in_figures]
    at_the_lamp = [row for row in about_the_lamp if row not in in_figures or to_do.get(row.rule)]
    return CardCautions(
        at_the_lamp=tuple(to_do.get(row.rule) or row.text for row in at_the_lamp),
        further=tuple(row for row in cautions if row not in (*about_the_lamp, *in_figures)),
        in_figures=tuple(in_figures),
    )

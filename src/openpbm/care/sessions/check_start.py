"""Whether a session may begin: every rule looked at, what did not hold, and who may let it begin all the same.

Nobody can override what makes the light itself unchecked or forbidden: no released plan, another lamp or place, a
withdrawn consent, a hold (it is lifted where it was set), a verdict against light, a medicine that takes up the lamp's
light, a day outside the plan, a second session on a day or too soon after the last, a cap on dose. What is only late,
unwritten or not yet looked at again can be let through by a clinician with a reason and a signature. A patient
overrides nothing: each such stop names the page that settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from openpbm.care.sessions.as_planned import Outlook, minutes_left, outlook, share_in_words
from openpbm.care.sessions.positions import place_in_words
from openpbm.care.sessions.sitting import MOST_PARTS
from openpbm.care.sessions.start_context import StartContext
from openpbm.delivery import next_step, said_together
from openpbm.facts.delivery import tolerance
from openpbm.reason import Level, Reason

__all__ = ["StartCheck", "blocking", "blocks_course", "check_start", "may_be_overridden"]

#: The page that settles a stop, "" where only another person or another day does.
Page = Literal["", "record", "open", "skin", "consent", "screening", "plan", "lamp", "hold"]

#: Limits of `delivery` that a session would pass, and that a clinician may let it pass. All others are caps.
_MAY_PASS = {"too_many_in_a_week", "too_close_together"}
#: Said by rules of their own, in words for a session that has not begun.
_SAID_ELSEWHERE = {"outside_plan", "place_not_planned"}
#: Where one of these stops, nothing further can be held against the plan.
_PLAN_RULES = {"released_plan", "planned_lamp", "planned_place"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCheck(Reason):
    """One thing looked at before a session may begin. `stop` keeps the session from beginning when it did not pass.

    overridable : a clinician may let the session begin against it, with a reason and a signature
    page : what helps: the page that settles it
    """

    source: str = "openpbm_assumption"
    verified: bool = False
    overridable: bool = False
    page: Page = ""

    @property
    def stops(self) -> bool:
        """Whether it keeps the session from beginning."""
        return not self.passed and self.level == "stop"

    def to_dict(self) -> dict[str, object]:
        """The check as JSON, as it is kept with the start."""
        # `super()` does not know a class that `slots` has made a second time.
        return Reason.to_dict(self) | {"passed": self.passed, "overridable": self.overridable, "page": self.page}


def blocking(checks: Iterable[StartCheck]) -> list[StartCheck]:
    """Those that keep the session from beginning; what nobody can override comes first."""
    return sorted((check for check in checks if check.stops), key=lambda check: check.overridable)


def may_be_overridden(checks: Iterable[StartCheck]) -> bool:
    """Whether something stops the session, and a clinician's signature can let it begin all the same."""
    stops = blocking(checks)
    return bool(stops) and all(check.overridable for check in stops)


def check_start(context: StartContext) -> list[StartCheck]:
    """Every check of one context; numbers and words only, no database.

    Without a released plan, or for a lamp or place outside it, nothing further can be computed.
    """
    checks = [*_consent(context), *_holds(context), *_plan(context)]
    if context.plan is None or any(check.stops and check.rule in _PLAN_RULES for check in checks):
        return checks
    checks += [*_lamp(context), *_new_since(context), *_gap(context), *_earlier(context)]
    if any(check.stops and check.rule == "plan_days" for check in checks):
        # Outside the plan's weeks there is nothing to match a session with.
        return checks
    seen = outlook(context)
    return [*checks, *_history(context, seen), *_limits(context, seen), *_left_to_give(context)]


def blocks_course(context: StartContext) -> list[StartCheck]:
    """What keeps every session of the course from beginning, whatever the day; holds, which are told of apart, not."""
    return blocking([*_consent(context), *_lamp(context), *_new_since(context)])


def _check(
    rule: str,
    passed: bool,
    said: str,
    failed: str,
    *,
    level: Level = "stop",
    overridable: bool = False,
    page: Page = "",
) -> StartCheck:
    if passed:
        return StartCheck(rule=rule, level=level, message=said, passed=True, overridable=overridable)
    return StartCheck(rule=rule, level=level, message=failed, overridable=overridable, page=page)


def _consent(context: StartContext) -> Iterator[StartCheck]:
    asked = {
        "withdrawn": "You withdrew your agreement to light treatment. No session begins without it.",
        "never": "Your agreement to this investigational treatment is not on record yet.",
    }
    failed = asked.get(context.consent, "")
    yield _check("consent", not failed, "Agreement to light treatment is on record.", failed, page="consent")
    yield _check(
        "capability", context.capable, "Who gives the light can do so.",
        "Before the first session on your own, answer the questions on whether you can do this safely.",
        page="consent",
    )  # fmt: skip


def _holds(context: StartContext) -> Iterator[StartCheck]:
    if not context.holds:
        yield _check("hold", True, "Nothing holds the course.", "")
    for message in context.holds:
        yield _check("hold", False, "", f"The course is on hold: {message}", page="hold")


def _plan(context: StartContext) -> Iterator[StartCheck]:
    plan = context.plan
    said = "A plan was released and signed."
    yield _check("released_plan", plan is not None, said, "No plan has been released for you yet.", page="plan")
    if plan is None:
        return
    failed = "This is not the lamp of your plan. The plan's minutes hold for its own lamp only."
    yield _check("planned_lamp", context.same_lamp, "It is the plan's lamp.", failed, page="lamp")
    other = [place_in_words(place) for place in context.places if place not in context.planned_places]
    if not context.places:
        other = ["no place"]
    failed = f"Not in your plan: {', '.join(other)}. Nothing there was checked or dosed."
    yield _check("planned_place", not other, "The plan is for this place.", failed, page="plan")
    yield from _days(context, plan.start_date)


def _days(context: StartContext, first: dt.date) -> Iterator[StartCheck]:
    if context.today < first:
        failed = f"Your course has not begun: its first day is {first:%-d %B %Y}."
    else:
        failed = f"Your course ended on {context.last_day:%-d %B %Y}. Light beyond it needs a new plan."
    inside = first <= context.today <= context.last_day
    yield _check("plan_days", inside, "Today lies in the weeks of the plan.", failed, page="plan")


def _lamp(context: StartContext) -> Iterator[StartCheck]:
    failed = "This lamp was taken out of use."
    yield _check("lamp_in_use", not context.lamp_retired, "The lamp is in use.", failed, page="lamp")
    plan = context.plan
    assert plan is not None
    yield _check(
        "measurement_valid", context.output != "expired",
        "The lamp's measurement holds, or the plan does not rest on one.",
        "The plan rests on a measurement of the lamp that is out of date. Have the lamp measured again.",
        overridable=True, page="lamp",
    )  # fmt: skip
    if plan.lamp.output_status == "claimed":
        yield _check(
            "output_claimed", False, "",
            "The plan rests on what the lamp's maker claims; what it gives may be less.", level="note",
        )  # fmt: skip
    measured = context.since.irradiance_mw_cm2
    most = None if plan.skin is None else plan.skin.irradiance_upper_mw_cm2
    above = measured is not None and most is not None and measured > most
    failed = (
        f"A new reading of the lamp, {measured} mW/cm2, is above the {most} mW/cm2 that the plan's safety rests on."
    )
    said = "No newer reading speaks against the plan."
    yield _check("output_within_plan", not above, said, f"{failed} A new plan is needed.", page="screening")


def _new_since(context: StartContext) -> Iterator[StartCheck]:
    since = context.since
    refused = since.verdict in ("refused", "refer")
    yield _check(
        "verdict", not refused, "No newer screening speaks against light.",
        "A newer screening says no to light for now. Its reasons are on the screening page.", page="screening",
    )  # fmt: skip
    unsettled = since.verdict in ("ask", "needs_clinician")
    yield _check(
        "screening_settled", not unsettled, "No newer screening waits for an answer.",
        "A newer screening still waits for an answer or for a clinician.", overridable=True, page="screening",
    )  # fmt: skip
    failed = (
        f"{since.photosensitiser} makes the skin take up this lamp's light. No session until a clinician has looked."
    )
    said = "No new medicine takes up the lamp's light."
    yield _check("photosensitiser", not since.photosensitiser, said, failed, page="screening")
    names = ", ".join(dict.fromkeys(change.name for change in since.medicines))
    yield _check(
        "medicines_screened", not since.medicines, "No medicine is newer than the screening.",
        f"New since the screening: {names}. The screening has to be done again with it.",
        overridable=True, page="screening",
    )  # fmt: skip
    yield _check(
        "answers_screened", since.intake is None, "No answer about health is newer than the screening.",
        f"Answers about health changed on {_day(since.intake)}. The screening has to be done again with them.",
        overridable=True, page="screening",
    )  # fmt: skip
    yield _check(
        "lamp_unchanged", since.passport is None, "The lamp's description is the one the plan was made with.",
        f"The lamp's description changed on {_day(since.passport)}. The plan was made with the earlier one.",
        overridable=True, page="screening",
    )  # fmt: skip


def _gap(context: StartContext) -> Iterator[StartCheck]:
    """Two days' light never lies nearer than the least gap, by the clock of the server and whatever is written."""
    last, least = context.newest_light, tolerance("hours_between_sessions")
    if context.open_since is not None or last is None:
        return
    first = last.astimezone(context.moment.tzinfo) + dt.timedelta(hours=least)
    failed = (
        f"Light began, or may have, on {last.astimezone(context.moment.tzinfo):%-d %B at %H:%M}. The next session may"
        f" begin {least:g} hours later: from {first:%-d %B, %H:%M}, on a day of its own."
    )
    yield _check("least_gap", context.moment >= first, "Enough time lies between the sessions.", failed, page="record")


def _earlier(context: StartContext) -> Iterator[StartCheck]:
    begun = context.open_since
    failed = f"A session was begun on {begun:%-d %B at %H:%M}. First write down what was given." if begun else ""
    # Not even a clinician begins a second one: its light would run beside light that nobody has counted.
    yield _check("open_session", begun is None, "No other session is open.", failed, page="open")
    words = {
        "after": "How did the skin look right after the last session? Please answer that first.",
        "24h": "How did the skin look the day after the last session? Please answer that first.",
    }
    failed = words.get(context.skin_missing, "")
    said = "The skin was looked at after the last session."
    yield _check("skin_looked_at", not failed, said, failed, overridable=True, page="skin")


def _history(context: StartContext, seen: Outlook) -> Iterator[StartCheck]:
    # Nobody is asked about days before the release: no session could take place on them.
    first = context.released_on or dt.date.min
    unwritten = [one.date for one in seen.earlier if one.due and one.state == "unknown" and one.date >= first]
    days = ", ".join(f"{day:%-d %B}" for day in unwritten[:4]) + (" and more" if len(unwritten) > 4 else "")
    yield _check(
        "history_written", not unwritten, "Every earlier session is written down.",
        f"Nothing is written for {days}. What is not written counts as unknown, not as no light: say whether it took"
        " place.",
        overridable=True, page="record",
    )  # fmt: skip
    for found in next_step(seen.earlier, context.today):
        if found.level == "stop":
            yield _from_reason(found, rule=found.rule, overridable=True, page="screening")
        elif found.rule == "ask_why_missed":
            yield _from_reason(found, rule=found.rule)
    # What a clinician has looked at and let go on must not stop the same course at every later start.
    earlier = [
        found
        for found in seen.before
        if found.level == "stop" and not (found.date and context.looked_at and found.date <= context.looked_at)
    ]
    for found, said in said_together(earlier):
        once = replace(found, message=said.dated)
        yield _from_reason(once, rule=f"earlier_{found.rule}", overridable=True, page="hold")


def _limits(context: StartContext, seen: Outlook) -> Iterator[StartCheck]:
    found = [one for one in seen.new if one.rule not in _SAID_ELSEWHERE and one.level != "note"]
    for one in found:
        yield _from_reason(one, rule=one.rule, level="stop", overridable=one.rule in _MAY_PASS)
    if not found:
        yield _check("limits", True, "The session as planned passes no limit.", "")
    planned = seen.record.planned
    yield _check(
        "session_due", planned is not None, "A session of the plan is open for it.",
        "No session of the plan is open this week. A missed session is left out, not made up for.",
        overridable=True,
    )  # fmt: skip
    if planned is not None and planned.date != context.today:
        failed = f"Today is not a day of your plan: this stands for the session of {planned.date:%A, %-d %B}."
        yield _check("planned_day", False, "", failed, level="note")
    plan = context.plan
    assert plan is not None
    given, most = share_in_words(plan, seen.share), share_in_words(plan, seen.share_allowed)
    where = place_in_words(seen.place)
    failed = f"With this session the place ({where}) may have got {given} in all; the course allows {most}."
    # A hair more: the rounding of a long sum must not refuse a session that just reaches the cap.
    kept = seen.share <= seen.share_allowed * (1 + 1e-9)
    yield _check("course_cap", kept, "The light of the whole course stays within its plan.", failed, page="plan")


def _left_to_give(context: StartContext) -> Iterator[StartCheck]:
    if not context.resumes:
        return
    failed = f"It was gone on with {context.parts - 1} times already. What is left of it is left out."
    yield _check("resume_often", context.parts < MOST_PARTS, "It can be gone on with.", failed)
    left = {place: minutes_left(context, place) for place in context.places}
    unknown = [place_in_words(place) for place, minutes in left.items() if minutes is None]
    failed = f"Nobody knows how much light was given ({', '.join(unknown)}), so it cannot be gone on with."
    yield _check("resume_known", not unknown, "What was given before is known.", failed)
    done = [place_in_words(place) for place, minutes in left.items() if minutes == 0]
    failed = (
        f"All its minutes were given today, or have passed since it was begun: {', '.join(done)}. Time that has passed"
        " counts as light."
    )
    yield _check("resume_open", not done, "Minutes are left to give.", failed)


def _day(day: dt.date | None) -> str:
    return "" if day is None else f"{day:%-d %B %Y}"


def _from_reason(
    found: Reason, *, rule: str, level: Level | None = None, overridable: bool = False, page: Page = ""
) -> StartCheck:
    level = level or found.level
    return StartCheck(
        rule=rule,
        level=level,
        message=found.message,
        # Only what stops can be overridden.
        overridable=overridable and level == "stop",
        page=page,
        source=found.source,
        verified=found.verified,
    )

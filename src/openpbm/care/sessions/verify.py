"""Whether a session may begin: every rule looked at, what did not hold, and who may let it begin all the same.

Nobody can override what makes the light itself unchecked or forbidden: no released plan, another lamp or place, a
withdrawn consent, a hold (it is lifted where it was set), a verdict against light, a medicine that takes up the lamp's
light, a day outside the plan, a second session on a day, a cap on dose. What is only late, unwritten or not yet looked
at again can be let through by a clinician with a reason and a signature. A patient overrides nothing: each such stop
names the page that settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from openpbm.care.sessions.as_planned import Outlook, minutes_left, outlook, share_in_words
from openpbm.care.sessions.check import Check, Severity, WayOut
from openpbm.care.sessions.positions import place_in_words
from openpbm.care.sessions.situation import Situation
from openpbm.delivery import Finding, next_step

if TYPE_CHECKING:
    from openpbm.care.devices.models import Lamp
    from openpbm.care.people.models import Person

__all__ = ["decide", "verify_start"]

#: Limits of `delivery` that a session would pass, and that a clinician may let it pass. All others are caps.
_MAY_PASS = {"too_many_in_a_week", "too_close_together"}
#: Said by rules of their own, in words for a session that has not begun.
_SAID_ELSEWHERE = {"outside_plan", "place_not_planned"}


def verify_start(*, person: Person, lamp: Lamp, places: list[tuple[str, str]], now: dt.datetime) -> list[Check]:
    """Everything looked at before a session of that person, with that lamp, at those places, at that moment."""
    from openpbm.care.sessions.gather import situation_of

    return decide(situation_of(person=person, lamp=lamp, places=places, now=now))


def decide(situation: Situation) -> list[Check]:
    """Every check of one situation; numbers and words only, no database.

    Without a released plan, or for a lamp or place outside it, nothing further can be reckoned.
    """
    checks = [*_consent(situation), *_holds(situation), *_plan(situation)]
    if situation.plan is None or any(check.stops and check.rule in _PLAN_RULES for check in checks):
        return checks
    checks += [*_lamp(situation), *_new_since(situation), *_earlier(situation)]
    if any(check.stops and check.rule == "plan_days" for check in checks):
        return checks  # outside the plan's weeks there is nothing to match a session with
    seen = outlook(situation)
    return [*checks, *_history(situation, seen), *_limits(situation, seen), *_left_to_give(situation)]


_PLAN_RULES = {"released_plan", "planned_lamp", "planned_place"}


def _check(
    rule: str,
    passed: bool,
    said: str,
    failed: str,
    *,
    severity: Severity = "stop",
    overridable: bool = False,
    way_out: WayOut = "",
) -> Check:
    return Check(
        rule=rule,
        passed=passed,
        severity=severity,
        message=said if passed else failed,
        overridable=overridable and severity == "stop",
        way_out="" if passed else way_out,
    )


def _consent(situation: Situation) -> Iterator[Check]:
    asked = {
        "withdrawn": "You withdrew your agreement to light treatment. No session begins without it.",
        "never": "Your agreement to this investigational treatment is not on record yet.",
    }
    failed = asked.get(situation.consent, "")
    yield _check("consent", not failed, "Agreement to light treatment is on record.", failed, way_out="consent")
    yield _check(
        "capability", situation.capable, "Who gives the light can do so.",
        "Before the first session on your own, answer the questions on whether you can do this safely.",
        way_out="consent",
    )  # fmt: skip


def _holds(situation: Situation) -> Iterator[Check]:
    if not situation.holds:
        yield _check("hold", True, "Nothing holds the course.", "")
    for message in situation.holds:
        yield _check("hold", False, "", f"The course is on hold: {message}", way_out="hold")


def _plan(situation: Situation) -> Iterator[Check]:
    plan = situation.plan
    said = "A plan was released and signed."
    yield _check("released_plan", plan is not None, said, "No plan has been released for you yet.", way_out="plan")
    if plan is None:
        return
    failed = "This is not the lamp of your plan. The plan's minutes hold for its own lamp only."
    yield _check("planned_lamp", situation.same_lamp, "It is the plan's lamp.", failed, way_out="lamp")
    other = [place_in_words(place) for place in situation.places if place not in situation.planned_places]
    if not situation.places:
        other = ["no place"]
    failed = f"Not in your plan: {', '.join(other)}. Nothing there was checked or dosed."
    yield _check("planned_place", not other, "The plan is for this place.", failed, way_out="plan")
    yield from _days(situation, plan.start_date)


def _days(situation: Situation, first: dt.date) -> Iterator[Check]:
    if situation.today < first:
        failed = f"Your course has not begun: its first day is {first:%-d %B %Y}."
    else:
        failed = f"Your course ended on {situation.last_day:%-d %B %Y}. Light beyond it needs a new plan."
    inside = first <= situation.today <= situation.last_day
    yield _check("plan_days", inside, "Today lies in the weeks of the plan.", failed, way_out="plan")


def _lamp(situation: Situation) -> Iterator[Check]:
    failed = "This lamp was taken out of use."
    yield _check("lamp_in_use", not situation.lamp_retired, "The lamp is in use.", failed, way_out="lamp")
    plan = situation.plan
    assert plan is not None
    relied = plan.lamp.output_status == "measured" and situation.output == "expired"
    yield _check(
        "measurement_valid", not relied, "The lamp's measurement holds, or the plan does not rest on one.",
        "The plan rests on a measurement of the lamp that is out of date. Have the lamp measured again.",
        overridable=True, way_out="lamp",
    )  # fmt: skip
    if plan.lamp.output_status == "claimed":
        yield _check(
            "output_claimed", False, "",
            "Nobody has measured this lamp: what it gives is what its maker claims, and may be less.", severity="note",
        )  # fmt: skip
    measured, most = situation.since.irradiance_mw_cm2, None if plan.skin is None else plan.skin.irradiance_upper_mw_cm2
    above = measured is not None and most is not None and measured > most
    failed = (
        f"A new reading of the lamp, {measured} mW/cm2, is above the {most} mW/cm2 that the plan's safety rests on."
    )
    said = "No newer reading speaks against the plan."
    yield _check("output_within_plan", not above, said, f"{failed} A new plan is needed.", way_out="screening")


def _new_since(situation: Situation) -> Iterator[Check]:
    since = situation.since
    refused = since.verdict in ("refused", "refer")
    yield _check(
        "verdict", not refused, "No newer screening speaks against light.",
        "A newer screening says no to light for now. Its reasons are on the screening page.", way_out="screening",
    )  # fmt: skip
    unsettled = since.verdict in ("ask", "needs_clinician")
    yield _check(
        "screening_settled", not unsettled, "No newer screening waits for an answer.",
        "A newer screening still waits for an answer or for a clinician.", overridable=True, way_out="screening",
    )  # fmt: skip
    failed = (
        f"{since.photosensitiser} makes the skin take up this lamp's light. No session until a clinician has looked."
    )
    said = "No new medicine takes up the lamp's light."
    yield _check("photosensitiser", not since.photosensitiser, said, failed, way_out="screening")
    names = ", ".join(dict.fromkeys(change.name for change in since.medicines))
    yield _check(
        "medicines_screened", not since.medicines, "No medicine is newer than the screening.",
        f"New since the screening: {names}. The screening has to be done again with it.",
        overridable=True, way_out="screening",
    )  # fmt: skip
    yield _check(
        "answers_screened", since.intake is None, "No answer about health is newer than the screening.",
        f"Answers about health changed on {_day(since.intake)}. The screening has to be done again with them.",
        overridable=True, way_out="screening",
    )  # fmt: skip
    yield _check(
        "lamp_unchanged", since.passport is None, "The lamp's description is the one the plan was made with.",
        f"The lamp's description changed on {_day(since.passport)}. The plan was made with the earlier one.",
        overridable=True, way_out="screening",
    )  # fmt: skip


def _earlier(situation: Situation) -> Iterator[Check]:
    begun = situation.open_since
    failed = f"A session was begun on {begun:%-d %B at %H:%M}. First write what became of it." if begun else ""
    yield _check("open_session", begun is None, "No other session is open.", failed, overridable=True, way_out="open")
    words = {
        "after": "How did the skin look right after the last session? Please answer that first.",
        "24h": "How did the skin look the day after the last session? Please answer that first.",
    }
    failed = words.get(situation.skin_missing, "")
    said = "The skin was looked at after the last session."
    yield _check("skin_looked_at", not failed, said, failed, overridable=True, way_out="skin")


def _history(situation: Situation, seen: Outlook) -> Iterator[Check]:
    first = situation.released_on or dt.date.min
    unwritten = [one.date for one in seen.earlier if one.due and one.state == "unknown" and one.date >= first]
    days = ", ".join(f"{day:%-d %B}" for day in unwritten[:4]) + (" and more" if len(unwritten) > 4 else "")
    yield _check(
        "history_written", not unwritten, "Every earlier session is written down.",
        f"Nothing is written for {days}. What is not written counts as unknown, not as no light: say whether it took"
        " place.",
        overridable=True, way_out="record",
    )  # fmt: skip
    for found in next_step(seen.earlier, situation.today):
        if found.severity == "stop":
            yield _from_finding(found, rule=found.id, overridable=True, way_out="screening")
        elif found.id == "ask_why_missed":
            yield _from_finding(found, rule=found.id)
    for found in seen.before:
        if found.severity == "stop" and not (found.date and situation.looked_at and found.date <= situation.looked_at):
            yield _from_finding(found, rule=f"earlier_{found.id}", overridable=True, way_out="hold")


def _limits(situation: Situation, seen: Outlook) -> Iterator[Check]:
    found = [one for one in seen.new if one.id not in _SAID_ELSEWHERE and one.severity != "note"]
    for one in found:
        yield _from_finding(one, rule=one.id, severity="stop", overridable=one.id in _MAY_PASS)
    if not found:
        yield _check("limits", True, "The session as planned passes no limit.", "")
    planned = seen.record.planned
    yield _check(
        "session_due", planned is not None, "A session of the plan is open for it.",
        "No session of the plan is open this week. A missed session is left out, not made up for.",
        overridable=True,
    )  # fmt: skip
    if planned is not None and planned.date != situation.today:
        failed = f"Today is not a day of your plan: this stands for the session of {planned.date:%A, %-d %B}."
        yield _check("planned_day", False, "", failed, severity="note")
    plan = situation.plan
    assert plan is not None
    given, most = share_in_words(plan, seen.share), share_in_words(plan, seen.share_allowed)
    where = place_in_words(seen.place)
    failed = f"With this session the place ({where}) may have got {given} in all; the course allows {most}."
    kept = seen.share <= seen.share_allowed * (1 + 1e-9)
    yield _check("course_cap", kept, "The light of the whole course stays within its plan.", failed, way_out="plan")


def _left_to_give(situation: Situation) -> Iterator[Check]:
    if not situation.resumes:
        return
    left = {place: minutes_left(situation, place) for place in situation.places}
    unknown = [place_in_words(place) for place, minutes in left.items() if minutes is None]
    failed = f"Nobody knows how much light was given ({', '.join(unknown)}), so it cannot be gone on with."
    yield _check("resume_known", not unknown, "What was given before is known.", failed)
    done = [place_in_words(place) for place, minutes in left.items() if minutes == 0]
    failed = f"All its minutes were given today: {', '.join(done)}."
    yield _check("resume_open", not done, "Minutes are left to give.", failed)


def _day(day: dt.date | None) -> str:
    return "" if day is None else f"{day:%-d %B %Y}"


def _from_finding(
    found: Finding,
    *,
    rule: str,
    severity: Severity | None = None,
    overridable: bool = False,
    way_out: WayOut = "",
) -> Check:
    return Check(
        rule=rule,
        passed=False,
        severity=severity or found.severity,
        message=found.message,
        overridable=overridable,
        way_out=way_out,
        source=found.source,
        verified=found.verified,
    )

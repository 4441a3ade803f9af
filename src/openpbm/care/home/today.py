"""What is due for a person now, and what holds their course, in plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openpbm.care.accounts.models import User
from openpbm.care.events.selectors import newest_events
from openpbm.care.home.before_a_plan import agreement, before_light, waiting_plan, way_in
from openpbm.care.home.today_card import Card, page_at
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.selectors import open_reminders_about
from openpbm.care.n_of_1.selectors import blinded_test
from openpbm.care.people.models import Appointment, Person
from openpbm.care.plans.models import Hold
from openpbm.care.scales.diary_questions import symptom_word
from openpbm.care.scales.due import due_at
from openpbm.care.scales.programme import programme_of
from openpbm.care.scales.selectors import calendar_of
from openpbm.care.screening.wording import ScreeningView, no_light
from openpbm.care.sessions.check_start import StartCheck, blocks_course
from openpbm.care.sessions.selectors import SessionState, session_state
from openpbm.care.sessions.start_context import load_start_context

__all__ = ["Card", "Today", "today_of"]

_SOON = dt.timedelta(days=14)
_ADVICE_FOR = dt.timedelta(days=14)
#: Reminders of what has a card of its own here.
_HAVE_A_CARD = ("diary", "scale", "session", "skin", "appointment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """A person's day.

    blocked : what else keeps every session of the plan from beginning
    no_light : why the newest screening gives none, as `screening.wording.no_light` tells it
    appointments : each with its time in words, on the person's own clock
    advice : what was said on their last reported effect, "" when that is long ago
    next_words : when something comes up again, where nothing is due
    done_words : what was done today already
    cramps : whether each cramp is written down as it comes
    """

    date: dt.date
    no_light: ScreeningView | None
    cards: tuple[Card, ...]
    holds: tuple[Hold, ...]
    blocked: tuple[StartCheck, ...]
    appointments: tuple[tuple[str, Appointment], ...]
    reminders: tuple[Reminder, ...]
    advice: str
    advice_href: str
    next_words: str
    done_words: str
    cramps: bool


def today_of(person: Person, user: User, now: dt.datetime) -> Today:
    """Everything the page shows at that moment, on the person's own clock."""
    local = now.astimezone(person.zone)
    date = local.date()
    state = session_state(person=person, now=now)
    core = None if state.plan is None else state.plan.followed
    calendar = calendar_of(person, date, core)
    reminders = tuple(row for row in open_reminders_about(person, user, now) if row.kind not in _HAVE_A_CARD)
    cards = [*_session_cards(person, state), *_diary_card(person, date, state)]
    refused = no_light(person, has_plan=state.word != "no_plan")
    no_course = refused is not None and state.word == "no_plan"
    for due in due_at(calendar, date):
        # Where light was refused no course goes that a questionnaire could show.
        if not (due.examined or no_course):
            cards.append(
                Card(
                    kind="scale",
                    title=due.scale.plain_name,
                    text=f"A few questions that show how your course goes. Open until {due.closes_on:%A, %-d %B}.",
                    label="Answer the questions",
                    href=page_at("scales:fill", person, scale=due.scale.id),
                    icon="progress",
                )
            )
    cards += _guess_card(person, date)
    # The way in leads as long as no plan is there, even when a diary is due: without it the course never begins.
    if not cards or state.word == "no_plan":
        cards = [*way_in(person), *cards]
    blocked = _blocked(person, state, now)
    if blocked:
        # Nobody is called to a session that would not begin; one that was begun is still to be written down.
        cards = [card for card in cards if card.kind != "session" or state.word == "open"]
    cards = [*agreement(person, user), *waiting_plan(person, user), *cards]
    event = newest_events(person).last()
    recent = event is not None and event.date >= date - _ADVICE_FOR
    # From an hour back: who is late for an appointment still finds it here.
    coming = Appointment.objects.filter(
        person=person, state=Appointment.State.PLANNED, starts_at__gte=now - dt.timedelta(hours=1),
        starts_at__lte=now + _SOON,
    )  # fmt: skip
    before = before_light(person, date) if state.word == "no_plan" else ""
    calls = refused is not None or bool(blocked)
    return Today(
        date=date,
        no_light=refused,
        cards=tuple(
            Card(**{name: getattr(card, name) for name in Card.__slots__} | {"leads": number == 0})
            for number, card in enumerate(cards)
        ),
        holds=state.holds,
        blocked=blocked,
        appointments=tuple((f"{row.starts_at.astimezone(person.zone):%A, %-d %B, %H:%M}", row) for row in coming),
        reminders=reminders,
        advice=str(event.advice.get("now", "")) if recent and event is not None else "",
        advice_href=page_at("events:show", person, event_id=event.pk) if recent and event is not None else "",
        next_words=_next_words(
            state, calls, [row.opens_on for row in calendar if row.opens_on > date and not no_course], before
        ),
        done_words="Today's session is written down. Well done." if state.word == "done" else "",
        cramps=programme_of(person, core) == "muscle_spasm",
    )


def _blocked(person: Person, state: SessionState, now: dt.datetime) -> tuple[StartCheck, ...]:
    if state.plan is None or state.word == "finished":
        return ()
    context = load_start_context(person=person, lamp=state.plan.lamp, places=(), now=now, state=state)
    return tuple(blocks_course(context))


def _guess_card(person: Person, date: dt.date) -> list[Card]:
    test = blinded_test(person, date)
    if test is None or not test.to_guess:
        return []
    return [
        Card(
            kind="guess", title="Light or no light?", label="Write down your guess", icon="lamp",
            text="A period of your blinded test is over. Say what you think it was.",
            href=page_at("n_of_1:guess", person),
        )
    ]  # fmt: skip


def _session_cards(person: Person, state: SessionState) -> list[Card]:
    cards = []
    guide = page_at("sessions:guide", person)
    if state.skin is not None:
        when = "right after" if state.skin.moment == "after" else "the day after"
        cards.append(
            Card(
                kind="skin", title="How does the skin look?", label="Write down how it looks", icon="effect",
                text=f"A look at the treated skin {when} the last session is still to be written down.",
                href=page_at("sessions:skin", person),
            )
        )  # fmt: skip
    if state.word == "open" and state.start is not None:
        # Before the question about the skin: the lamp may still be on.
        cards.insert(
            0,
            Card(
                kind="session", title="A session was begun", label="Go on with it", icon="lamp",
                text="Nobody has written down yet how it ended.",
                href=page_at("sessions:run", person, start_id=state.start.pk),
            ),
        )  # fmt: skip
    if state.word == "due" and state.plan is not None:
        schedule = state.plan.followed.schedule
        minutes = f"About {schedule.total_minutes_per_session:g} minutes"
        if schedule.positions_per_session > 1:
            minutes += f" in all, {schedule.minutes_per_session:g} at each of {schedule.positions_per_session} places"
        cards.append(
            Card(
                kind="session", title="Today's session", label="Begin", href=guide, icon="lamp",
                text=f"{minutes}. We go through it step by step.",
            )
        )  # fmt: skip
    # Not only today's: an unwritten session counts as unknown dose for good, so it is asked for until it is told.
    if state.unwritten:
        days = ", ".join(f"{one.date:%-d %B}" for one in state.unwritten[:3])
        more = " and more" if len(state.unwritten) > 3 else ""
        cards.append(
            Card(
                kind="unwritten", title="Sessions not written down", label="Write it down", icon="course",
                text=f"Nothing is written for {days}{more}. Say whether it took place; a no is fine.",
                href=f"{page_at('sessions:record', person)}?date={state.unwritten[0].date.isoformat()}",
            )
        )  # fmt: skip
    return cards


def _diary_card(person: Person, date: dt.date, state: SessionState) -> list[Card]:
    yesterday = date - dt.timedelta(days=1)
    written = set(person.diary.filter(date__in=(date, yesterday)).values_list("date", flat=True))
    if date in written or not (state.plan is not None or person.intakes.exists()):
        return []
    programme = programme_of(person, None if state.plan is None else state.plan.followed)
    return [
        Card(kind="diary", title="Diary of today", text="Tap a number, look, save.", label="Fill in the diary",
             href=page_at("scales:diary", person), icon="edit", again=yesterday in written,
             question=f"How bad {symptom_word(programme)} at the worst?")
    ]  # fmt: skip


def _next_words(state: SessionState, refused: bool, scale_days: list[dt.date], before: str) -> str:
    words = []
    # Under a hold no day is named: it would call to light that must not be given (hazard R3).
    if state.next is not None and not refused and state.word not in ("due", "held", "open"):
        words.append(f"Your next session is on {state.next.date:%A, %-d %B}.")
    if state.word == "finished":
        words.append("The weeks of your plan are over. Go on with the diary: it shows whether a change lasts.")
    if state.word == "no_plan" and not refused:
        words.append(f"There is no plan yet. You will see it here once one is released. {before}".rstrip())
    if scale_days:
        words.append(f"The next questions open on {min(scale_days):%A, %-d %B}.")
    return " ".join(words)

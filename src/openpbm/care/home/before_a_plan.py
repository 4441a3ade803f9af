"""What leads a person to their first plan: the questions, the consent, the check, and the diary before any light."""

from __future__ import annotations

import datetime as dt

from openpbm.care.accounts.models import User
from openpbm.care.home.today_card import Card, page_at
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import agreement_waits, latest_intake
from openpbm.care.plans.selectors import newest_plan
from openpbm.care.screening.baseline import baseline_words
from openpbm.care.screening.selectors import newest_screening

__all__ = ["agreement", "before_light", "waiting_plan", "way_in"]


def way_in(person: Person) -> list[Card]:
    """Before the first plan: the next step toward one."""
    if person.self_managed and not person.screenings.exists():
        return [
            Card(kind="intake", title="Your way to a first course", label="Go on", icon="course",
                 text="A few screens show whether light is safe for you, and plan it if it is.",
                 href=page_at("home:path", person))
        ]  # fmt: skip
    if latest_intake(person) is None:
        text = "Your answers decide whether light can be considered at all."
        return [
            Card(kind="intake", title="Questions about your health", text=text, label="Begin with the questions",
                 href=page_at("people:intake", person), icon="course")
        ]  # fmt: skip
    if not person.self_managed:
        return []
    newest = person.screenings.filter(later=None).order_by("-audit_number").first()
    assert newest is not None
    return [
        Card(kind="screening", title="What the check says", label="Read it", icon="course",
             text="Your screening is there, with its reasons and the next step.",
             href=page_at("screening:show", person, screening_id=newest.pk))
    ]  # fmt: skip


def agreement(person: Person, user: User) -> list[Card]:
    """The person alone agrees: to what they were never asked, or to a text that has changed since."""
    if person.user_id != user.pk:
        return []
    waits = agreement_waits(person)
    if not waits:
        return []
    text = "Please read what light treatment is, and what is kept about you. You decide, and can take it back."
    if waits == "changed":
        text = "A text that you agreed to has changed. Please read it again and say whether you still agree."
    return [
        Card(kind="agreement", title="What you agree to", text=text, label="Read it and answer", icon="edit",
             href=page_at("people:consent", person))
    ]  # fmt: skip


def waiting_plan(person: Person, user: User) -> list[Card]:
    """Without a clinic nobody but the person releases a plan that was made."""
    if not person.self_managed or person.user_id != user.pk:
        return []
    plan = newest_plan(person)
    # A plan of an older screening must not be started: what was answered since has not been judged.
    if plan is None or plan.screening != newest_screening(person) or hasattr(plan, "release"):
        return []
    return [
        Card(kind="plan", title="Your plan waits for you", label="Read the plan", icon="plan",
             text="It was made for you. Nothing begins before you have read it and released it.",
             href=page_at("plans:workbench", person, plan_id=plan.pk))
    ]  # fmt: skip


def before_light(person: Person, date: dt.date) -> str:
    """How far the diary before the first light is, "" where nothing was asked yet or it is kept."""
    intake = latest_intake(person)
    return "" if intake is None else baseline_words(intake.document.get("person") or {}, person, date)

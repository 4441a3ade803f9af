"""What the list keeps of each person is what the records say: after every action, whatever it was."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.home.people_on_course import a_lamp, answered, on_course, screened, session, somebody
from courses import given, make_plan
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openpbm.care import clock
from openpbm.care.audit import ledger
from openpbm.care.audit.models import ChainHead
from openpbm.care.checkpoints.models import Checkpoint, CheckpointDecision
from openpbm.care.devices.models import Lamp
from openpbm.care.events.actions import report_event, review_event
from openpbm.care.events.models import AdverseEvent
from openpbm.care.home.clinic_facts import add_the_day, read_facts
from openpbm.care.home.course_facts import CourseFacts, Judged, course_facts
from openpbm.care.home.kept_facts import facts_of, keep_facts_up_to_date
from openpbm.care.home.models import PersonFacts
from openpbm.care.home.worklist_items import Facts
from openpbm.care.people.actions import record_change, record_consent
from openpbm.care.people.models import Consent, Person
from openpbm.care.plans.actions import hold, lift_hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import open_holds, released_courses
from openpbm.care.scales.actions import record_diary
from openpbm.course import Course
from openpbm.delivery import adherence, match_sessions

_STEPS = 25


class Clinic:
    """A clinic in which anything may happen next."""

    def __init__(self, house: House, draw: random.Random) -> None:
        self.by, self.draw = house.clinician, draw
        self.lamp = a_lamp(house.clinic, house.clinician)
        # Nobody but the house's people has an account, which consent is asked from.
        self.people = [house.alice, somebody(house.clinic, "Dora"), somebody(house.clinic, "Emil")]
        self.alice = house.alice
        self.acts: list[Callable[[Person], object]] = [
            self.report, self.review, self.hold, self.lift, self.light, self.answer, self.screen, self.agree, self.plan,
            self.change, self.decide, self.diary, self.put_the_lamp_away,
        ]  # fmt: skip

    def act(self) -> str:
        act = self.draw.choice(self.acts)
        act(self.draw.choice(self.people))
        return act.__name__

    def report(self, person: Person) -> None:
        kind = self.draw.choice(["headache", "blister", "none"])
        report_event(person=person, date=person.today(), kind=kind, grade=self.draw.choice([1, 2]), by=self.by)

    def review(self, person: Person) -> None:
        event = AdverseEvent.objects.filter(person=person, reviews=None).exclude(kind="none").first()
        if event is not None:
            review_event(
                event=event, causality="probable", attributed_to="heat", serious=False, outcome="recovered",
                action="Healed, seen", by=self.by, lift_hold=self.draw.random() < 0.5,
            )  # fmt: skip

    def hold(self, person: Person) -> None:
        hold(person=person, cause="question", message="Wait", by=self.by)

    def lift(self, person: Person) -> None:
        for one in open_holds(person):
            if one.cause == "question":
                lift_hold(hold=one, reason="Asked her: the rash has gone", by=self.by)

    def light(self, person: Person) -> None:
        plan = PlanRow.objects.filter(person=person).select_related("person", "lamp").order_by("-version").first()
        if plan is not None:
            missed = {"status": "missed", "minutes": None, "reason": "away", "skin_reaction": ""}
            day = person.today() - dt.timedelta(days=self.draw.randrange(12))
            session(plan, self.by, day, **(missed if self.draw.random() < 0.4 else {}))

    def answer(self, person: Person) -> None:
        answered(person, self.by, before=person.intakes.filter(newer=None).first())

    def screen(self, person: Person) -> None:
        screened(person, self.by, self.lamp, self.draw.choice(["allowed", "ask", "refer", "refused"]))

    def agree(self, person: Person) -> None:
        yes = self.draw.random() < 0.5
        record_consent(person=self.alice, purpose=Consent.Purpose.LIGHT, given=yes, by=account_of(self.alice))

    def plan(self, person: Person) -> None:
        if not person.plans.exists():
            on_course(person, self.by, self.lamp, person.today() - dt.timedelta(days=self.draw.randrange(30)))

    def change(self, person: Person) -> None:
        kind, name = self.draw.choice([("medicine", "Pramipexole"), ("stretching", "Calf"), ("other", "PDT Metvix")])
        record_change(person=person, date=person.today(), kind=kind, name=name, action="start", dose="", by=self.by)

    def decide(self, person: Person) -> None:
        plan = person.plans.first()
        if plan is not None:
            row = Checkpoint(person=person, plan=plan, week=self.draw.choice([2, 4]), judgement={})
            judged, _ = ledger.append(row, by=self.by, action="checkpoint", person_id=person.pk)
            decision = CheckpointDecision(checkpoint=judged, decision="continue", signed_name="Dr. Test")
            ledger.append(decision, by=self.by, action="decision", person_id=person.pk)

    def diary(self, person: Person) -> None:
        record_diary(
            person=self.alice, date=self.alice.today(), entered_at=clock.now(), answers={"severity": 4},
            by=account_of(self.alice),
        )  # fmt: skip

    def put_the_lamp_away(self, person: Person) -> None:
        Lamp.objects.filter(pk=self.lamp.pk).update(retired_at=self.draw.choice([None, clock.now()]))


def from_the_records(people: list[Person], now: dt.datetime) -> dict[Any, Facts]:
    found = read_facts(people, now)
    add_the_day(found)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_kept_facts_are_those_of_the_records_after_every_action(house: House, seed: int) -> None:
    clinic = Clinic(house, random.Random(seed))
    done = []
    for _ in range(_STEPS):
        done.append(clinic.act())
        now = clock.now()
        assert facts_of(clinic.people, now) == from_the_records(clinic.people, now), done
    # A row for each, as text that reads the same after the database.
    assert PersonFacts.objects.count() == len(clinic.people)


def test_a_day_written_in_the_diary_has_no_facts_computed_again(house: House) -> None:
    clinic = Clinic(house, random.Random(1))
    clinic.plan(house.alice)
    facts_of(clinic.people, clock.now())
    clinic.diary(house.alice)
    with CaptureQueriesContext(connection) as asked:
        facts_of(clinic.people, clock.now())
    assert not any("plans_planrow" in query["sql"] for query in asked)
    clinic.hold(house.alice)
    with CaptureQueriesContext(connection) as asked:
        facts_of(clinic.people, clock.now())
    assert any("plans_planrow" in query["sql"] for query in asked)


def test_the_worker_computes_what_is_out_of_date_and_moves_the_rest_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = Clinic(house, random.Random(1))
    keep_facts_up_to_date(clock.now())
    # Of the other clinic too: the worker is for all.
    assert PersonFacts.objects.count() == len([*clinic.people, house.bob])
    # Another version reads other things of the same records.
    PersonFacts.objects.filter(person=house.alice).update(made_by="0.0.1 x", content={})
    clinic.hold(clinic.people[1])
    monkeypatch.setattr("openpbm.care.home.kept_facts._LINKS_BEHIND", 0)
    keep_facts_up_to_date(clock.now())
    heads = set(PersonFacts.objects.values_list("number", flat=True))
    assert heads == {ChainHead.objects.get(pk=1).number}
    now = clock.now()
    assert facts_of(clinic.people, now) == from_the_records(clinic.people, now)


def test_a_photosensitiser_written_under_another_kind_stands_in_the_list(house: House) -> None:
    """The list asked for changes of three kinds alone, and the start of a session for what the words say."""
    clinic = Clinic(house, random.Random(1))
    clinic.plan(house.alice)
    record_change(
        person=house.alice, date=house.alice.today(), kind="other", name="Metvix PDT", action="start", dose="",
        by=house.clinician,
    )  # fmt: skip
    texts = [one.text for line in signed_in(house.clinician).get("/people/").context["page"] for one in line.findings]
    assert "No session begins: Metvix PDT is newer than the screening" in texts


def test_a_plan_under_a_newer_one_that_has_ended_is_followed_no_more(house: House) -> None:
    clinic = Clinic(house, random.Random(1))
    today = house.alice.today()
    on_course(house.alice, house.clinician, clinic.lamp, today - dt.timedelta(days=7))
    assert list(released_courses(not_over_before=today)) == [house.alice.pk]
    assert released_courses(not_over_before=today + dt.timedelta(weeks=10)) == {}


@pytest.mark.parametrize("seed", range(6))
def test_the_delivery_of_a_day_is_what_is_counted_on_that_day(seed: int) -> None:
    """Computed once when something is written; counted again on any later day, it comes to the same."""
    draw = random.Random(seed)
    plan = make_plan(weeks=4, checkpoint_weeks=(2, 4))
    kept = draw.sample(given(plan), draw.randrange(1, 9))
    days = [plan.start_date + dt.timedelta(days=draw.randrange(14)) for _ in kept]
    lines = tuple(
        type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"date": day, "status": status})
        for row, day, status in zip(kept, days, draw.choices(["done", "missed", "partial"], k=len(kept)), strict=True)
    )
    facts = course_facts(plan, lines, [Judged(week=2, lasting="relapse", decided=True)], plan_id="p", lamps=["l"])
    assert CourseFacts.from_document(facts.to_document()) == facts
    course = Course(plan=plan, sessions=lines)
    for later in range(30):
        today = max(days) + dt.timedelta(days=later)
        counted = adherence(course, today)
        row = 0
        for record in reversed([one for one in match_sessions(course, today) if one.due]):
            if record.state not in ("missed", "unknown"):
                break
            row += 1
        delivery = facts.delivery(today)
        assert (delivery.due, delivery.done, delivery.in_a_row) == (counted.due, counted.done, row)

"""The story of the demo: who came, what happened to them, and what waits for the clinician today."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import connection

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.checkpoints.actions import propose, sign_decision
from openpbm.care.checkpoints.expected_course import expect_beside
from openpbm.care.events.actions import report_event, review_event
from openpbm.care.home.demo.accounts import Accounts
from openpbm.care.home.demo.courses import Lived, Part, evening, give_light, keep_notes, plan, planned, screened
from openpbm.care.home.demo.lamps import Lamps, make_lamps, own_lamp
from openpbm.care.home.demo.past import Past
from openpbm.care.home.demo.people import ZONE, come_in, sign_up
from openpbm.care.home.demo.staff import Staff, make_staff
from openpbm.care.n_of_1.actions import draw_design, guess_period
from openpbm.care.people.actions import book_appointment, grant_help, record_change, set_goal, set_stage
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.screening.session_lamps import ChosenLamp
from openpbm.case import Placement
from openpbm.errors import BadInput, Problem

__all__ = ["fill"]

_DAY = dt.timedelta(days=1)
_OPENED = 80  # days ago
_PATIENTS = ("ada", "ben", "cleo", "dan", "eva", "finn", "gia", "ida", "kim", "lea")

Say = Callable[[str], None]


def fill(accounts: Accounts, say: Say = lambda line: None) -> None:
    """Accounts and everybody's story; where it has been told already, the accounts alone.

    say : told what is being made, since plans take their time
    Raises BadInput where people are already who are not the demo's: invented records do not belong among real ones.
    """
    if Person.objects.filter(user__username="demo.ada").exists():
        _accounts(accounts)
    else:
        _refuse_a_real_clinic()
        now = clock.now()
        today = now.astimezone(zoneinfo.ZoneInfo(ZONE)).date()
        newest = AuditEntry.objects.order_by("-number").values_list("at", flat=True).first()
        opened = evening(today - _OPENED * _DAY, 8)
        # A clinic made into a house with a history begins after it: the chain of the audit goes forward alone.
        past = Past(begins=opened if newest is None else max(opened, newest), now=now)
        say("is being made; its plans take about half a minute")
        with clock.told_by(past.clock):
            staff, users, helper = _accounts(accounts)
            _Story(staff, users, helper, past, today, say).tell()
    for username in [row["username"] for row in accounts.entries]:
        person = Person.objects.filter(user__username=username).first()
        if person is not None and person.user is not None:
            accounts.belongs_to(person.user, person)
            for grant in person.helpers.filter(ended_at=None).select_related("user"):
                accounts.belongs_to(grant.user, person)


def _refuse_a_real_clinic() -> None:
    if User.objects.exists():
        where = settings.DATA_DIR if connection.vendor == "sqlite" else "the database that DATABASE_URL names"
        raise BadInput(
            Problem(
                key="--demo",
                message=f"{where} holds real accounts, and invented people would stay among them",
                remedy=(
                    "leave --demo out, or give the demo a place of its own, such as --data-dir "
                    "openpbm-demo without DATABASE_URL"
                ),
            )
        )


def _accounts(accounts: Accounts) -> tuple[Staff, dict[str, User], User]:
    staff = make_staff(accounts)
    users = {name: accounts.account("patient", f"demo.{name}") for name in _PATIENTS}
    users["hugo"] = accounts.account("self_managed", "demo.hugo")
    users["jon"] = accounts.account("other_patient", "demo.jon")
    return staff, users, accounts.account("helper", "demo.helper")


class _Story:
    """Everybody's story, told once: each chapter says what happens when, then the past happens."""

    def __init__(
        self, staff: Staff, users: dict[str, User], helper: User, past: Past, today: dt.date, say: Say
    ) -> None:
        self.staff, self.users, self.helper = staff, users, helper
        self.past, self.today, self.say = past, today, say
        self.by = staff.clinician
        self.people: dict[str, Person] = {}
        self.lamps: Lamps = make_lamps(staff.clinic, self.by, today, past)

    def tell(self) -> None:
        """Chapter by chapter, then all of it in the order of time."""
        for chapter in (
            self._ada, self._ben, self._cleo, self._dan, self._eva, self._finn, self._gia, self._hugo, self._kim,
            self._lea,
        ):  # fmt: skip
            chapter()
        self._comes("ida", 1)
        self._comes("jon", 30)
        self.past.happen()

    def _start(self, days_ago: int) -> dt.date:
        return self.today - dt.timedelta(days=days_ago)

    def _on(self, days_ago: int, hour: int, act: Callable[[], Any]) -> None:
        self.past.at(evening(self._start(days_ago), hour), act)

    def _comes(self, name: str, days_ago: int) -> None:
        """Registered, with consent and answers."""

        def come() -> None:
            if name == "hugo":
                self.people[name] = sign_up(name, self.users[name])
                return
            elsewhere = name == "jon"
            clinic = self.staff.other_clinic if elsewhere else self.staff.clinic
            by = self.staff.other_clinician if elsewhere else self.by
            self.people[name] = come_in(name, clinic, by, self.users[name])

        self._on(days_ago, 9, come)

    def _screened(self, name: str, days_ago: int, part: Part) -> None:
        self._on(days_ago, 14, lambda: screened(self.people[name], part, self.by))

    def _course(
        self, name: str, part: Callable[[], Part], days_ago: int, lived: Lived, *, by: User | None = None,
        decided: bool = True, **signed: Any,
    ) -> None:  # fmt: skip
        """Two weeks of diary, a plan, and then light, up to yesterday; checkpoints as they come.

        decided : the last checkpoint too; every earlier one is decided as proposed
        """
        start = self._start(days_ago)
        self._comes(name, days_ago + 15)
        keep_notes(self.past, lambda: self.people[name], start, lived, self.today)

        def released() -> None:
            self.say(f"a plan for {name.title()}")
            signer = self.users[name] if name == "hugo" else self.by
            row = plan(self.people[name], part(), signer, **signed)
            give_light(self.past, row, lived, by=by or self.users[name], until=self.today)
            if not row.person.self_managed:
                self._checkpoints(row, decided=decided)

        self._on(days_ago + 2, 11, released)

    def _checkpoints(self, row: PlanRow, *, decided: bool) -> None:
        """Judged when their day is over; decided the same morning."""
        came = [(week, day) for week, day in row.to_core().checkpoint_days.items() if day < self.today]
        for week, day in came:
            signs = decided or week != came[-1][0]
            self.past.at(evening(day + _DAY, 6), functools.partial(self._judge, row, week, signs))

    def _judge(self, row: PlanRow, week: int, signs: bool) -> None:
        found = propose(person=row.person, week=week, by=None)
        if not signs:
            # Where somebody is still to decide, what the course would be is looked at; it takes a few seconds.
            expect_beside(found, by=None)
        else:
            proposed = found.judgement["decision"]
            sign = functools.partial(
                sign_decision, checkpoint=found, decision=proposed, reason="As proposed.", by=self.by
            )
            self.past.at(clock.now() + dt.timedelta(hours=3), sign)

    def _ada(self) -> None:
        """Restless legs; answers well, week 6 waits for a decision; her daughter helps."""
        user, start = self.users["ada"], self._start(43)
        totals = ((-11, 27), (-4, 26), (7, 24), (14, 21), (21, 18), (28, 15), (35, 12), (42, 10))
        scores = [("irls", offset, _even(total, 10, 4), None) for offset, total in totals]
        lived = Lived(before=7, after=2.4, seed=11, onset=21.5, scores=scores, missed={8: "Travelling"})
        calves = self._legs(start)
        self._course("ada", lambda: calves, 43, lived, decided=False)

        def settles_in() -> None:
            ada = self.people["ada"]
            set_goal(person=ada, number=1, text="Sit through an evening at the theatre", by=user)
            set_goal(person=ada, number=2, text="Fall asleep before midnight", by=user)
            grant_help(person=ada, user=self.helper, by=user)
            record_change(person=ada, date=start - 21 * _DAY, kind="stretching", name="calf stretches",
                          action="continue", dose="every evening", by=user)  # fmt: skip

        def headache() -> None:
            report_event(person=self.people["ada"], date=start + 10 * _DAY, kind="headache",
                         detail="Gone within two hours", grade=1, by=user)  # fmt: skip

        def stages() -> None:
            for stage in ("assess", "educate", "individualise", "frequency_duration"):
                _stage(self.people["ada"], stage, self.by)

        self._on(57, 18, settles_in)
        self._on(44, 12, stages)
        self._on(33, 22, headache)

    def _ben(self) -> None:
        """Carpal tunnel, a measured laser; no better at week 6."""
        totals = ((-11, 6), (-4, 7), (7, 6), (14, 7), (21, 6), (28, 6), (35, 7), (42, 6))
        lived = Lived(before=6.3, after=6.2, seed=12, scores=_pain(totals))
        wrist = Part(lamp=self.lamps.laser, site="volar_wrist", side="right", target="median_nerve",
                     start=self._start(44))  # fmt: skip
        self._course("ben", lambda: wrist, 44, lived, by=self.by, decided=False)

    def _cleo(self) -> None:
        """Neck spasm, third week: a blister last night, the light is on hold until it is reviewed."""
        lived = Lived(before=6, after=3.5, seed=13, scores=_pain(((-11, 6), (-4, 6), (14, 5))), cramps=True)
        neck = Part(lamp=self.lamps.wrap, site="upper_trapezius", side="left", target="trapezius",
                    start=self._start(17))  # fmt: skip
        self._course("cleo", lambda: neck, 17, lived)

        def blister() -> None:
            report_event(person=self.people["cleo"], date=self._start(1), kind="blister", grade=2,
                         by=self.users["cleo"],
                         detail="A blister of about a centimetre where the wrap lay over a fold")  # fmt: skip

        self._on(1, 23, blister)

    def _dan(self) -> None:
        """His foot has a sore it cannot feel: somebody sees it first."""
        self._comes("dan", 5)
        feet = Part(lamp=self.lamps.pads, site="foot_sole", side="right", target="plantar_nerves", start=self.today)
        self._screened("dan", 5, feet)

    def _eva(self) -> None:
        """Her medicine may worsen her legs: the prescriber first."""
        self._comes("eva", 3)

        def told() -> None:
            record_change(person=self.people["eva"], date=self._start(60), kind="medicine", name="pramipexole",
                          action="increase", dose="0.5 mg in the evening", by=self.by)  # fmt: skip

        self._on(3, 10, told)
        self._screened("eva", 3, self._legs(self.today))
        self._book("eva", 2, dt.time(9, 30), "phone", "With the prescriber: the dopamine medicine")

    def _kim(self) -> None:
        """A mole that changed, just where the lamp would shine: refused."""
        self._comes("kim", 2)
        neck = Part(lamp=self.lamps.wrap, site="upper_trapezius", side="right", target="trapezius", start=self.today)
        self._screened("kim", 2, neck)

    def _finn(self) -> None:
        """Feet that feel little: a relative rule, released; pads whose measurement is due; sessions left out."""
        reason = "Light in the clinic only; skin and temperature are checked by staff before and after."
        feet = Part(lamp=self.lamps.pads, site="foot_sole", side="both", target="plantar_nerves", start=self._start(24))
        missed = dict.fromkeys((4, 7, 8, 9, 10, 11), "Could not come")
        lived = Lived(before=5.5, after=4.5, seed=14, scores=_pain(((-11, 6), (-4, 5), (14, 5))), missed=missed)
        rules = {"loss_of_protective_sensation": reason}
        self._course("finn", lambda: feet, 24, lived, by=self.by, rules=rules)

        def redness() -> None:
            event, _ = report_event(person=self.people["finn"], date=self._start(15), kind="erythema", grade=1,
                                    by=self.by, detail="Red for an hour after the session")  # fmt: skip
            review = functools.partial(
                review_event, event=event, causality="possible", attributed_to="heat", serious=False,
                outcome="recovered", action="Looked at the next day: nothing to be seen.", by=self.by,
                lift_hold=False,
            )  # fmt: skip
            self._on(14, 10, review)

        self._on(15, 22, redness)
        self._book("finn", 1, dt.time(10, 0), "clinic", "Session; look at the feet")

    def _gia(self) -> None:
        """Restless legs on dialysis, light at the chair, in the first week; a plan with two panels is compared."""
        scores = [("irls", offset, _even(total, 10, 4), None) for offset, total in ((-11, 24), (-4, 25))]
        lived = Lived(before=6.5, after=4, seed=15, onset=19.0, scores=scores)
        calves = self._legs(self._start(4))
        self._course("gia", lambda: calves, 4, lived)

        def compares() -> None:
            # From the two sides of the chair, as far off as there is room.
            other_side = Placement(distance_mm=400.0, tilt_deg=-30.0)
            beside = ChosenLamp(lamp=self.lamps.second_panel, placement=other_side)
            both = replace(calves, distance_mm=400.0, tilt_deg=30.0, beside=(beside,))
            planned(screened(self.people["gia"], both, self.by), self.by)

        self._on(2, 12, compares)
        for days in (1, 3, 5, 8):
            self._book("gia", days, dt.time(8, 0), "dialysis_chair", "Chair 4, with the light")

    def _hugo(self) -> None:
        """On his own with a wrap of his own, in the second week."""

        def neck() -> Part:
            return Part(lamp=own_lamp(self.users["hugo"]), site="upper_trapezius", side="left", target="trapezius",
                        start=self._start(9))  # fmt: skip

        lived = Lived(before=5.5, after=3, seed=16, scores=_pain(((-11, 5), (-4, 6), (7, 5))), cramps=True)
        self._course("hugo", neck, 9, lived, statement="I have read it and take it on myself.")

    def _lea(self) -> None:
        """Restless legs; a blinded test, fifth week: light or none, in an order that only the keeper sees."""
        start, lived = self._start(31), Lived(before=6.2, after=5.6, seed=17, onset=21.0)
        self._comes("lea", 48)
        keep_notes(self.past, lambda: self.people["lea"], start, lived, self.today)
        beliefs = ("unsure", "active", "sham", "active", "active", "sham", "sham")

        def drawn() -> None:
            self.say("a plan for Lea")
            lea = self.people["lea"]
            row = plan(lea, self._legs(start), self.by)
            mask = {"method": "two_settings", "keeper": self.staff.admin, "looks_alike": "yes", "feels_alike": "yes",
                    "checked_on": start - 16 * _DAY}  # fmt: skip
            draw_design(person=lea, by=self.by, mask=mask, first_day=start - 14 * _DAY, pairs=5, days_per_period=4,
                        half_life_days=0.5)  # fmt: skip
            give_light(self.past, row, lived, by=self.users["lea"], until=self.today)
            for number, belief in enumerate(beliefs, start=1):
                guess = functools.partial(guess_period, person=lea, by=self.users["lea"], period=number, belief=belief)
                self.past.at(evening(start + (4 * number - 1) * _DAY, 22), guess)

        self._on(46, 11, drawn)

    def _legs(self, start: dt.date) -> Part:
        return Part(lamp=self.lamps.panel, site="posterior_calf", side="both", target="gastrocnemius",
                    distance_mm=300, start=start)  # fmt: skip

    def _book(self, name: str, in_days: int, time: dt.time, kind: str, note: str) -> None:
        """An appointment to come, agreed on yesterday."""

        def agreed() -> None:
            person = self.people[name]
            starts_at = dt.datetime.combine(self.today + in_days * _DAY, time, person.zone)
            book_appointment(person=person, starts_at=starts_at, minutes=30, kind=kind, note=note, by=self.by)

        self._on(1, 15, agreed)


def _pain(totals: Sequence[tuple[int, int]]) -> list[Any]:
    return [("nrs", offset, {"1": float(total)}, None) for offset, total in totals]


def _even(total: int, items: int, most: int) -> dict[str, float]:
    """A total spread over items as evenly as whole numbers allow."""
    each, more = divmod(total, items)
    return {str(number): float(min(most, each + (number <= more))) for number in range(1, items + 1)}


def _stage(person: Person, stage: str, by: User) -> None:
    set_stage(person=person, stage=stage, owner=by, due=None, done=True, note="", by=by)

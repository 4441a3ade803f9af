"""The story of the demo: who came, what happened to them, and what waits for the clinician today."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from dataclasses import replace

from django.conf import settings
from django.db import connection

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.events.actions import report_event, review_event
from openpbm.care.home.demo.accounts import Accounts
from openpbm.care.home.demo.courses import Lived, Part, evening, give_light, keep_notes, plan, planned, screened
from openpbm.care.home.demo.lamps import own_lamp
from openpbm.care.home.demo.later_chapters import tell_mia, tell_ned, tell_ola, tell_pia
from openpbm.care.home.demo.past import Past
from openpbm.care.home.demo.people import ZONE
from openpbm.care.home.demo.staff import Staff, make_staff
from openpbm.care.home.demo.story import DAY, Say, Story, even, pain
from openpbm.care.n_of_1.actions import draw_design, guess_period
from openpbm.care.people.actions import grant_help, record_change, set_goal, set_stage
from openpbm.care.people.models import Person
from openpbm.care.screening.session_lamps import ChosenLamp
from openpbm.case import Placement
from openpbm.errors import BadInput, Problem

__all__ = ["fill"]

_OPENED = 96  # days ago
_PATIENTS = ("ada", "ben", "cleo", "dan", "eva", "finn", "gia", "ida", "kim", "lea", "mia", "ned", "ola", "pia")


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
        opened = evening(today - _OPENED * DAY, 8)
        # A clinic made into a house with a history begins after it: the chain of the audit goes forward alone.
        past = Past(begins=opened if newest is None else max(opened, newest), now=now)
        say("is being made; its plans take about half a minute")
        with clock.told_by(past.clock):
            staff, users, helper = _accounts(accounts)
            _Clinic(staff, users, helper, past, today, say).tell()
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


class _Clinic(Story):
    """Everybody's story, told once."""

    def tell(self) -> None:
        """Chapter by chapter, then all of it in the order of time."""
        for chapter in (
            self._ada, self._ben, self._cleo, self._dan, self._eva, self._finn, self._gia, self._hugo, self._kim,
            self._lea,
        ):  # fmt: skip
            chapter()
        for tell in (tell_mia, tell_ned, tell_ola, tell_pia):
            tell(self)
        self.comes("ida", 1)
        self.comes("jon", 30)
        self.past.happen()

    def _ada(self) -> None:
        """Restless legs; answers well, week 6 waits for a decision; her daughter helps."""
        user, start = self.users["ada"], self.start(43)
        totals = ((-11, 27), (-4, 26), (7, 24), (14, 21), (21, 18), (28, 15), (35, 12), (42, 10))
        scores = [("irls", offset, even(total, 10, 4), None) for offset, total in totals]
        lived = Lived(before=7, after=2.4, seed=11, onset=21.5, scores=scores, missed={8: "Travelling"},
                      felt="left leg: crawling; right leg: crawling, tingling")  # fmt: skip
        calves = self.legs(start)
        self.course("ada", lambda: calves, 43, lived, decided=False, expects=True)

        def settles_in() -> None:
            ada = self.people["ada"]
            set_goal(person=ada, number=1, text="Sit through an evening at the theatre", by=user)
            set_goal(person=ada, number=2, text="Fall asleep before midnight", by=user)
            grant_help(person=ada, user=self.helper, by=user)
            record_change(person=ada, date=start - 21 * DAY, kind="stretching", name="calf stretches",
                          action="continue", dose="every evening", by=user)  # fmt: skip

        def headache() -> None:
            report_event(person=self.people["ada"], date=start + 10 * DAY, kind="headache",
                         detail="Gone within two hours", grade=1, by=user)  # fmt: skip

        def stages() -> None:
            for stage in ("assess", "educate", "individualise", "frequency_duration"):
                _stage(self.people["ada"], stage, self.by)

        self.on(57, 18, settles_in)
        self.on(44, 12, stages)
        self.on(33, 22, headache)

    def _ben(self) -> None:
        """Carpal tunnel, a measured laser; no better at week 6."""
        totals = ((-11, 6), (-4, 7), (7, 6), (14, 7), (21, 6), (28, 6), (35, 7), (42, 6))
        lived = Lived(before=6.3, after=6.2, seed=12, scores=pain(totals))
        wrist = Part(lamp=self.lamps.laser, site="volar_wrist", side="right", target="median_nerve",
                     start=self.start(44))  # fmt: skip
        self.course("ben", lambda: wrist, 44, lived, by=self.by, decided=False)

    def _cleo(self) -> None:
        """Neck spasm, third week: a blister last night, the light is on hold until it is reviewed."""
        lived = Lived(before=6, after=3.5, seed=13, scores=pain(((-11, 6), (-4, 6), (14, 5))), cramps=True)
        neck = Part(lamp=self.lamps.wrap, site="upper_trapezius", side="left", target="trapezius",
                    start=self.start(17))  # fmt: skip
        self.course("cleo", lambda: neck, 17, lived)

        def blister() -> None:
            report_event(person=self.people["cleo"], date=self.start(1), kind="blister", grade=2,
                         by=self.users["cleo"],
                         detail="A blister of about a centimetre where the wrap lay over a fold")  # fmt: skip

        self.on(1, 23, blister)

    def _dan(self) -> None:
        """His foot has a sore it cannot feel: somebody sees it first."""
        self.comes("dan", 5)
        feet = Part(lamp=self.lamps.pads, site="foot_sole", side="right", target="plantar_nerves", start=self.today)
        self.screen("dan", 5, feet)

    def _eva(self) -> None:
        """Her medicine may worsen her legs: the prescriber first."""
        self.comes("eva", 3)

        def told() -> None:
            record_change(person=self.people["eva"], date=self.start(60), kind="medicine", name="pramipexole",
                          action="increase", dose="0.5 mg in the evening", by=self.by)  # fmt: skip

        self.on(3, 10, told)
        self.screen("eva", 3, self.legs(self.today))
        self.book("eva", 2, dt.time(9, 30), "phone", "With the prescriber: the dopamine medicine")

    def _kim(self) -> None:
        """A mole that changed, just where the lamp would shine: refused."""
        self.comes("kim", 2)
        neck = Part(lamp=self.lamps.wrap, site="upper_trapezius", side="right", target="trapezius", start=self.today)
        self.screen("kim", 2, neck)

    def _finn(self) -> None:
        """Feet that feel little: a relative rule, released; pads whose measurement is due; sessions left out."""
        reason = "Light in the clinic only; skin and temperature are checked by staff before and after."
        feet = Part(lamp=self.lamps.pads, site="foot_sole", side="both", target="plantar_nerves", start=self.start(24))
        missed = dict.fromkeys((4, 7, 8, 9, 10, 11), "Could not come")
        lived = Lived(before=5.5, after=4.5, seed=14, scores=pain(((-11, 6), (-4, 5), (14, 5))), missed=missed)
        rules = {"loss_of_protective_sensation": reason}
        self.course("finn", lambda: feet, 24, lived, by=self.by, rules=rules)

        def redness() -> None:
            event, _ = report_event(person=self.people["finn"], date=self.start(15), kind="erythema", grade=1,
                                    by=self.by, detail="Red for an hour after the session")  # fmt: skip
            review = functools.partial(
                review_event, event=event, causality="possible", attributed_to="heat", serious=False,
                outcome="recovered", action="Looked at the next day: nothing to be seen.", by=self.by,
                lift_hold=False,
            )  # fmt: skip
            self.on(14, 10, review)

        self.on(15, 22, redness)
        self.book("finn", 1, dt.time(10, 0), "clinic", "Session; look at the feet")

    def _gia(self) -> None:
        """Restless legs on dialysis, light at the chair, in the first week; a plan with two panels is compared."""
        scores = [("irls", offset, even(total, 10, 4), None) for offset, total in ((-11, 24), (-4, 25))]
        lived = Lived(before=6.5, after=4, seed=15, onset=19.0, scores=scores)
        # Every other day from the first on, in the first hour in the chair.
        in_the_chair = tuple(f"{self.start(4 - ahead):%A}".lower() for ahead in (0, 2, 4))
        calves = replace(self.legs(self.start(4)), weekdays=in_the_chair, session_time=dt.time(8, 30))
        self.course("gia", lambda: calves, 4, lived)

        def compares() -> None:
            # From the two sides of the chair, as far off as there is room.
            other_side = Placement(distance_mm=400.0, tilt_deg=-30.0)
            beside = ChosenLamp(lamp=self.lamps.second_panel, placement=other_side)
            both = replace(calves, distance_mm=400.0, tilt_deg=30.0, beside=(beside,))
            planned(screened(self.people["gia"], both, self.by), self.by)

        self.on(2, 12, compares)
        for days in (1, 3, 5, 8):
            self.book("gia", days, dt.time(8, 0), "dialysis_chair", "Chair 4, with the light")

    def _hugo(self) -> None:
        """On his own with a wrap of his own, in the second week."""

        def neck() -> Part:
            return Part(lamp=own_lamp(self.users["hugo"]), site="upper_trapezius", side="left", target="trapezius",
                        start=self.start(9))  # fmt: skip

        lived = Lived(before=5.5, after=3, seed=16, scores=pain(((-11, 5), (-4, 6), (7, 5))), cramps=True)
        self.course("hugo", neck, 9, lived, statement="I have read it and take it on myself.")

    def _lea(self) -> None:
        """Restless legs; a blinded test, fifth week: light or none, in an order that only the keeper sees."""
        start, lived = self.start(31), Lived(before=6.2, after=5.6, seed=17, onset=21.0)
        self.comes("lea", 48)
        keep_notes(self.past, lambda: self.people["lea"], start, lived, self.today)
        beliefs = ("unsure", "active", "sham", "active", "active", "sham", "sham")

        def drawn() -> None:
            self.say("a plan for Lea")
            lea = self.people["lea"]
            row = plan(lea, replace(self.legs(start), side="left"), self.by)
            mask = {"method": "two_settings", "keeper": self.staff.admin, "looks_alike": "yes", "feels_alike": "yes",
                    "checked_on": start - 16 * DAY}  # fmt: skip
            draw_design(person=lea, by=self.by, mask=mask, first_day=start - 14 * DAY, pairs=5, days_per_period=4,
                        half_life_days=0.5)  # fmt: skip
            give_light(self.past, row, lived, by=self.users["lea"], until=self.today)
            for number, belief in enumerate(beliefs, start=1):
                guess = functools.partial(guess_period, person=lea, by=self.users["lea"], period=number, belief=belief)
                self.past.at(evening(start + (4 * number - 1) * DAY, 22), guess)

        self.on(46, 11, drawn)


def _stage(person: Person, stage: str, by: User) -> None:
    set_stage(person=person, stage=stage, owner=by, due=None, done=True, note="", by=by)

"""The story of the demo: who came, what happened to them, and what waits for the clinician today."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpbm.care.checkpoints.actions import decide, propose, weeks_due
from openpbm.care.events.actions import report_event, review_event
from openpbm.care.home.demo.accounts import Accounts
from openpbm.care.home.demo.courses import Lived, Part, live, plan, screened
from openpbm.care.home.demo.lamps import Lamps, make_lamps, own_lamp
from openpbm.care.home.demo.people import come_in, sign_up
from openpbm.care.home.demo.staff import Staff, make_staff
from openpbm.care.people.actions import book_appointment, grant_help, record_change, set_goal, set_stage
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.trust.models import User

__all__ = ["fill"]

_DAY = dt.timedelta(days=1)
_PATIENTS = ("ada", "ben", "cleo", "dan", "eva", "finn", "gia", "ida")


def fill(accounts: Accounts) -> None:
    """Accounts first, then everybody's story unless it has been told already."""
    staff = make_staff(accounts)
    users = {name: accounts.account("patient", f"demo.{name}") for name in _PATIENTS}
    users["hugo"] = accounts.account("self_managed", "demo.hugo")
    users["jon"] = accounts.account("other_patient", "demo.jon")
    helper = accounts.account("helper", "demo.helper")
    if not Person.objects.filter(user=users["ada"]).exists():
        _Story(staff, users, helper).tell()
    for name, user in users.items():
        person = Person.objects.filter(user=user).first()
        if person is not None:
            accounts.belongs_to(user, person)
            if name == "ada":
                accounts.belongs_to(helper, person)


class _Story:
    """Everybody's story, told once."""

    def __init__(self, staff: Staff, users: dict[str, User], helper: User) -> None:
        self.staff, self.users, self.helper = staff, users, helper
        self.by = staff.clinician
        self.people: dict[str, Person] = {name: come_in(name, staff.clinic, self.by, users[name]) for name in _PATIENTS}
        self.people["jon"] = come_in("jon", staff.other_clinic, staff.other_clinician, users["jon"])
        self.people["hugo"] = sign_up("hugo", users["hugo"])
        self.today: dt.date = self.people["ada"].today()
        self.lamps: Lamps = make_lamps(staff.clinic, self.by, self.today)

    def tell(self) -> None:
        """One person after the other."""
        self._ada()
        self._ben()
        self._cleo()
        self._refused()
        self._finn()
        self._gia()
        self._hugo()

    def _start(self, days_ago: int) -> dt.date:
        return self.today - dt.timedelta(days=days_ago)

    def _live(self, name: str, row: PlanRow, lived: Lived, by: User | None = None) -> None:
        live(row, lived, by=by or self.users[name], until=self.today)

    def _judge(self, row: PlanRow, *, decided: bool) -> None:
        """Every checkpoint that has come; all but the last are decided as proposed, the last when `decided`."""
        weeks = weeks_due(row, self.today)
        for week in weeks:
            found = propose(person=row.person, week=week, by=None)
            if decided or week != weeks[-1]:
                decide(checkpoint=found, decision=found.judgement["decision"], reason="As proposed.", by=self.by)

    def _ada(self) -> None:
        """Restless legs; answers well, week 6 waits for a decision; her daughter helps."""
        ada, user = self.people["ada"], self.users["ada"]
        set_goal(person=ada, number=1, text="Sit through an evening at the theatre", by=user)
        set_goal(person=ada, number=2, text="Fall asleep before midnight", by=user)
        grant_help(person=ada, user=self.helper, by=user)
        start = self._start(43)
        row = plan(ada, Part(lamp=self.lamps.panel, site="posterior_calf", side="both", target="gastrocnemius",
                             distance_mm=300, start=start), self.by)  # fmt: skip
        totals = ((-11, 27), (-4, 26), (7, 24), (14, 21), (21, 18), (28, 15), (35, 12), (42, 10))
        scores = [("irls", offset, _even(total, 10, 4), None) for offset, total in totals]
        self._live("ada", row, Lived(before=7, after=2.4, seed=11, onset=21.5, scores=scores, missed={8: "Travelling"}))
        record_change(person=ada, date=start - 21 * _DAY, kind="stretching", name="calf stretches", action="continue",
                      dose="every evening", by=user)  # fmt: skip
        report_event(
            person=ada, date=start + 10 * _DAY, kind="headache", detail="Gone within two hours", grade=1, by=user
        )
        self._judge(row, decided=False)
        for stage in ("assess", "educate", "individualise", "frequency_duration"):
            _stage(ada, stage, self.by)

    def _ben(self) -> None:
        """Carpal tunnel, a measured laser; no better at week 6."""
        row = plan(self.people["ben"], Part(lamp=self.lamps.laser, site="volar_wrist", side="right",
                   target="median_nerve", start=self._start(44)), self.by)  # fmt: skip
        totals = ((-11, 6), (-4, 7), (7, 6), (14, 7), (21, 6), (28, 6), (35, 7), (42, 6))
        scores: list[Any] = [("nrs", offset, {"1": float(total)}, None) for offset, total in totals]
        self._live("ben", row, Lived(before=6.3, after=6.2, seed=12, scores=scores), by=self.by)
        self._judge(row, decided=False)

    def _cleo(self) -> None:
        """Neck spasm, third week: a blister last night, the light is on hold until it is reviewed."""
        cleo, user = self.people["cleo"], self.users["cleo"]
        row = plan(cleo, Part(lamp=self.lamps.wrap, site="upper_trapezius", side="left", target="trapezius",
                              start=self._start(17)), self.by)  # fmt: skip
        scores: list[Any] = [
            ("nrs", offset, {"1": float(total)}, None) for offset, total in ((-11, 6), (-4, 6), (14, 5))
        ]
        self._live("cleo", row, Lived(before=6, after=3.5, seed=13, scores=scores, cramps=True))
        self._judge(row, decided=True)
        report_event(person=cleo, date=self.today - _DAY, kind="blister", grade=2, by=user,
                     detail="A blister of about a centimetre where the wrap lay over a fold")  # fmt: skip

    def _refused(self) -> None:
        """Dan's foot has a sore it cannot feel; Eva's medicine may worsen her legs; no light for either."""
        feet = Part(lamp=self.lamps.pads, site="foot_sole", side="right", target="plantar_nerves", start=self.today)
        screened(self.people["dan"], feet, self.by)
        eva = self.people["eva"]
        record_change(person=eva, date=self._start(60), kind="medicine", name="pramipexole", action="increase",
                      dose="0.5 mg in the evening", by=self.by)  # fmt: skip
        calves = Part(lamp=self.lamps.panel, site="posterior_calf", side="both", target="gastrocnemius",
                      distance_mm=300, start=self.today)  # fmt: skip
        screened(eva, calves, self.by)
        self._book("eva", 2, dt.time(9, 30), "phone", "With the prescriber: the dopamine medicine")

    def _finn(self) -> None:
        """Feet that feel little: a relative rule, released; pads whose measurement is due; sessions left out."""
        finn = self.people["finn"]
        reason = "Light in the clinic only; skin and temperature are checked by staff before and after."
        feet = Part(lamp=self.lamps.pads, site="foot_sole", side="both", target="plantar_nerves", start=self._start(24))
        row = plan(finn, feet, self.by, rules={"loss_of_protective_sensation": reason})
        scores: list[Any] = [
            ("nrs", offset, {"1": float(total)}, None) for offset, total in ((-11, 6), (-4, 5), (14, 5))
        ]
        missed = dict.fromkeys((4, 7, 8, 9, 10, 11), "Could not come")
        self._live("finn", row, Lived(before=5.5, after=4.5, seed=14, scores=scores, missed=missed), by=self.by)
        self._judge(row, decided=True)
        event, _ = report_event(person=finn, date=self._start(15), kind="erythema", grade=1, by=self.by,
                                detail="Red for an hour after the session")  # fmt: skip
        review_event(event=event, causality="possible", attributed_to="heat", serious=False, outcome="recovered",
                     action="Looked at the next day: nothing to be seen.", by=self.by, lift_hold=False)  # fmt: skip
        self._book("finn", 1, dt.time(10, 0), "clinic", "Session; look at the feet")

    def _gia(self) -> None:
        """Restless legs on dialysis, light at the chair, in the first week."""
        row = plan(self.people["gia"], Part(lamp=self.lamps.panel, site="posterior_calf", side="both",
                   target="gastrocnemius", distance_mm=300, start=self._start(4)), self.by)  # fmt: skip
        scores = [("irls", offset, _even(total, 10, 4), None) for offset, total in ((-11, 24), (-4, 25))]
        self._live("gia", row, Lived(before=6.5, after=4, seed=15, onset=19.0, scores=scores), by=self.by)
        for days in (1, 3, 5, 8):
            self._book("gia", days, dt.time(8, 0), "dialysis_chair", "Chair 4, with the light")

    def _hugo(self) -> None:
        """On his own with a wrap of his own, in the second week."""
        user = self.users["hugo"]
        part = Part(lamp=own_lamp(user), site="upper_trapezius", side="left", target="trapezius", start=self._start(9))
        row = plan(self.people["hugo"], part, user, statement="I have read it and take it on myself.")
        scores: list[Any] = [
            ("nrs", offset, {"1": float(total)}, None) for offset, total in ((-11, 5), (-4, 6), (7, 5))
        ]
        self._live("hugo", row, Lived(before=5.5, after=3, seed=16, scores=scores, cramps=True))

    def _book(self, name: str, in_days: int, time: dt.time, kind: str, note: str) -> None:
        person = self.people[name]
        starts_at = dt.datetime.combine(self.today + in_days * _DAY, time, person.zone)
        book_appointment(person=person, starts_at=starts_at, minutes=30, kind=kind, note=note, by=self.by)


def _even(total: int, items: int, most: int) -> dict[str, float]:
    """A total spread over items as evenly as whole numbers allow."""
    each, more = divmod(total, items)
    return {str(number): float(min(most, each + (number <= more))) for number in range(1, items + 1)}


def _stage(person: Person, stage: str, by: User) -> None:
    set_stage(person=person, stage=stage, owner=by, due=None, done=True, note="", by=by)

"""How a chapter of the demo is told: who comes when, a course with its diary, sessions and checkpoints."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.checkpoints.actions import propose, sign_decision
from openpbm.care.checkpoints.expected_course import expect_beside
from openpbm.care.home.demo.courses import Lived, Part, evening, give_light, keep_notes, plan, screened
from openpbm.care.home.demo.lamps import Lamps, make_lamps
from openpbm.care.home.demo.past import Past
from openpbm.care.home.demo.people import come_in, sign_up
from openpbm.care.home.demo.staff import Staff
from openpbm.care.people.actions import book_appointment
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow

__all__ = ["DAY", "Say", "Story", "even", "pain"]

DAY = dt.timedelta(days=1)

Say = Callable[[str], None]


class Story:
    """What every chapter is told with: each says what happens when, and then the past happens."""

    def __init__(
        self, staff: Staff, users: dict[str, User], helper: User, past: Past, today: dt.date, say: Say
    ) -> None:
        self.staff, self.users, self.helper = staff, users, helper
        self.past, self.today, self.say = past, today, say
        self.by = staff.clinician
        self.people: dict[str, Person] = {}
        self.lamps: Lamps = make_lamps(staff.clinic, self.by, today, past)

    def start(self, days_ago: int) -> dt.date:
        """The day so long ago."""
        return self.today - dt.timedelta(days=days_ago)

    def on(self, days_ago: int, hour: int, act: Callable[[], Any]) -> None:
        """Let something happen at that hour of a day."""
        self.past.at(evening(self.start(days_ago), hour), act)

    def comes(self, name: str, days_ago: int) -> None:
        """Registered, with consent and answers."""

        def come() -> None:
            if name == "hugo":
                self.people[name] = sign_up(name, self.users[name])
                return
            elsewhere = name == "jon"
            clinic = self.staff.other_clinic if elsewhere else self.staff.clinic
            by = self.staff.other_clinician if elsewhere else self.by
            self.people[name] = come_in(name, clinic, by, self.users[name])

        self.on(days_ago, 9, come)

    def screen(self, name: str, days_ago: int, part: Part) -> None:
        """Screened by the clinician."""
        self.on(days_ago, 14, lambda: screened(self.people[name], part, self.by))

    def course(
        self, name: str, part: Callable[[], Part], days_ago: int, lived: Lived, *, by: User | None = None,
        decided: bool = True, expects: bool = False, weeks: Collection[int] = (), **signed: Any,
    ) -> None:  # fmt: skip
        """Two weeks of diary, a plan, and then light, up to yesterday; checkpoints as they come.

        decided : the last checkpoint too; every earlier one is decided as proposed
        expects : whether somebody who has yet to decide looked at what the course would be, which takes seconds
        weeks : of the checkpoints that are judged; () for all that came
        """
        start = self.start(days_ago)
        self.comes(name, days_ago + 15)
        keep_notes(self.past, lambda: self.people[name], start, lived, self.today)

        def released() -> None:
            self.say(f"a plan for {name.title()}")
            signer = self.users[name] if name == "hugo" else self.by
            row = plan(self.people[name], part(), signer, **signed)
            give_light(self.past, row, lived, by=by or self.users[name], until=self.today)
            if not row.person.self_managed:
                self.checkpoints(row, decided=decided, expects=expects, weeks=weeks)

        self.on(days_ago + 2, 11, released)

    def light(self, row: PlanRow, lived: Lived, name: str) -> None:
        """The sessions of a plan, written down at home."""
        give_light(self.past, row, lived, by=self.users[name], until=self.today)

    def checkpoints(self, row: PlanRow, *, decided: bool, expects: bool, weeks: Collection[int]) -> None:
        """Judged when their day is over; decided the same morning."""
        days = row.followed.checkpoint_days.items()
        came = [(week, day) for week, day in days if day < self.today and (not weeks or week in weeks)]
        for week, day in came:
            signs = decided or week != came[-1][0]
            self.past.at(evening(day + DAY, 6), functools.partial(self._judge, row, week, signs, expects))

    def _judge(self, row: PlanRow, week: int, signs: bool, expects: bool) -> None:
        found = propose(person=row.person, week=week, by=None)
        if signs:
            proposed = found.judgement["decision"]
            sign = functools.partial(
                sign_decision, checkpoint=found, decision=proposed, reason="As proposed.", by=self.by
            )
            self.past.at(clock.now() + dt.timedelta(hours=3), sign)
        elif expects:
            expect_beside(found, by=None)

    def legs(self, start: dt.date) -> Part:
        """The panel behind both calves."""
        return Part(lamp=self.lamps.panel, site="posterior_calf", side="both", target="gastrocnemius",
                    distance_mm=300, start=start)  # fmt: skip

    def book(self, name: str, in_days: int, time: dt.time, kind: str, note: str) -> None:
        """An appointment to come, agreed on yesterday."""

        def agreed() -> None:
            person = self.people[name]
            starts_at = dt.datetime.combine(self.today + in_days * DAY, time, person.zone)
            book_appointment(person=person, starts_at=starts_at, minutes=30, kind=kind, note=note, by=self.by)

        self.on(1, 15, agreed)


def pain(totals: Sequence[tuple[int, int]]) -> list[Any]:
    """Pain 0-10 on days counted from the start."""
    return [("nrs", offset, {"1": float(total)}, None) for offset, total in totals]


def even(total: int, items: int, most: int) -> dict[str, float]:
    """A total spread over items as evenly as whole numbers allow."""
    each, more = divmod(total, items)
    return {str(number): float(min(most, each + (number <= more))) for number in range(1, items + 1)}

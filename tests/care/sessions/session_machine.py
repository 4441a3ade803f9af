"""A person who tries everything: begins, goes on, writes anything, moves clock, zone and days; what holds meanwhile.

Never two days' light within twenty hours, never more than planned begun in one session, never a start under a hold, a
withdrawal or a refusal: each by the rows of the database, not by the rules that keep it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import uuid
from typing import Any

from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, RIGHT, agree, release
from django.db import transaction
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from openpbm.care import clock
from openpbm.care.audit.ledger import append
from openpbm.care.people.actions import set_identity
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold, lift_hold
from openpbm.care.plans.models import Hold
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.actions import start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.errors import BadInput

__all__ = ["SessionMachine"]

NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
LEAST_GAP, TOLERANCE, PLANNED = dt.timedelta(hours=20), 1.1, 15.0
spans = st.sampled_from([0.0, 0.02, 1.0, 5.0, 16.0, 31.0, 90.0, 600.0, 1170.0, 1199.0, 1201.0, 1440.0, 2880.0])
given_minutes = st.sampled_from(["", "0", "0.1", "2", "7.5", "15", "16", "40", "500"])
written_of_two = st.sampled_from([("15", "0"), ("15", "2"), ("15", "15"), ("2", "2"), ("7.5", "0.1")])
statuses = st.sampled_from(["done", "partial", "missed", "extra"])
shifts = st.sampled_from([-400, -2, -1, 0, 0, 0, 1, 2])
zones = st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Tokyo", "America/Chicago"])
places = st.sampled_from([(LEFT, RIGHT), (LEFT,), (RIGHT,), (RIGHT, LEFT)])


class SessionMachine(RuleBasedStateMachine):
    """Alice, her clinician, and whatever the two of them send."""

    house: House  # set by whoever runs it, on rows that are there already
    begun_in_all = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.barred, self.starts = False, 0
        self.told = clock.told_by(lambda: self.now)
        self.told.__enter__()
        # Every run begins with the same rows: what it wrote is taken back at its end.
        self.rows = transaction.atomic()
        self.rows.__enter__()

    def teardown(self) -> None:
        type(self).begun_in_all += self.starts
        transaction.set_rollback(True)
        self.rows.__exit__(None, None, None)
        self.told.__exit__(None, None, None)

    @initialize()
    def on_a_course(self) -> None:
        agree(self.house.alice)
        self.plan = release(self.house.alice, self.house.clinician, start=NOON.date())

    @property
    def alice(self) -> Person:
        return Person.objects.select_related("clinic", "key", "user").get(pk=self.house.alice.pk)

    def post(self, name: str, sent: dict[str, Any], **where: Any) -> Any:
        path = reverse(name, kwargs={"person_id": self.house.alice.pk} | where)
        return signed_in(account_of(self.house.alice)).post(path, sent)

    def api(self, what: str, body: dict[str, Any]) -> Any:
        path = f"/api/people/{self.house.alice.pk}/{what}"
        return signed_in(account_of(self.house.alice)).post(path, body, content_type="application/json")

    def some_start(self, number: int) -> SessionStart | None:
        starts = list(SessionStart.objects.order_by("-audit_number")[:3])
        return starts[number % len(starts)] if starts else None

    def watched(self) -> None:
        """After anything that may begin a session: none began while one was barred."""
        found = SessionStart.objects.count()
        assert not (found > self.starts and self.barred), "begun under a hold, a withdrawal or a refusal"
        self.starts = found

    def bar(self) -> None:
        """Before anything that may begin a session."""
        withdrawn = not self.alice.consents.filter(purpose="investigational_light").latest("audit_number").given
        newest = self.alice.screenings.latest("audit_number").result["verdict"]
        self.barred = withdrawn or newest == "refused" or Hold.objects.filter(lift=None).exists()

    @rule(minutes=spans)
    def wait(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule(number=st.none() | st.integers(0, 2))
    def begin_on_the_page(self, number: int | None) -> None:
        self.bar()
        resumed = None if number is None else self.some_start(number)
        sent = {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"}
        self.post("sessions:guide", sent | ({"resumes": str(resumed.pk)} if resumed else {}))
        self.watched()

    @rule(number=st.none() | st.integers(0, 2), minutes=st.integers(-20, 20), where=places)
    def begin_over_the_api(self, number: int | None, minutes: int, where: Any) -> None:
        self.bar()
        resumed = None if number is None else self.some_start(number)
        body = {
            "id": str(uuid.uuid4()), "lamp_id": str(self.plan.lamp_id), "places": where,
            "started_at": (self.now + dt.timedelta(minutes=minutes)).isoformat(),
            "resumes": str(resumed.pk) if resumed else None,
        }  # fmt: skip
        self.api("session-starts", body)
        self.watched()

    @rule(number=st.none() | st.integers(0, 2), where=places, settled=st.sampled_from([True, True, False]))
    def begin_by_override(self, number: int | None, where: Any, settled: bool) -> None:
        if settled:
            self.settle()
        self.bar()
        resumed = None if number is None else self.some_start(number)
        with contextlib.suppress(BadInput):
            start_session(
                person=self.alice, places=where, started_at=self.now, by=self.house.clinician, resumes=resumed,
                override_reason="let begin whatever can be",
            )  # fmt: skip
        self.watched()

    def settle(self) -> None:
        """Everything that a clinician or a yes can settle."""
        for held in Hold.objects.filter(lift=None):
            lift_hold(hold=held, reason="looked at her skin", by=self.house.clinician)
        self.consent(given=True)
        self.screen(verdict="allowed")

    @rule(hours=st.sampled_from([1, 3, 25]))
    def set_the_clock_back(self, hours: int) -> None:
        client = signed_in(account_of(self.house.alice))
        path = reverse("sessions:guide", args=[self.house.alice.pk])
        right, self.now = self.now, self.now - dt.timedelta(hours=hours)
        client.post(path, {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"})
        self.now = right
        assert SessionStart.objects.count() == self.starts

    @rule(minutes=st.tuples(given_minutes, given_minutes), confirmed=st.booleans())
    def write_down_on_the_page(self, minutes: tuple[str, str], confirmed: bool) -> None:
        start = SessionStart.objects.filter(records=None).first()
        if start is not None:
            sent = {"minutes_0": minutes[0], "minutes_1": minutes[1], "reason": "so", "distance_cm": "15"}
            sent |= {"skin_reaction": "none"} | ({"confirmed": "on"} if confirmed else {})
            self.post("sessions:run", sent, start_id=start.pk)

    @rule(
        number=st.none() | st.integers(0, 2), day=shifts, minutes=given_minutes, status=statuses,
        place=st.sampled_from([LEFT, RIGHT]), corrects=st.booleans(), confirmed=st.booleans(),
        at=st.sampled_from([None, "00:01", "12:00", "23:59"]),
    )  # fmt: skip
    def write_down_over_the_api(
        self, number: int | None, day: int, minutes: str, status: str, place: Any, corrects: bool, confirmed: bool,
        at: str | None,
    ) -> None:  # fmt: skip
        start = None if number is None else self.some_start(number)
        old = SessionRecord.objects.filter(newer=None).order_by("-audit_number").first() if corrects else None
        body = {
            "id": str(uuid.uuid4()), "lamp_id": str(self.plan.lamp_id), "start_id": str(start.pk) if start else None,
            "date": (self.alice.today() + dt.timedelta(days=day)).isoformat(), "time": at, "site": place[0],
            "side": place[1], "minutes": float(minutes) if minutes and status != "missed" else None,
            "status": status, "reason": "so", "supersedes": str(old.pk) if old else None, "confirmed": confirmed,
        }  # fmt: skip
        self.api("sessions", body)

    @rule(day=shifts, minutes=given_minutes, status=statuses)
    def correct_on_the_page(self, day: int, minutes: str, status: str) -> None:
        old = SessionRecord.objects.filter(newer=None).order_by("-audit_number").first()
        if old is not None:
            sent = {
                "id": str(uuid.uuid4()), "date": (old.date + dt.timedelta(days=day)).isoformat(), "time": "",
                "status": status, "places": [f"{old.site}|{old.side}"], "minutes": minutes, "distance_cm": "15",
                "reason": "so", "confirmed": "on",
            }  # fmt: skip
            self.post("sessions:correct", sent, record_id=old.pk)

    @rule()
    def look_at_the_skin(self) -> None:
        self.post("sessions:skin", {"id": str(uuid.uuid4()), "reaction": "none", "note": ""})

    @rule(zone=zones)
    def move(self, zone: str) -> None:
        alice = self.alice
        set_identity(person=alice, identity=alice.identity, time_zone=zone, by=account_of(self.house.alice))

    def consent(self, given: bool) -> None:
        agree(self.alice, given=given)

    def screen(self, verdict: str) -> None:
        before = self.plan.screening
        row = ScreeningRow(
            person=self.alice, intake=before.intake, lamp=before.lamp, case={}, result={"verdict": verdict},
            package_version="0", facts_digest="0" * 64,
        )  # fmt: skip
        append(row, by=self.house.clinician, action="screening", person_id=row.person_id)

    @rule(what=st.sampled_from(["hold", "withdrawal", "refusal"]), number=st.none() | st.integers(0, 2))
    def bar_it_and_try(self, what: str, number: int | None) -> None:
        if what == "hold":
            cause = f"question {uuid.uuid4()}"[:40]
            hold(person=self.alice, cause=cause, message="Wait.", by=self.house.clinician)
        elif what == "withdrawal":
            self.consent(given=False)
        else:
            self.screen(verdict="refused")
        self.begin_by_override(number=number, where=(LEFT, RIGHT), settled=False)
        self.begin_on_the_page(number=number)

    @rule(minutes=written_of_two, passed=spans, number=st.sampled_from([None, 0]), then=st.sampled_from([0.02, 31.0]))
    def a_session_and_another(self, minutes: tuple[str, str], passed: float, number: int | None, then: float) -> None:
        self.begin_by_override(number=None, where=(LEFT, RIGHT), settled=True)
        self.wait(minutes=passed)
        self.write_down_on_the_page(minutes=minutes, confirmed=True)
        self.look_at_the_skin()
        whole = number is None or minutes[0] != "15"
        self.begin_by_override(number=number, where=(LEFT, RIGHT) if whole else (RIGHT,), settled=True)
        # Less was written than can have been: whether the rest gives more than was planned shows once its time is over.
        self.wait(minutes=then)

    @invariant()
    def two_days_light_lies_twenty_hours_apart(self) -> None:
        sessions = self._sessions()
        for earlier, later in itertools.pairwise(sessions):
            assert later[0].created_at - earlier[-1].created_at >= LEAST_GAP

    @invariant()
    def no_session_can_give_more_than_was_planned(self) -> None:
        for parts in self._sessions():
            lit, planned = 0.0, PLANNED * len(parts[0].places())
            for part in parts:
                written = part.records.order_by("audit_number").first()
                passed = (written.created_at if written else self.now) - min(part.started_at, part.created_at)
                lit += min(sum(one["minutes"] for one in part.positions), max(0.0, passed.total_seconds() / 60))
            assert lit <= planned * TOLERANCE + 0.1

    def _sessions(self) -> list[list[SessionStart]]:
        """Every session with the parts that went on with it, in the order in which they began."""
        found: dict[Any, list[SessionStart]] = {}
        root: dict[Any, Any] = {}
        for start in SessionStart.objects.order_by("audit_number"):
            root[start.pk] = root.get(start.resumes_id, start.pk)
            found.setdefault(root[start.pk], []).append(start)
        return list(found.values())

"""Every page there is, read with few rows of everything and with many: the database is asked the same number of times.

The routes come from the URL table, so that a new list is measured without a line here.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from care.access.cross_patient_fixtures import give_everything
from care.access.every_route import fill, route_names
from care.conftest import House, account_of, build_house, make_member, make_person, make_user, signed_in
from care.sessions.session_factories import at, make_lamp, release, write
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from openpbm.care.accounts.models import Role, User
from openpbm.care.audit.ledger import append
from openpbm.care.devices.actions import record_measurement
from openpbm.care.devices.models import Lamp
from openpbm.care.events.actions import report_event
from openpbm.care.jobs.actions import remind
from openpbm.care.people.actions import book_appointment, record_change
from openpbm.care.people.models import HelperGrant, Intake, Person
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.scales.actions import record_diary, record_score
from openpbm.care.screening.models import ScreeningRow

# The pages are asked once for the file; the mark is what makes pytest set a database up for it.
pytestmark = pytest.mark.django_db

#: A query for each row shows in any difference; pages of fifty rows take three times as long to draw.
FEW, MANY = 5, 20
#: Not part of a page: the session is saved every half minute, savepoints belong to the test.
_ASIDE = ("django_session", "SAVEPOINT")
_WRITING = ("INSERT", "UPDATE", "DELETE")
#: Written at each look, the second as the first.
_READ_LOG = "audit_readentry"
#: A whole plan is read once for its tables of light; what a page says of them is kept.
_WHOLE_PLAN = '"plans_planrow"."document"'
#: Taking a whole record out opens every row of it; it is no list.
_NO_LISTS = {"checkpoints:export"}
_ACCESS = tomllib.loads((Path(__file__).parent / "access" / "matrix.toml").read_text(encoding="utf-8"))
_LETTERS = {"patient": "p", "clinician": "c", "helper": "h", "auditor": "u", "admin": "a"}


def grow_record(house: House, known: dict[str, Any], numbers: range) -> None:
    """One more row of everything of alice's for each number."""
    alice, by = house.alice, house.clinician
    plan, lamp = PlanRow.objects.get(pk=known["plan_id"]), Lamp.objects.get(pk=known["lamp_id"])
    screening = ScreeningRow.objects.get(pk=known["screening_id"])
    for number in numbers:
        day = alice.today() - dt.timedelta(days=number + 1)
        entered = at(alice, day)
        record_diary(
            person=alice,
            date=day,
            entered_at=entered,
            answers={"severity": 5, "cramps": 1},
            notes="x",
            by=account_of(alice),
        )
        record_score(person=alice, date=day, scale="irls", value=20, source="clinician", by=by)
        report_event(person=alice, date=day, kind="headache", detail="x", grade=1, by=account_of(alice))
        record_change(
            person=alice, date=day, kind="other", name=f"Tea {number}", action="start", dose="", by=account_of(alice)
        )
        hold(person=alice, cause="question", message=f"Wait {number}", by=by)
        remind(
            user=account_of(alice), person_id=alice.pk, kind="care", key=f"a {number}", text="x", due_at=timezone.now()
        )
        remind(user=by, person_id=alice.pk, kind="care", key=f"c {number}", text="x", due_at=timezone.now())
        book(alice, by, number)
        HelperGrant.objects.create(person=alice, user=make_user(f"helper{number}"))
        newer(alice, Intake, number, document={"person": {"age_years": 50 + number % 40}})
        newer(alice, ScreeningRow, number, **same(screening, "intake", "lamp", "case", "result"))
        newer(alice, PlanRow, number, **same(plan, "screening", "lamp", "document", "seed"), version=100 + number)
        record_measurement(
            lamp=lamp, by=by, measured_on=day, wavelength_nm=850, irradiance_mw_cm2=40, distance_mm=150,
            uncertainty_percent=10, meter="Meter", meter_calibrated_on=day,
        )  # fmt: skip
        write(PlanRow.objects.select_related("lamp", "person").get(pk=known["released"]), day, looked=number % 2 == 0)


def same(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def newer(person: Person, kind: Any, number: int, **content: Any) -> None:
    before = kind.objects.filter(person=person).order_by("-created_at").first()
    if kind is not PlanRow:
        content["supersedes"] = before
    append(kind(person=person, **content), by=person.user, action="grown", person_id=person.pk)


def book(person: Person, by: User, number: int) -> None:
    begins = timezone.now() + dt.timedelta(days=1, hours=number)
    book_appointment(person=person, starts_at=begins, minutes=30, kind="clinic", note="x", by=by)


def grow_clinic(house: House, numbers: range) -> None:
    """One more patient on a course, lamp and member of the staff for each number; a helper who helps them all."""
    for number in numbers:
        person = make_person(f"patient{number}", house.clinic)
        plan = release(person, house.clinician, start=person.today() - dt.timedelta(days=7))
        write(plan, person.today() - dt.timedelta(days=7), looked=False)
        record_diary(
            person=person,
            date=person.today(),
            entered_at=timezone.now(),
            answers={"severity": 5},
            by=account_of(person),
        )
        report_event(person=person, date=person.today(), kind="headache", detail="", grade=2, by=account_of(person))
        book(person, house.clinician, number)
        make_lamp(person, house.clinician)
        make_member(f"staff{number}", house.clinic, Role.AUDITOR)
        HelperGrant.objects.create(person=person, user=house.helper)


def may_read(route: str, role: str) -> bool:
    """Whether somebody in that role may be shown a page there, as the table says that `test_care_matrix.py` holds true.

    A page that leads on to another may show a list to whom it leads to none: to the helper of many.
    """
    row = _ACCESS[route]
    return _LETTERS[role] in row["through"] and not {200, 302}.isdisjoint(row["get"])


@dataclass(frozen=True)
class Look:
    """What one look at a page came to; `once`: something was written, or read that is kept from then on."""

    opened: bool
    asked: int
    once: bool


class Counted:
    """How often each page asked the database with few rows and with many."""

    def __init__(self, house: House) -> None:
        known = give_everything(house.alice, house.clinician).parameters | {"membership_id": 0}
        known["released"] = house.alice.plan_releases.latest("created_at").plan_id
        self.clients = {
            "patient": signed_in(account_of(house.alice)),
            "clinician": signed_in(house.clinician),
            "helper": signed_in(house.helper),
            "auditor": signed_in(house.auditor),
            "admin": signed_in(house.admin),
        }
        self.routes = sorted(set(route_names()) - _NO_LISTS)
        self.known = known
        grow_record(house, known, range(FEW))
        grow_clinic(house, range(FEW))
        few = dict(self._everybodys_pages())
        grow_record(house, known, range(FEW, MANY))
        grow_clinic(house, range(FEW, MANY))
        self.pages = {page: (few[page], self._settled(page, few[page])) for page in few}

    def _everybodys_pages(self) -> Iterator[tuple[tuple[str, str], int]]:
        """Each route for the first who gets through, and for a clinician, who may see more on it; how often it asks."""
        for route in self.routes:
            looks = ((role, self._look(route, role)) for role in self.clients if may_read(route, role))
            first, look = next(((role, look) for role, look in looks if look.opened), ("", None))
            if look is not None:
                yield (route, first), self._at_rest(route, first, look)
            if first == "patient" and may_read(route, "clinician") and (look := self._look(route, "clinician")).opened:
                yield (route, "clinician"), self._at_rest(route, "clinician", look)

    def _at_rest(self, route: str, role: str, look: Look) -> int:
        """Looked at again where it did what is done at the first look only."""
        return self._look(route, role).asked if look.once else look.asked

    def _settled(self, page: tuple[str, str], before: int) -> int:
        """Asked again where it differs, for the same reason."""
        asked = self._look(*page).asked
        return asked if asked == before else self._look(*page).asked

    def _look(self, route: str, role: str) -> Look:
        asked: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not any(word in sql for word in _ASIDE):
                asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            statuses = [self.clients[role].get(path).status_code for path in fill(route, self.known)]
        once = any(_WHOLE_PLAN in sql or (sql.startswith(_WRITING) and _READ_LOG not in sql) for sql in asked)
        return Look(set(statuses) <= {200}, len(asked), once)


@pytest.fixture
def _django_db_helper() -> None:
    """No transaction for each test: all stand in the one of the file, and each would check every row there is."""


@pytest.fixture(scope="module")
def counted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Counted]:
    with django_db_blocker.unblock(), transaction.atomic():
        counted = Counted(build_house())
        connection.check_constraints()
        yield counted
        transaction.set_rollback(True)


@pytest.mark.parametrize("route", sorted(set(route_names()) - _NO_LISTS))
def test_a_page_asks_as_little_for_many_rows_as_for_few(route: str, counted: Counted) -> None:
    asked = {role: counts for (name, role), counts in counted.pages.items() if name == route}
    assert {role: (few, many) for role, (few, many) in asked.items() if few != many} == {}


def test_the_lists_were_read_and_were_long(counted: Counted) -> None:
    for route, role in [
        ("home:worklist", "clinician"), ("devices:list", "clinician"), ("people:appointments", "clinician"),
        ("home:audit", "auditor"), ("accounts:staff", "admin"), ("sessions:list", "patient"),
        ("scales:days", "patient"),
        ("scales:list", "patient"), ("events:list", "patient"), ("people:timeline", "patient"),
        ("home:start", "helper"),
        ("home:record", "clinician"), ("api:list_people", "clinician"), ("api:list_diary", "patient"),
        ("api:list_sessions", "patient"), ("api:list_plans", "clinician"), ("devices:lamp", "clinician"),
    ]:  # fmt: skip
        assert (route, role) in counted.pages, f"{route} was not read as {role}"
    people = counted.clients["clinician"].get(reverse("api:list_people")).json()
    assert len(people) > MANY
    days = counted.clients["patient"].get(reverse("api:list_diary", kwargs={"person_id": counted.known["person_id"]}))
    assert len(days.json()) > MANY

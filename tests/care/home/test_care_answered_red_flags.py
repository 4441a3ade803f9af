"""A red flag answered in the intake: it was said to the person alone, and the clinic's list ranked them last."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, make_member, signed_in
from care.home.people_on_course import a_lamp, on_course, screened, somebody
from care.statements import statements_of
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbm.care.accounts.models import Role
from openpbm.care.events.actions import report_event
from openpbm.care.home.worklist_items import Facts, worklist_items
from openpbm.care.jobs.escalate import escalate_due
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.actions import record_intake
from openpbm.care.people.models import Intake, Person
from openpbm.care.people.urgent import urgent_of
from openpbm.care.screening.red_flags import tell_of_red_flags

PEOPLE = "/people/"
CONDITION = {"diagnosis": "rls_primary"}


def answers(person: Person, by: Any, **findings: Any) -> Intake:
    return record_intake(
        person=person, document={"person": {"findings": findings}, "condition": CONDITION}, reason="", by=by
    )[0]


def first_line(client: Client) -> Any:
    return client.get(PEOPLE).context["page"].object_list[0]


def open_reminders() -> Any:
    return Reminder.objects.exclude(state__in=("done", "cancelled"))


def minute(now: Any) -> None:
    tell_of_red_flags(now)
    escalate_due(now)


def test_it_ranks_with_a_red_flag_that_was_reported() -> None:
    today = dt.date(2026, 11, 20)
    found = worklist_items(Facts(today=today, red_flags=2, holds=[("h", "wait")], has_intake=True), None)
    assert (found[0].rank, found[0].text) == (0, "2 red flags in the answers, not screened yet")


def test_it_leads_the_list_until_somebody_screens_or_the_answers_change(house: House) -> None:
    by, client = house.clinician, signed_in(house.clinician)
    on_course(house.alice, by, a_lamp(house.clinic, by), house.alice.today() - dt.timedelta(weeks=2))
    report_event(person=house.alice, date=house.alice.today(), kind="blister", grade=2, by=account_of(house.alice))
    dora = somebody(house.clinic, "Dora")
    answers(dora, by, foot_ulcer=True)
    line = first_line(client)
    assert line.person == dora
    (finding, href) = line.links()[0]
    assert (finding.rank, finding.text) == (0, "Red flag in the answers, not screened yet")
    assert b"Get help first" in client.get(href).content
    assert [one.person for one in client.get(f"{PEOPLE}?show=warnings").context["page"]] == [dora]
    screened(dora, by, a_lamp(house.clinic, by), "refer")
    lines = {one.person: one for one in client.get(PEOPLE).context["page"].object_list}
    assert [one.rank for one in lines[dora].findings] == [3]
    answers(dora, by, foot_ulcer=True)
    assert first_line(client).person == dora
    answers(dora, by, foot_ulcer=False)
    assert first_line(client).person == house.alice


def test_the_clinic_is_told_and_told_again_until_it_screens(house: House) -> None:
    make_member("cyril", house.clinic, Role.CLINICIAN)
    answers(house.alice, house.alice.user, suicidal_thoughts=True)
    now = timezone.now()
    tell_of_red_flags(now)
    tell_of_red_flags(now)
    rows = {row.user.username: row for row in Reminder.objects.all()}
    assert set(rows) == {"alice", "clara", "cyril"}
    assert rows["alice"].escalates_at is None
    assert "Marker" not in rows["clara"].text
    assert rows["clara"].text.startswith(house.alice.code)
    assert rows["clara"].link == reverse("people:intake", kwargs={"person_id": house.alice.pk})
    (flag,) = urgent_of({"person": {"findings": {"suicidal_thoughts": True}}})
    assert flag.rule.urgency == "emergency"
    assert rows["clara"].escalates_at == now + dt.timedelta(hours=1)
    minute(now + dt.timedelta(minutes=59))
    assert not Reminder.objects.filter(kind="escalation").exists()
    minute(now + dt.timedelta(minutes=61))
    assert {row.user.username for row in Reminder.objects.filter(kind="escalation")} == {"clara", "cyril"}
    screened(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), "refer")
    minute(now + dt.timedelta(minutes=62))
    assert not open_reminders().exists()


def test_answers_given_again_replace_what_was_told_and_win_no_time(house: House) -> None:
    answers(house.alice, house.alice.user, suicidal_thoughts=True)
    now = timezone.now()
    minute(now)
    answers(house.alice, house.alice.user, suicidal_thoughts=True, foot_ulcer=True)
    minute(now + dt.timedelta(minutes=50))
    (staff,) = open_reminders().filter(user=house.clinician)
    assert staff.escalates_at == now + dt.timedelta(hours=1)
    answers(house.alice, house.alice.user, suicidal_thoughts=False)
    minute(now + dt.timedelta(minutes=55))
    assert not open_reminders().exists()


def test_what_a_clinician_has_ended_is_not_told_again_for_the_same_answers(house: House) -> None:
    answers(house.alice, house.alice.user, foot_ulcer=True)
    now = timezone.now()
    minute(now)
    Reminder.objects.filter(user=house.clinician).update(state="done")
    minute(now + dt.timedelta(days=3))
    assert not open_reminders().filter(user=house.clinician).exists()


def test_somebody_without_a_clinic_is_told_again_themselves(house: House) -> None:
    answers(house.carol, house.carol.user, foot_ulcer=True)
    now = timezone.now()
    minute(now)
    minute(now + dt.timedelta(days=8))
    assert {(row.user.username, row.kind) for row in Reminder.objects.all()} == {
        ("carol", "red_flag"), ("carol", "escalation")
    }  # fmt: skip


@pytest.mark.parametrize("left", [False, True])
def test_who_has_left_is_not_told_of(house: House, left: bool) -> None:
    answers(house.alice, house.alice.user, foot_ulcer=True)
    if left:
        house.alice.left_at = timezone.now()
        house.alice.save()
    tell_of_red_flags(timezone.now())
    assert Reminder.objects.exists() is not left


def test_fifty_of_them_cost_no_more_queries_than_ten(house: House) -> None:
    client = signed_in(house.clinician)

    def queries(numbers: Any) -> list[str]:
        for number in numbers:
            answers(somebody(house.clinic, f"Person {number:02}"), house.clinician, foot_ulcer=True)
        client.get(PEOPLE)
        with statements_of(client) as seen:
            page = client.get(PEOPLE).context["page"]
        assert {line.rank for line in page} == {0}
        return seen

    assert queries(range(26)) == queries(range(26, 50))

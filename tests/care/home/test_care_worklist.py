"""The clinician's list: what waits, in which order, for whom; and one person's record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.home.people_on_course import a_lamp, answered, on_course, screened, session, somebody
from care.statements import statements_of
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openpbm.care.events.actions import report_event, review_event
from openpbm.care.home.worklist_items import Facts, delivery_of, worklist_items
from openpbm.care.people.actions import record_change
from openpbm.care.scales.actions import record_diary

PEOPLE = "/people/"
TODAY = dt.date(2026, 11, 20)


def names_in_order(client: Client, address: str = PEOPLE) -> list[str]:
    return [line.person.shown_name() for line in client.get(address).context["page"].object_list]


def groups(facts: Facts) -> list[str]:
    return [one.group for one in worklist_items(facts, delivery_of(facts))]


def test_the_worst_comes_first_whatever_else_there_is() -> None:
    facts = Facts(
        today=TODAY, events=[("e1", "", 1), ("e2", "red_flag", 4), ("e3", "adverse_event", 2)], holds=[("h", "wait")],
        lamp_due=("l", "Panel"), answers_newer=True, verdict="refer", screening="s",
    )  # fmt: skip
    found = worklist_items(facts, None)
    assert found[0].text.startswith("Warning sign")
    assert [one.group for one in found] == [
        "effects", "effects", "holds", "referral", "effects", "screening", "lamps"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (Facts(today=TODAY), "No answers yet"),
        (Facts(today=TODAY, has_intake=True), "Not screened yet"),
        (Facts(today=TODAY, has_intake=True, screening="s", verdict="allowed"), "Screened, no plan yet"),
        (Facts(today=TODAY, has_intake=True, screening="s", verdict="refused"), "Screening says no to light"),
        (Facts(today=TODAY, screening="s", verdict="allowed", newest_plan="p"), "A plan waits for release"),
    ],
)
def test_before_a_plan_the_next_step_is_named(facts: Any, says: str) -> None:
    assert [one.text for one in worklist_items(facts, None)] == [says]


def test_a_line_says_when_somebody_last_wrote_and_draws_their_diary(house: House) -> None:
    alice = house.alice
    today = alice.today()
    for ago, worst in ((9, 7), (2, 4)):
        record_diary(
            person=alice, date=today - dt.timedelta(days=ago), entered_at=timezone.now(), answers={"severity": worst},
            by=account_of(alice),
        )  # fmt: skip
    answer = signed_in(house.clinician).get(PEOPLE)
    ((line, sign),) = answer.context["rows"]
    assert (line.person, sign.last, sign.days) == (alice, today - dt.timedelta(days=2), 2)
    assert len(sign.points.split()) == 2
    assert sign.words.endswith("2 entries, 7 first, 4 last")
    # The colour of the dot is told in words, and the keys stand on the page.
    assert line.status.word in answer.content.decode()
    assert "<kbd>j</kbd>" in answer.content.decode()


@pytest.mark.parametrize(("left_out", "waits"), [((), False), ((1,), False), ((4, 5), True), ((0, 2, 4), True)])
def test_missed_sessions_wait_after_two_in_a_row_or_too_few(house: House, left_out: Any, waits: bool) -> None:
    start = house.alice.today() - dt.timedelta(days=13)
    plan = on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), start)
    for number, planned in enumerate(plan.followed.schedule.sessions[:6]):
        missed = {"status": "missed", "minutes": None, "reason": "away", "skin_reaction": ""}
        session(plan, house.clinician, planned.date, **(missed if number in left_out else {}))
    groups = {one.group for line in signed_in(house.clinician).get(PEOPLE).context["page"] for one in line.findings}
    assert ("missed" in groups) is waits


def test_order_filters_and_the_border_of_the_clinic(house: House) -> None:
    by, lamp = house.clinician, a_lamp(house.clinic, house.clinician)
    dora = somebody(house.clinic, "Dora Late")
    on_course(dora, by, lamp, dora.today() - dt.timedelta(weeks=2))
    emil = somebody(house.clinic, "Emil Referred")
    screened(emil, by, lamp, "refer")
    event, _ = report_event(
        person=house.alice, date=house.alice.today(), kind="blister", grade=2, by=account_of(house.alice)
    )
    client = signed_in(by)
    assert names_in_order(client) == ["Alice MarkerAlice", "Emil Referred", "Dora Late"]
    assert names_in_order(client, "/people/?show=checkpoints") == ["Dora Late"]
    assert names_in_order(client, "/people/?show=holds") == ["Alice MarkerAlice"]
    review_event(
        event=event, causality="probable", attributed_to="heat", serious=False, outcome="recovered",
        action="Healed, seen",        by=by, lift_hold=True,
    )  # fmt: skip
    assert names_in_order(client, "/people/?show=effects") == []
    assert "MarkerBob" not in client.get(PEOPLE).content.decode()
    assert names_in_order(signed_in(house.other_clinician)) == ["Bob MarkerBob"]
    for other in (house.alice.user, house.auditor, house.admin, house.helper):
        assert signed_in(other).get(PEOPLE).status_code == 403


def test_answers_newer_than_the_screening_are_seen(house: House) -> None:
    row = screened(house.alice, house.clinician, a_lamp(house.clinic, house.clinician))
    client = signed_in(house.clinician)
    assert names_in_order(client, "/people/?show=screening") == []
    answered(house.alice, house.clinician, before=row.intake)
    assert names_in_order(client, "/people/?show=screening") == ["Alice MarkerAlice"]


def test_a_name_is_found_by_part_of_it_and_by_code_and_stands_in_no_address(house: House) -> None:
    client = signed_in(house.clinician)
    for words in ("markeral", house.alice.code[2:].lower()):
        answer = client.post(PEOPLE, {"q": words})
        assert [line.person for line in answer.context["page"]] == [house.alice]
    answer = client.post(PEOPLE, {"q": "MarkerBob"})
    assert list(answer.context["page"]) == []
    assert 'method="post"' in answer.content.decode()


def asked_by(client: Client, address: str = PEOPLE) -> list[str]:
    client.get(address)
    with statements_of(client) as statements:
        assert client.get(address).status_code == 200
    return statements


def idle(client: Client, seconds: float) -> None:
    """That much time goes by in which nobody asks for a page."""
    session = client.session
    session["seen_at"] -= seconds
    session.save()


def test_how_long_ago_a_page_was_asked_for_changes_nothing_of_what_is_counted(house: House) -> None:
    """A page counted with ten people and with fifty differed by three: filling in the forty had taken half a minute."""
    client = signed_in(house.clinician)
    at_once = asked_by(client)
    idle(client, 40)
    with CaptureQueriesContext(connection) as queries:
        client.get(PEOPLE)
    assert any(query["sql"].startswith('UPDATE "django_session"') for query in queries)
    idle(client, 40)
    with statements_of(client) as later:
        client.get(PEOPLE)
    assert later == at_once


def test_fifty_people_cost_no_more_queries_than_ten(house: House) -> None:
    lamp, client = a_lamp(house.clinic, house.clinician), signed_in(house.clinician)

    def fill(numbers: Any) -> None:
        for number in numbers:
            person = somebody(house.clinic, f"Person {number:02}")
            plan = on_course(person, house.clinician, lamp, person.today() - dt.timedelta(days=9))
            session(plan, house.clinician, person.today() - dt.timedelta(days=9))
            report_event(person=person, date=person.today(), kind="headache", grade=1, by=house.clinician)

    fill(range(10))
    ten = asked_by(client)
    fill(range(10, 50))
    assert asked_by(client) == ten
    page = client.get(PEOPLE).context["page"]
    assert (len(page.object_list), page.paginator.count) == (25, 51)
    assert len(client.get(f"{PEOPLE}?page=3").context["page"].object_list) == 1


def test_the_record_tells_how_it_stands_and_everything_that_was(house: House) -> None:
    by, lamp = house.clinician, a_lamp(house.clinic, house.clinician)
    start = house.alice.today() - dt.timedelta(days=9)
    plan = on_course(house.alice, by, lamp, start)
    session(plan, by, start)
    report_event(person=house.alice, date=start, kind="headache", grade=1, by=by)
    record_change(
        person=house.alice, date=start, kind="stretching", name="calf stretches", action="start", dose="", by=by
    )
    record = reverse("home:record", kwargs={"person_id": house.alice.pk})
    page = signed_in(by).get(record)
    text = " ".join(page.content.decode().split())
    for words in (
        "Alice MarkerAlice", house.alice.code, "Primary restless legs syndrome", "Version 1", "1 of 4 due",
        "Left posterior calf 20 min", "calf stretches: start", "Plan released, version 1", "Headache",
    ):  # fmt: skip
        assert words in text
    days = [entry.date for entry in page.context["page"]]
    assert days == sorted(days, reverse=True)
    for other in (house.other_clinician, house.alice.user, house.helper, house.auditor):
        assert signed_in(other).get(record).status_code == 403
    assert "once the hold is lifted" not in text
    report_event(person=house.alice, date=house.alice.today(), kind="burn", grade=2, by=by)
    assert "once the hold is lifted" in signed_in(by).get(record).content.decode()

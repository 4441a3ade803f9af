"""A restored backup forgot holds and withdrawals: every course is held until somebody looked through the record."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from care.sessions.session_factories import LEFT, RIGHT, agree, release
from django.urls import reverse

from openpbm.care import clock
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.audit.verify import verify
from openpbm.care.people.models import Consent, Person
from openpbm.care.plans.models import Hold
from openpbm.care.plans.restored import WITNESS, hold_every_course, hold_if_it_came_back, keep_witness
from openpbm.care.sessions.actions import StartRefused, start_session

BACKUP = dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC)


def on_a_course(house: House) -> None:
    for person, by in ((house.alice, house.clinician), (house.carol, house.carol.user)):
        agree(person)
        agree(person, Consent.Purpose.CAPABLE)
        release(person, by)


def begins(person: Person) -> None:
    start_session(person=person, places=(LEFT, RIGHT), started_at=clock.now(), by=account_of(person))


def test_every_course_is_held_after_a_restore_and_lifted_by_who_looked(house: House) -> None:
    on_a_course(house)
    assert hold_every_course(as_of=BACKUP, found_by="restore") == 2
    assert set(Hold.objects.values_list("person__code", flat=True)) == {house.alice.code, house.carol.code}
    # A second restore finds them held already.
    assert hold_every_course(as_of=BACKUP, found_by="restore") == 2
    assert Hold.objects.count() == 2
    assert AuditEntry.objects.filter(action="database_restored").count() == 2
    assert verify().faults == ()
    for person in (house.alice, house.carol):
        with pytest.raises(StartRefused, match="1 November 2026"):
            begins(person)
    listed = signed_in(house.clinician).get("/people/?show=holds").content.decode()
    assert "brought back as it was on" in listed
    for person, by in ((house.alice, house.clinician), (house.carol, account_of(house.carol))):
        where = reverse("plans:lift_hold", args=[person.pk, Hold.objects.get(person=person).pk])
        client = signed_in(by)
        page = client.get(where).content.decode()
        for said in ("Is something missing?", "Agreement to light", "Last effect in it", "Plan in force", "version 1"):
            assert said in page
        assert client.post(where, {"reason": "ok", "password": PASSWORD}).status_code == 422
        sent = {"reason": "Compared with her diary, nothing is missing", "password": PASSWORD}
        assert client.post(where, sent).status_code == 302
        begins(person)


def test_a_database_put_back_by_hand_is_found_by_its_witness(house: House, tmp_path: Path) -> None:
    on_a_course(house)
    keep_witness(tmp_path)
    assert hold_if_it_came_back(tmp_path) is None
    agree(house.alice)
    # Gone on from what was seen, and seen again.
    assert hold_if_it_came_back(tmp_path) is None
    seen = json.loads((tmp_path / WITNESS).read_text(encoding="ascii"))
    assert seen["number"] == ChainHead.objects.get(pk=1).number
    # An older copy ends before the link that was seen; one that went on differently has another there.
    for other in (seen | {"number": seen["number"] + 40}, seen | {"digest": "0" * 64}):
        (tmp_path / WITNESS).write_text(json.dumps(other), encoding="ascii")
        assert hold_if_it_came_back(tmp_path) == 2
        assert hold_if_it_came_back(tmp_path) is None
    assert Hold.objects.filter(cause="restored").count() == 2


def test_a_database_that_nobody_here_has_seen_may_be_any(house: House, tmp_path: Path) -> None:
    on_a_course(house)
    assert hold_if_it_came_back(tmp_path) == 2
    (tmp_path / WITNESS).write_text("{", encoding="ascii")
    assert hold_if_it_came_back(tmp_path) == 2
    assert Hold.objects.count() == 2


@pytest.mark.django_db
def test_an_empty_database_is_a_new_one(tmp_path: Path) -> None:
    assert hold_if_it_came_back(tmp_path) is None
    assert json.loads((tmp_path / WITNESS).read_text(encoding="ascii"))["number"] == 0

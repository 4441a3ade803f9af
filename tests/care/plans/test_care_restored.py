"""A restored backup forgot holds and withdrawals: every course is held until somebody looked through the record."""

from __future__ import annotations

import datetime as dt

import pytest
from care.audit.test_care_noted_heads import write_line
from care.conftest import PASSWORD, House, account_of, signed_in
from care.sessions.session_factories import LEFT, RIGHT, agree, release
from django.urls import reverse

from openpbm.care import clock
from openpbm.care.audit.ledger import record_event
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.audit.noted_heads import heads_file, note_head, noted_heads
from openpbm.care.audit.verify import verify
from openpbm.care.people.models import Consent, Person
from openpbm.care.plans import restored
from openpbm.care.plans.actions import lift_hold
from openpbm.care.plans.models import Hold
from openpbm.care.plans.restored import hold_every_course, hold_if_it_came_back, watch_each_minute
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
    assert hold_every_course(as_of=BACKUP, found_by="restore")[1] == 2
    assert set(Hold.objects.values_list("person__code", flat=True)) == {house.alice.code, house.carol.code}
    # A second restore finds them held already.
    assert hold_every_course(as_of=BACKUP, found_by="restore")[1] == 2
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


def test_a_database_put_back_by_hand_is_found_by_what_was_noted_of_it(house: House) -> None:
    on_a_course(house)
    write_line(0, "")
    assert hold_if_it_came_back() is None
    note_head()
    agree(house.alice)
    # Gone on from what was noted.
    assert hold_if_it_came_back() is None
    seen = ChainHead.objects.get(pk=1)
    # An older copy ends before the entry that was noted; one that went on differently has another there.
    for number, digest in ((seen.number + 40, seen.digest), (seen.number, "0" * 64)):
        write_line(number, digest)
        assert hold_if_it_came_back() == 2
        assert hold_if_it_came_back() is None
    assert Hold.objects.filter(cause="restored").count() == 2
    assert any("is not in the audit" in fault for fault in verify().faults)
    # Whoever looked is not asked again.
    for person, by in ((house.alice, house.clinician), (house.carol, account_of(house.carol))):
        reason = "Compared with the diary, nothing is missing"
        lift_hold(hold=Hold.objects.get(person=person), reason=reason, by=by)
    assert hold_if_it_came_back() is None
    assert not Hold.objects.filter(lift=None).exists()


def test_a_database_without_notes_may_be_any_and_ends_with_a_hold(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_course(house)

    def killed(entry: AuditEntry, why: str) -> None:
        raise KeyboardInterrupt

    # Killed between the holds and their line: they are there, and the next start finds it again.
    with monkeypatch.context() as patch:
        patch.setattr(restored, "note_put_back", killed)
        with pytest.raises(KeyboardInterrupt):
            hold_if_it_came_back()
    assert Hold.objects.count() == 2
    assert hold_if_it_came_back() == 2
    heads_file().write_text("{", encoding="ascii")
    watch_each_minute(clock.now())
    assert hold_if_it_came_back() is None
    assert Hold.objects.count() == 2
    assert AuditEntry.objects.filter(action="database_restored").count() == 3


@pytest.mark.django_db
def test_an_empty_database_is_a_new_one() -> None:
    assert hold_if_it_came_back() is None
    note_head()
    assert [head.number for head in noted_heads()] == [0]
    # Stopped within its first minute it is none that came back.
    record_event("lamp_looked_at", by=None)
    assert hold_if_it_came_back() is None

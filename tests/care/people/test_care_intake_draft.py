"""Answers begun and not recorded lay in the browser's session: signing out, or sitting idle, threw them away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from care.conftest import House, account_of, signed_in
from django.test import Client
from django.urls import reverse
from present import present

from openpbm.care.audit.ledger import ROW_WRITTEN
from openpbm.care.audit.models import AuditEntry
from openpbm.care.people.actions import record_intake
from openpbm.care.people.intake_draft import Draft
from openpbm.care.people.models import Intake, IntakeDraft, Person
from openpbm.care.people.selectors import latest_intake

SECRET = "marker-of-a-medicine"
CONDITION = {"diagnosis": "rls_primary"}


def url(person: Person, step: Any) -> str:
    return reverse("people:intake_step", kwargs={"person_id": person.pk, "step": step})


def begin(client: Client, person: Person) -> None:
    client.post(url(person, "complaint"), CONDITION)
    client.post(url(person, "medicines"), {"medicine_0": SECRET, "keep_names": "on"})


def overview(client: Client, person: Person) -> str:
    return client.get(reverse("people:intake", args=[person.pk])).content.decode()


def test_what_was_begun_outlives_the_sign_out(house: House) -> None:
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    assert "Everything you sent is saved" in client.get(reverse("account_logout")).content.decode()
    client.post(reverse("account_logout"))
    again = signed_in(account_of(house.alice))
    assert SECRET in again.get(url(house.alice, "medicines")).content.decode()
    assert "not recorded yet" in overview(again, house.alice)
    again.post(url(house.alice, "check"))
    assert present(latest_intake(house.alice)).document["person"]["medications"] == [SECRET]
    assert not IntakeDraft.objects.exists()


def test_it_lies_sealed_once_for_each_account_and_nothing_of_it_in_the_audit(house: House) -> None:
    for user in (house.alice.user, house.clinician):
        begin(signed_in(user), house.alice)
    mine, hers = IntakeDraft.objects.filter(person=house.alice).order_by("pk")
    assert {mine.user, hers.user} == {house.alice.user, house.clinician}
    for row in (mine, hers):
        assert SECRET.encode() not in bytes(row.sealed_answers)
        assert b"rls" not in bytes(row.sealed_answers)
    assert not AuditEntry.objects.exclude(action=ROW_WRITTEN).exists()
    house.alice.key.wrapped = None
    house.alice.key.save()
    assert SECRET not in signed_in(account_of(house.alice)).get(url(house.alice, "medicines")).content.decode()


def test_one_account_does_not_read_what_another_has_begun(house: House) -> None:
    begin(signed_in(account_of(house.alice)), house.alice)
    for other in (house.helper, house.clinician):
        assert SECRET not in signed_in(other).get(url(house.alice, "medicines")).content.decode()


def test_discarding_deletes_it(house: House) -> None:
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    client.post(reverse("people:intake", args=[house.alice.pk]), {"discard": "1"})
    assert not IntakeDraft.objects.exists()
    assert "not recorded yet" not in overview(client, house.alice)


def test_an_old_draft_does_not_undo_what_was_recorded_since(house: House) -> None:
    """A draft that lives for weeks would take back what a clinician wrote down meanwhile."""
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    newer, _ = record_intake(
        person=house.alice, document={"condition": CONDITION, "person": {"findings": {"foot_ulcer": True}}},
        reason="seen today", by=house.clinician,
    )  # fmt: skip
    for page in (url(house.alice, "check"), url(house.alice, "about")):
        assert "Other answers were recorded since" in client.get(page).content.decode()
    assert "Other answers were recorded since" in overview(client, house.alice)
    answer = client.post(url(house.alice, "check"))
    assert answer.status_code == 400
    assert "Discard what you began" in answer.content.decode()
    assert latest_intake(house.alice) == newer
    client.post(reverse("people:intake", args=[house.alice.pk]), {"discard": "1"})
    client.post(url(house.alice, "about"), {"age_years": "51"})
    assert client.post(url(house.alice, "check"), {"reason": "age"}).status_code == 302
    assert present(latest_intake(house.alice)).document["person"]["findings"]["foot_ulcer"] is True


def test_recorded_but_not_yet_forgotten_it_is_recorded_once(house: House) -> None:
    """The server died between recording and letting the draft go: sent again, it is the same record."""
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    draft = Draft(account_of(house.alice), house.alice)
    record_intake(id=draft.id, person=house.alice, document=draft.document(), reason="", by=account_of(house.alice))
    assert not Draft(account_of(house.alice), house.alice).overtaken
    assert client.post(url(house.alice, "check")).status_code == 302
    assert Intake.objects.count() == 1
    assert not IntakeDraft.objects.exists()


def test_the_page_says_when_it_was_kept(house: House) -> None:
    client = signed_in(account_of(house.alice))
    begin(client, house.alice)
    IntakeDraft.objects.update(kept_at=dt.datetime(2026, 3, 2, 18, 0, tzinfo=dt.UTC))
    assert "2 March 2026, 19:00" in overview(client, house.alice)

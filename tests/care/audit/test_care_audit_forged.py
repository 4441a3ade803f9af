"""Whoever can write to the database, and has not the key file, once rewrote the audit unseen: each way is found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from care.audit.test_care_ledger import make_intake, without_guards
from care.conftest import House, account_of
from django.db import connection

from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.ledger import append, link_digest
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.audit.verify import verify
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import HelperGrant, Person, PersonKey


def faults() -> str:
    return "\n".join(verify().faults)


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def written(house: House) -> House:
    """A house with a record, a lamp and a helper who was let go."""
    append(make_intake(house), by=house.clinician, action="intake", person_id=house.alice.pk)
    Lamp.objects.create(name="Panel", clinic=house.clinic)
    grant = HelperGrant.objects.create(person=house.alice, user=account_of(house.carol))
    grant.ended_at = grant.started_at
    grant.save(update_fields=["ended_at"])
    assert not faults()
    return house


def forge(entry: AuditEntry, key_name: str | None = None) -> None:
    """Rewrite a link, and every link after it, as well as somebody can who has no key."""
    previous = entry.previous
    for one in AuditEntry.objects.filter(number__gte=entry.number).order_by("number"):
        one.previous, one.key_name = previous, one.key_name if key_name is None else key_name
        if one.number == entry.number:
            one.row_digest, one.actor_id = entry.row_digest, entry.actor_id
        one.digest = previous = hashlib.sha256(link_digest(one).encode()).hexdigest()
        one.save()
    ChainHead.objects.update(digest=previous)


@pytest.mark.parametrize("key_name", [None, "", "0" * 16])
def test_a_chain_made_anew_without_the_key_is_found(written: House, key_name: str | None) -> None:
    without_guards("people_intake", "UPDATE people_intake SET reason = 'other'")
    without_guards("audit_auditentry", "SELECT 1")
    row = type(make_intake(written)).objects.get()
    entry = AuditEntry.objects.get(action="intake")
    entry.row_digest, entry.actor_id = row.row_digest(), written.admin.pk
    forge(entry, key_name)
    said = faults()
    assert "people_intake" not in said.replace("table people_intake", "")
    assert f"entry {entry.number}: was " in said


def test_a_link_of_a_key_that_is_not_ours_is_no_link(written: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown keys sign everything alike: with nothing."""
    monkeypatch.setattr(ledger, "current_key_name", lambda: "f" * 16)
    entry = ledger.record_event("plan_released", by=written.clinician)
    assert entry.digest == ""
    assert f"entry {entry.number}: was signed with the key {'f' * 16}, which the key file does not hold" in faults()


def _role(house: House) -> None:
    Membership.objects.filter(user=house.admin).update(role=Role.CLINICIAN)


def _came_back(house: House) -> None:
    HelperGrant.objects.filter(person=house.alice, ended_at__isnull=False).update(ended_at=None)


def _password(house: House) -> None:
    User.objects.filter(pk=house.clinician.pk).update(password="of-somebody-else")


def _moved(house: House) -> None:
    Person.objects.filter(pk=house.alice.pk).update(clinic=house.other_clinic)


def _renamed(house: House) -> None:
    Lamp.objects.filter(name="Panel").update(name="Stronger panel")


def _other_key(house: House) -> None:
    PersonKey.objects.filter(pk=house.alice.pk).update(wrapped=b"an older one")


def _member_made(house: House) -> None:
    Membership.objects.bulk_create([Membership(user=house.helper, clinic=house.clinic, role=Role.CLINICIAN)])


def _account_made(house: House) -> None:
    User.objects.bulk_create([User(username="nobody-knows", is_superuser=True)])


def _grant_gone(house: House) -> None:
    HelperGrant.objects.filter(user=house.helper).delete()


def _clinic_gone(house: House) -> None:
    run("INSERT INTO accounts_clinic (name, time_zone) VALUES ('made up', 'UTC')")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (_role, "role was changed behind the application's back"),
        (_came_back, "ended_at was changed behind"),
        (_password, "password was changed behind"),
        (_moved, "clinic_id was changed behind"),
        (_renamed, "name was changed behind"),
        (_other_key, "wrapped was changed behind"),
        (_member_made, "is in the table, and no entry names it"),
        (_account_made, "is in the table, and no entry names it"),
        (_grant_gone, "an entry names it, and it is gone"),
        (_clinic_gone, r"accounts_clinic \d+: is in the table"),
    ],
)
def test_a_row_that_rights_hang_on_changed_behind_our_back_is_found(
    written: House, act: Callable[[House], Any], said: str
) -> None:
    act(written)
    assert re.search(said, faults())


def test_what_was_forged_is_not_vouched_for_by_the_next_honest_change(written: House) -> None:
    """Saving the whole row, read after the forgery, or another column of it, once would have told the audit so."""
    _role(written)
    row = Membership.objects.get(user=written.admin)
    row.started_at = row.started_at.replace(year=2025)
    row.save()
    row.refresh_from_db()
    row.save()
    assert "role was changed behind" in faults()
    assert "started_at" not in faults()


def test_a_row_put_back_as_it_once_was_is_found(written: House) -> None:
    """What was true once is still signed, in a link that is no longer the last one about the row."""
    row = Membership.objects.get(user=written.admin)
    row.role = Role.AUDITOR
    row.save(update_fields=["role"])
    Membership.objects.filter(pk=row.pk).update(role=Role.ADMIN)
    assert "role was changed behind" in faults()


def test_a_digest_of_one_row_says_nothing_of_another(written: House) -> None:
    """Two rows that hold the same do not have the same digest: none can be copied."""
    both = Clinic.objects.order_by("pk")
    told = [AuditEntry.objects.get(table="accounts_clinic", row_id=str(one.pk)).detail["time_zone"] for one in both]
    assert both[0].time_zone == both[1].time_zone
    assert told[0] != told[1]


def test_a_head_that_is_gone_is_found(written: House) -> None:
    ChainHead.objects.all().delete()
    assert "its head says 0" in faults()


def test_being_seen_again_is_no_change(written: House) -> None:
    from django.contrib.auth.models import update_last_login

    entries = AuditEntry.objects.count()
    update_last_login(sender=None, user=written.clinician)  # type: ignore[arg-type]
    assert AuditEntry.objects.count() == entries
    assert not faults()

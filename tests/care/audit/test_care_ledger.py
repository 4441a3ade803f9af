"""One id, one record: sent twice it is there once, changed it conflicts, and nobody alters it unseen."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

import pytest
from care.conftest import House
from django.db import DatabaseError, connection, transaction

from openpbm.care.audit import ledger
from openpbm.care.audit.ledger import Conflict, append, record_event, seal_reads
from openpbm.care.audit.models import AuditEntry, ReadEntry
from openpbm.care.audit.verify import verify
from openpbm.care.people.models import Consent, Goal, Intake

_CUT = "DELETE FROM audit_auditentry WHERE number = (SELECT max(number) FROM audit_auditentry)"


def make_intake(house: House, **changes: Any) -> Intake:
    values = {"id": uuid.UUID(int=7), "person": house.alice, "document": {"person": {"age_years": 52.5}}}
    return Intake(**(values | changes))


def test_the_same_record_sent_twice_is_there_once(house: House) -> None:
    first, new = append(make_intake(house), by=house.clinician, action="intake", person_id=house.alice.pk)
    again, new_again = append(make_intake(house), by=house.clinician, action="intake", person_id=house.alice.pk)
    assert (new, new_again) == (True, False)
    assert first.pk == again.pk
    assert Intake.objects.count() == 1
    assert AuditEntry.objects.filter(action="intake").count() == 1


@pytest.mark.parametrize("changes", [{"document": {"person": {"age_years": 53}}}, {"reason": "a slip"}])
def test_the_same_id_with_another_body_conflicts(house: House, changes: dict[str, Any]) -> None:
    append(make_intake(house), by=house.clinician, action="intake")
    with pytest.raises(Conflict, match="recorded already with another content"), transaction.atomic():
        append(make_intake(house, **changes), by=house.clinician, action="intake")
    assert Intake.objects.get().document == {"person": {"age_years": 52.5}}


def test_the_same_id_for_somebody_else_conflicts(house: House) -> None:
    append(make_intake(house), by=house.clinician, action="intake")
    with pytest.raises(Conflict), transaction.atomic():
        append(make_intake(house, person=house.bob), by=house.other_clinician, action="intake")


def test_a_record_whose_link_fails_is_not_kept_even_where_an_action_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "link_digest", lambda entry: 1 / 0)
    with transaction.atomic(), suppress(ZeroDivisionError):
        append(make_intake(house), by=house.clinician, action="intake")
    assert not Intake.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE people_intake SET reason = 'other'", "DELETE FROM people_intake"])
def test_the_database_itself_refuses_to_change_a_record(house: House, statement: str) -> None:
    append(make_intake(house), by=house.clinician, action="intake")
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_was_written_verifies(house: House) -> None:
    append(make_intake(house), by=house.clinician, action="intake", person_id=house.alice.pk, clinic_id=house.clinic.pk)
    goal = Goal(person=house.alice, number=1)
    goal.sealed_text = house.alice.seal("Sit through a film", f"goal {goal.pk}")
    append(goal, by=house.alice.user, action="goal")
    record_event("lamp_renamed", by=house.clinician, row=house.clinic, detail={"before": "a", "after": "b"})
    ReadEntry.objects.create(actor=house.clinician, person_id=house.alice.pk, route="people:record")
    assert seal_reads() == 1
    found = verify()
    assert found.faults == ()
    assert (found.rows, found.reads, found.unsealed_reads) == (2, 1, 0)
    assert Goal.objects.get().text() == "Sit through a film"


def without_guards(table: str, statement: str) -> None:
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("table", "statement", "said"),
    [
        ("people_intake", "UPDATE people_intake SET reason = 'other'", "was changed after it was written"),
        ("people_intake", "DELETE FROM people_intake", "it is gone"),
        ("audit_auditentry", "UPDATE audit_auditentry SET action = 'x' WHERE number = 1", "entry 1: was changed"),
        ("audit_auditentry", "DELETE FROM audit_auditentry WHERE number = 1", "entry 1: missing"),
        ("audit_auditentry", _CUT, "missing at the end"),
        ("audit_readentry", "UPDATE audit_readentry SET route = 'x'", "changed after they were sealed"),
        ("audit_readentry", "DELETE FROM audit_readentry", "changed after they were sealed"),
    ],
)
def test_a_change_behind_our_back_is_found(house: House, table: str, statement: str, said: str) -> None:
    append(make_intake(house), by=house.clinician, action="intake")
    ReadEntry.objects.create(actor=house.clinician, person_id=house.alice.pk, route="people:record")
    seal_reads()
    without_guards(table, statement)
    assert any(said in fault for fault in verify().faults), verify().faults
    assert any("triggers against changes are missing" in fault for fault in verify().faults)


def test_a_look_marked_as_sealed_that_no_entry_seals_is_found(house: House) -> None:
    ReadEntry.objects.create(actor=house.clinician, person_id=house.alice.pk, route="people:record")
    ReadEntry.objects.update(sealed_in=99)  # the guard lets sealing through, whoever does it
    assert verify().faults == ("reads that are marked as sealed, and no entry seals them: 1",)


def test_what_is_sealed_for_one_place_does_not_open_in_another(house: House) -> None:
    from openpbm.errors import BadInput

    sealed = house.alice.seal("a secret", "goal 1")
    with pytest.raises(BadInput, match="cannot be opened"):
        house.alice.open(sealed, "goal 2")
    with pytest.raises(BadInput, match="cannot be opened"):
        house.carol.open(sealed, "goal 1")


def test_consent_is_never_edited(house: House) -> None:
    row = Consent(person=house.alice, purpose=Consent.Purpose.RECORD, version="1", text_digest="0" * 64, given=True)
    append(row, by=house.alice.user, action="consent")
    row.given = False
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        row.save()

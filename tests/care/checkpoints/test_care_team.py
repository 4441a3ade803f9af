"""The care team: who has which role, sealed, with a letter to each that asks them something of their own."""

from __future__ import annotations

import uuid

import pytest
from care.conftest import House, account_of, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from openpbm.care.checkpoints.care_team import care_team, set_team_member, team_line
from openpbm.care.checkpoints.doctor_letter import doctor_letter
from openpbm.care.checkpoints.models import TeamMember
from openpbm.care.people.access import Relation
from openpbm.errors import BadInput


def test_r_002_13_and_r_001_30_the_team_is_named_sealed_and_written_to(house: House) -> None:
    alice = account_of(house.alice)
    where = reverse("checkpoints:team_member", kwargs={"person_id": house.alice.pk, "role": "sleep"})
    sent = {"id": str(uuid.uuid4()), "name": "Dr. Nadia Nacht", "contact": "Clinic Street 4"}
    assert signed_in(alice).post(where, sent).status_code == 302
    set_team_member(person=house.alice, role="nephrology", name="Dr. Nieves", contact="", by=house.clinician)
    assert b"Nacht" not in bytes(TeamMember.objects.get(role="sleep").sealed_contact)
    letter = doctor_letter(house.alice, Relation.CLINICIAN, team_line(house.alice, "nephrology"))
    head = dict(letter.head)
    assert head["To"] == "Dr. Nieves, Kidney and dialysis unit"
    assert "dialysis days" in head["What we ask"]
    assert head["Others who treat"] == "Dr. Nadia Nacht (sleep clinic)"
    shared = dict(doctor_letter(house.alice, Relation.CLINICIAN).head)
    assert "To" not in shared
    assert "Dr. Nieves" in shared["Others who treat"]
    page = signed_in(house.clinician).get(reverse("checkpoints:care_plan", kwargs={"person_id": house.alice.pk}))
    assert "Dr. Nadia Nacht" in page.content.decode()


def test_whoever_has_a_role_is_replaced_and_taken_off(house: House) -> None:
    for name in ("Dr. One", "Dr. Two", ""):
        set_team_member(person=house.alice, role="gp", name=name, contact="", by=house.clinician)
    assert all(not line.name for line in care_team(house.alice))
    assert TeamMember.objects.count() == 3
    with pytest.raises(BadInput, match="role"):
        set_team_member(person=house.alice, role="gpp", name="X", contact="", by=house.clinician)
    with pytest.raises(PermissionDenied):
        set_team_member(person=house.alice, role="gp", name="X", contact="", by=house.helper)

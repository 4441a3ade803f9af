"""Staff: invited once, roles changed, memberships ended; all of it noted, and a clinic is never left without a head."""

from __future__ import annotations

import re
from typing import Any

import pytest
from care.conftest import House, signed_in
from present import present

from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.accounts.staff import change_role, end_membership, invite_member
from openpbm.care.audit.models import AuditEntry
from openpbm.errors import BadInput

STAFF = "/clinic/staff/"


def of(user: Any) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def test_an_invited_member_gets_a_password_that_is_shown_once_and_kept_nowhere(house: House) -> None:
    admin = signed_in(house.admin)
    page = admin.post(STAFF, {"username": "nora", "display_name": "Nora", "role": "clinician"}).content.decode()
    password = present(re.search(r'class="secret">([^<]+)<', page))[1]
    assert User.objects.get(username="nora").check_password(password)
    assert password not in admin.get(STAFF).content.decode()
    entry = AuditEntry.objects.get(action="member_invited")
    assert (entry.actor, entry.clinic_id, entry.detail) == (
        house.admin, house.clinic.pk, {"username": "nora", "role": "clinician"},
    )  # fmt: skip


@pytest.mark.parametrize("name", ["alice", "ALICE", "oscar", "clara"])
def test_an_account_that_is_there_is_not_drawn_into_the_clinic(house: House, name: str) -> None:
    before = Membership.objects.count()
    page = signed_in(house.admin).post(STAFF, {"username": name, "display_name": "X", "role": "admin"})
    assert page.status_code == 422
    assert b"is taken" in page.content
    assert Membership.objects.count() == before


def test_somebody_who_left_comes_back_with_the_password_they_had(house: House) -> None:
    end_membership(membership=of(house.clinician), by=house.admin)
    old = User.objects.get(pk=house.clinician.pk).password
    row, password = invite_member(
        clinic=house.clinic, username="clara", display_name="", role=Role.AUDITOR, by=house.admin
    )
    assert (row.user, password) == (house.clinician, "")
    assert User.objects.get(pk=house.clinician.pk).password == old


def test_an_ended_membership_opens_nothing_from_the_next_request_on(house: House) -> None:
    auditor = signed_in(house.auditor)
    assert auditor.get("/clinic/audit/").status_code == 200
    signed_in(house.admin).post(f"/clinic/staff/{of(house.auditor).pk}/end/")
    assert auditor.get("/clinic/audit/").status_code == 403
    assert AuditEntry.objects.get(action="member_ended").detail["username"] == "audrey"


def test_a_clinic_keeps_an_administrator(house: House) -> None:
    with pytest.raises(BadInput, match="without an administrator"):
        end_membership(membership=of(house.admin), by=house.admin)
    with pytest.raises(BadInput, match="without an administrator"):
        change_role(membership=of(house.admin), role=Role.CLINICIAN, by=house.admin)
    change_role(membership=of(house.auditor), role=Role.ADMIN, by=house.admin)
    assert end_membership(membership=of(house.admin), by=house.auditor).ended_at is not None
    assert AuditEntry.objects.get(action="member_role_changed").detail["after"] == "admin"


def test_an_administrator_changes_nobody_of_another_clinic(house: House) -> None:
    admin, theirs = signed_in(house.admin), of(house.other_clinician)
    assert admin.post(f"/clinic/staff/{theirs.pk}/end/").status_code == 403
    assert admin.post(f"/clinic/staff/{theirs.pk}/role/", {"role": "auditor"}).status_code == 403
    theirs.refresh_from_db()
    assert (theirs.ended_at, theirs.role) == (None, "clinician")


def test_a_role_that_is_none_is_refused(house: House) -> None:
    assert (
        signed_in(house.admin).post(f"/clinic/staff/{of(house.auditor).pk}/role/", {"role": "king"}).status_code == 400
    )


@pytest.mark.parametrize("path", ["/clinic/staff/", "/clinic/audit/"])
def test_each_page_is_for_its_role_alone(house: House, path: str) -> None:
    users = [house.alice.user, house.helper, house.clinician, house.other_clinician, house.auditor, house.admin]
    seen = {present(user).username for user in users if signed_in(user).get(path).status_code == 200}
    assert seen == ({"adam"} if "staff" in path else {"audrey"})

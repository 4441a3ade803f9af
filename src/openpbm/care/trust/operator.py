"""What whoever runs the machine does, who has no account: open a clinic, give somebody a first password again."""

from __future__ import annotations

import zoneinfo

from django.db import transaction

from openpbm.care.trust import ledger
from openpbm.care.trust.first_password import give_first_password
from openpbm.care.trust.lookup import clinics_of
from openpbm.care.trust.models import Clinic, Membership, Role, User
from openpbm.care.trust.staff import new_member_account
from openpbm.errors import BadInput

__all__ = ["open_clinic", "renew_any_password"]

_LONGEST_NAME = 120


@transaction.atomic
def open_clinic(*, name: str, time_zone: str, administrator: str, display_name: str = "") -> tuple[Clinic, str]:
    """A clinic and the account of its first administrator. Returns (clinic, first password); BadInput."""
    name, faults = name.strip(), []
    if not 0 < len(name) <= _LONGEST_NAME or "\0" in name:
        faults.append(f"name = {name[:40]!r}: must have 1 to {_LONGEST_NAME} characters")
    elif Clinic.objects.filter(name__iexact=name).exists():
        faults.append(f"name = {name!r}: there is a clinic of that name; choose another")
    if time_zone not in zoneinfo.available_timezones():
        faults.append(f"time zone {time_zone!r}: is not known; write one such as Europe/Berlin or America/Chicago")
    if faults:
        raise BadInput(faults)
    clinic = Clinic.objects.create(name=name, time_zone=time_zone)
    user, password = new_member_account(administrator.strip(), display_name.strip())
    Membership.objects.create(user=user, clinic=clinic, role=Role.ADMIN)
    ledger.note("clinic_opened", by=None, clinic_id=clinic.pk, row=clinic, detail={"administrator": user.username})
    return clinic, password


@transaction.atomic
def renew_any_password(*, username: str, forget_second_factor: bool = False) -> str:
    """A new first password for an account nobody in a clinic can help; its open sessions end. BadInput."""
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise BadInput(f"account {username!r}: there is none of that login name")
    return give_first_password(user=user, by=None, seen_in=clinics_of(user), forget_second_factor=forget_second_factor)

"""What whoever runs the machine does, who has no account: open a clinic, give somebody a first password again."""

from __future__ import annotations

from django.db import transaction

from openpbm.care.accounts.first_password import give_first_password
from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.accounts.staff import new_member_account
from openpbm.care.accounts.time_zones import problems_of_zone
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.people.access import clinics_of
from openpbm.errors import BadInput, Problem
from openpbm.files import unsupported_values

__all__ = ["open_clinic", "renew_any_password"]


@transaction.atomic
def open_clinic(*, name: str, time_zone: str, administrator: str, administrator_name: str = "") -> tuple[Clinic, str]:
    """A clinic and the account of its first administrator. Returns (clinic, first password); BadInput.

    administrator : the login name; administrator_name : how they are shown, the login name where it is empty
    """
    name = name.strip()
    problems = unsupported_values(name, "name") + problems_of_zone(time_zone)
    most = longest(Clinic, "name")
    if not 0 < len(name) <= most:
        problems.append(
            Problem(
                key="name",
                value=name[:40],
                message=f"has {len(name)} characters",
                remedy=f"write from 1 to {most}",
            )
        )
    if not problems and Clinic.objects.filter(name__iexact=name).exists():
        problems.append(
            Problem(key="name", value=name, message="there is a clinic of that name", remedy="choose another")
        )
    if problems:
        raise BadInput(problems)
    clinic = Clinic.objects.create(name=name, time_zone=time_zone)
    user, password = new_member_account(administrator.strip(), administrator_name.strip())
    Membership.objects.create(user=user, clinic=clinic, role=Role.ADMIN)
    ledger.record_event(
        "clinic_opened", by=None, clinic_id=clinic.pk, row=clinic, detail={"administrator": user.username}
    )
    return clinic, password


@transaction.atomic
def renew_any_password(*, username: str, forget_second_factor: bool = False) -> str:
    """A new first password for an account nobody in a clinic can help; its open sessions end. BadInput."""
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise BadInput(
            Problem(
                key=f"account {username!r}",
                message="there is none of that login name",
                remedy="the page Staff, or the person's page, shows it",
            )
        )
    return give_first_password(user=user, by=None, seen_in=clinics_of(user), forget_second_factor=forget_second_factor)

"""What whoever runs the machine does, who has no account: open a clinic, confirm its first clinician, give somebody a
first password again.
"""

from __future__ import annotations

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.confirmation import confirm_clinician
from openpbm.care.accounts.first_password import give_first_password
from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.accounts.staff import new_member_account
from openpbm.care.accounts.time_zones import problems_of_zone
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.people.access import clinics_of
from openpbm.errors import BadInput, Problem
from openpbm.files import unsupported_values

__all__ = ["confirm_any_clinician", "open_clinic", "renew_any_password"]


@transaction.atomic
def open_clinic(
    *,
    name: str,
    time_zone: str,
    administrator: str,
    administrator_name: str = "",
    clinician: str = "",
    clinician_name: str = "",
) -> tuple[Clinic, dict[str, str]]:
    """A clinic and the accounts it begins with. Returns (clinic, first passwords by login name); BadInput.

    administrator : the login name; administrator_name : how they are shown, the login name where it is empty
    clinician : the same of the first clinician, who confirms those invited later; "" for none yet
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
    first = [(Role.ADMIN, administrator.strip(), administrator_name.strip())]
    if clinician.strip():
        first.append((Role.CLINICIAN, clinician.strip(), clinician_name.strip()))
    passwords = {}
    for role, username, shown in first:
        user, passwords[username] = new_member_account(username, shown)
        # Confirmed by whoever runs the machine: there is nobody in the clinic yet who could.
        confirmed = clock.now() if role == Role.CLINICIAN else None
        Membership.objects.create(user=user, clinic=clinic, role=role, confirmed_at=confirmed)
    detail = {str(role): username for role, username, _ in first}
    ledger.record_event("clinic_opened", by=None, clinic_id=clinic.pk, row=clinic, detail=detail)
    return clinic, passwords


@transaction.atomic
def confirm_any_clinician(*, username: str) -> list[Membership]:
    """Confirm a clinician in a clinic that has none who could; BadInput."""
    user = _account(username)
    waiting = [row for row in user.member_of() if row.role == Role.UNCONFIRMED]
    if not waiting:
        raise BadInput(
            Problem(
                key=f"account {user.username!r}",
                message="is no clinician who waits to be confirmed",
                remedy="their administrator invites them as clinician first",
            )
        )
    return [confirm_clinician(membership=row, by=None) for row in waiting]


@transaction.atomic
def renew_any_password(*, username: str, forget_second_factor: bool = False) -> str:
    """A new first password for an account nobody in a clinic can help; its open sessions end. BadInput."""
    user = _account(username)
    return give_first_password(user=user, by=None, seen_in=clinics_of(user), forget_second_factor=forget_second_factor)


def _account(username: str) -> User:
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise BadInput(
            Problem(
                key=f"account {username!r}",
                message="there is none of that login name",
                remedy="the page Staff, or the person's page, shows it",
            )
        )
    return user

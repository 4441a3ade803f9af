"""Who works in a clinic: invited, given another role, ended. Each of it is noted in the audit; nothing is deleted.

An administrator makes nobody a clinician: that role waits until a clinician confirms it (`accounts.confirmation`). The
other members of the clinic are told of every change.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.confirmation import note_staff, role_when_given
from openpbm.care.accounts.first_password import give_first_password, set_first_password
from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.audit.constraints import field_problems
from openpbm.errors import BadInput, Problem

__all__ = ["change_role", "end_membership", "invite_member", "new_member_account", "renew_password"]


@transaction.atomic
def invite_member(*, clinic: Clinic, username: str, display_name: str, role: str, by: User) -> tuple[Membership, str]:
    """Make an account with a first password, which is returned and kept nowhere. Returns (membership, password).

    Somebody whose membership here was ended comes back with the account and the password they had: "" is returned.
    """
    _must_administer(by, clinic.pk)
    _check_role(role)
    # Sent twice at once: the second finds the name taken.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    user, password = _account(clinic, username.strip(), display_name.strip())
    row = Membership.objects.create(user=user, clinic=clinic, role=role_when_given(role))
    note_staff(
        "member_invited", row, by, {"username": user.username, "role": role},
        text=f"{by.shown_name()} invited {user.shown_name()} as {_as_role(role)}.{_waits(row)}",
    )  # fmt: skip
    return row, password


def _account(clinic: Clinic, username: str, display_name: str) -> tuple[User, str]:
    there = User.objects.filter(username__iexact=username).first()
    if there is None:
        return new_member_account(username, display_name)
    # Anybody else's account stays theirs: inviting it would tie a stranger, or a patient, to this clinic.
    was_here = there.memberships.filter(clinic=clinic)
    if not was_here.exists() or was_here.filter(ended_at=None).exists():
        raise BadInput(Problem(key=f"Login name {username}", message="is taken", remedy="choose another"))
    return there, ""


def new_member_account(username: str, display_name: str) -> tuple[User, str]:
    """An account and its first password; BadInput for a login name that is taken or cannot be one."""
    if User.objects.filter(username__iexact=username).exists():
        raise BadInput(Problem(key=f"Login name {username}", message="is taken", remedy="choose another"))
    user = User(username=username, display_name=display_name)
    password = set_first_password(user)
    try:
        user.clean_fields(exclude=["email"])
    except ValidationError as error:
        problems = [Problem(key=name, message=f"{' '.join(said)}") for name, said in error.message_dict.items()]
        raise BadInput(problems) from None
    user.save()
    return user, password


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Give a member another role; the one they have already changes nothing. A clinician waits to be confirmed."""
    _must_administer(by, membership.clinic_id)
    _check_role(role)
    row = _locked(membership)
    if role == row.role or role_when_given(role) == row.role:
        return row
    if role != Role.ADMIN:
        _keep_an_administrator(row)
    # What was set aside earlier is no claim on the role any more: it is given again, by somebody else.
    before, row.role, row.set_aside_at = row.role, role_when_given(role), None
    row.save(update_fields=["role", "set_aside_at"])
    name = row.user.shown_name()
    note_staff(
        "member_role_changed", row, by, {"username": row.user.username, "before": before, "after": role},
        text=f"{by.shown_name()} made {name} {_as_role(role)}.{_waits(row)}",
        own_text=f"{by.shown_name()} gave you the role {_as_role(role)}.",
    )  # fmt: skip
    return row


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> Membership:
    """End a membership: from now on this account sees nothing of the clinic. What it wrote stays under its name."""
    _must_administer(by, membership.clinic_id)
    row = _locked(membership)
    _keep_an_administrator(row)
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    note_staff(
        "member_ended", row, by, {"username": row.user.username, "role": row.role},
        text=f"{by.shown_name()} ended the access of {row.user.shown_name()}, {_as_role(row.role)}.",
    )  # fmt: skip
    return row


@transaction.atomic
def renew_password(*, membership: Membership, by: User, forget_second_factor: bool = False) -> str:
    """A new first password for a member who lost theirs; with it, if asked, lost devices of the second factor go.

    Not for oneself, and not for an account that also opens something outside this clinic: the new password is seen by
    the one who makes it. A clinician opens no record until they are confirmed again. Raises BadInput.
    """
    _must_administer(by, membership.clinic_id)
    row = _locked(membership)
    if row.user_id == by.pk:
        raise BadInput(
            Problem(message="This is your own account", remedy="change your password in the menu at the top right")
        )
    if _stands_elsewhere(row):
        raise BadInput(
            Problem(
                key=f"{row.user.shown_name()}",
                message=("the account also opens records outside this clinic, so nobody here may give it a password"),
                remedy="make a new account for their work here, and end this access",
            )
        )
    return give_first_password(
        user=row.user, by=by, seen_in={row.clinic_id: None}, forget_second_factor=forget_second_factor
    )


def _must_administer(by: User, clinic_id: int) -> None:
    if by.role_in(clinic_id) != Role.ADMIN:
        raise PermissionDenied("Who works in a clinic is decided by an administrator of it.")


def _stands_elsewhere(row: Membership) -> bool:
    user = row.user
    elsewhere = Membership.objects.filter(user=user, ended_at=None).exclude(clinic_id=row.clinic_id)
    return elsewhere.exists() or hasattr(user, "person") or user.helping.filter(ended_at=None).exists()


def _locked(membership: Membership) -> Membership:
    # Every administrator's row: two who leave at once must not both find the other still there.
    rows = Membership.objects.select_for_update().filter(clinic_id=membership.clinic_id, ended_at=None)
    found = next((row for row in rows.order_by("pk") if row.pk == membership.pk), None)
    if found is None:
        raise BadInput(Problem(message="This membership has ended already", remedy="nothing was changed"))
    return found


def _keep_an_administrator(row: Membership) -> None:
    others = Membership.objects.filter(clinic_id=row.clinic_id, role=Role.ADMIN, ended_at=None).exclude(pk=row.pk)
    if row.role == Role.ADMIN and not others.exists():
        raise BadInput(
            Problem(message="The clinic would be left without an administrator", remedy="make somebody else one first")
        )


def _check_role(role: str) -> None:
    if problems := field_problems(Membership(role=role), "role"):
        raise BadInput(problems)
    if role == Role.UNCONFIRMED:
        raise BadInput(Problem(key="role", value=role, message="is not given by that name", remedy="choose clinician"))


def _as_role(role: str) -> str:
    return Role(role).label.lower()


def _waits(row: Membership) -> str:
    if row.role != Role.UNCONFIRMED:
        return ""
    return " They open no record until a clinician of the clinic confirms who they are."

"""Who opens records: a clinician, once a clinician of the clinic has confirmed them.

An administrator makes accounts and resets them, and so could be anybody in them. What they cannot make is a clinician:
the role waits when they give it, and waits again after a reset of a clinician's password or device, until a clinician
says who it is, or the owner shows the second factor they had before.
"""

from __future__ import annotations

import datetime as dt

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal

from openpbm.care import clock
from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.audit import ledger
from openpbm.care.audit.models import AuditEntry
from openpbm.errors import BadInput, Problem

__all__ = [
    "ROLES_GIVEN",
    "confirm_clinician",
    "note_staff",
    "restore_own",
    "role_when_given",
    "set_aside",
    "staff_changed",
]

#: Sent inside the transaction of the change. Arguments: entry (of the audit), user (whom it is about), by, text and
#: own_text, as `note_staff` has them.
staff_changed = Signal()

#: What an administrator chooses from; nobody is given the role that waits by its name.
ROLES_GIVEN = [(role.value, role.label) for role in Role if role != Role.UNCONFIRMED]


def role_when_given(role: str) -> str:
    """The role that a member has from now on when an administrator gives them that one."""
    return Role.UNCONFIRMED if role == Role.CLINICIAN else role


def note_staff(
    action: str, row: Membership, by: User | None, detail: dict[str, str], *, text: str, own_text: str = ""
) -> AuditEntry:
    """Write down a change of the staff, and let those above this layer tell the others.

    text : what the other members of the clinic read; own_text : what the one it is about reads, if anything
    """
    entry = ledger.record_event(action, by=by, clinic_id=row.clinic_id, row=row, detail=detail)
    staff_changed.send(sender=Membership, entry=entry, user=row.user, by=by, text=text, own_text=own_text)
    return entry


@transaction.atomic
def confirm_clinician(*, membership: Membership, by: User | None) -> Membership:
    """Let a clinician who waits open records. Raises PermissionDenied, BadInput.

    by : a clinician of the clinic; None for whoever runs the machine, where a clinic has no clinician
    """
    if by is not None and by.role_in(membership.clinic_id) != Role.CLINICIAN:
        raise PermissionDenied("A clinician is confirmed by a clinician of the clinic.")
    row = Membership.objects.select_for_update().select_related("user").get(pk=membership.pk)
    if row.ended_at is not None or row.role != Role.UNCONFIRMED:
        raise BadInput(
            Problem(key=row.user.shown_name(), message="does not wait to be confirmed", remedy="nothing to do")
        )
    # With a first password it is still in the hands of whoever made it, who would be confirmed as well.
    if row.user.must_change_password or not is_mfa_enabled(row.user):
        raise BadInput(
            Problem(
                key=row.user.shown_name(),
                message="has not yet chosen a password and set up a second factor",
                remedy="let them sign in and do both, then confirm",
            )
        )
    _hold(row, confirmed_by=by)
    whose = "Whoever runs the machine" if by is None else by.shown_name()
    name = row.user.shown_name()
    note_staff(
        "clinician_confirmed", row, by, {"username": row.user.username},
        text=f"{whose} confirmed {name} as clinician. {name} opens the records of the clinic now.",
        own_text=f"{whose} confirmed you as clinician.",
    )  # fmt: skip
    return row


def set_aside(user: User) -> list[Membership]:
    """Let no confirmation of the account stand: somebody else has reset what it is opened with."""
    rows = Membership.objects.select_for_update().filter(user=user, ended_at=None)
    found = [row for row in rows if row.role in (Role.CLINICIAN, Role.UNCONFIRMED)]
    for row in found:
        # One that waits since an earlier reset keeps its moment unless it was confirmed: the later reset counts.
        if row.role == Role.CLINICIAN or row.set_aside_at is not None:
            row.role, row.set_aside_at = Role.UNCONFIRMED, clock.now()
            row.save(update_fields=["role", "set_aside_at"])
    return found


@transaction.atomic
def restore_own(user: User, shown_since: dt.datetime) -> None:
    """Give back what a reset set aside to whoever shows a second factor that is older than the reset.

    The one who made the new password has seen it, and has never held that device. What nobody had confirmed before
    stays unconfirmed.

    shown_since : when the second factor that was shown had been set up
    """
    rows = Membership.objects.select_for_update().select_related("user")
    for row in rows.filter(user=user, ended_at=None, role=Role.UNCONFIRMED, set_aside_at__gt=shown_since):
        _hold(row, confirmed_by=row.confirmed_by)
        name = user.shown_name()
        note_staff(
            "clinician_recovered", row, user, {"username": user.username},
            text=f"{name} showed the second factor they had before the reset, and opens the records again.",
        )  # fmt: skip


def _hold(row: Membership, *, confirmed_by: User | None) -> None:
    row.role, row.confirmed_at, row.confirmed_by, row.set_aside_at = Role.CLINICIAN, clock.now(), confirmed_by, None
    row.save(update_fields=["role", "confirmed_at", "confirmed_by", "set_aside_at"])

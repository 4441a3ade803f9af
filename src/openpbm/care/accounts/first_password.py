"""First passwords: made here, told once, known to whoever made them, and good for nothing but choosing another one."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpResponseBase

from openpbm.care.accounts.confirmation import set_aside, staff_changed
from openpbm.care.accounts.models import Membership, User
from openpbm.care.audit import ledger

__all__ = ["first_password_suffices", "give_first_password", "new_password", "set_first_password"]

# None that looks like another: it is read aloud or typed from paper once.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def first_password_suffices(view: View) -> View:
    """Mark a view that answers an account with a first password too, as `login_not_required` marks a public one."""
    view.__dict__["first_password_suffices"] = True
    return view


def new_password() -> str:
    """A password nobody has guessed; kept nowhere."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def set_first_password(user: User) -> str:
    """Give an account a password that has to be changed; the caller saves. Every sign-in that holds ends with it."""
    password = new_password()
    user.set_password(password)
    user.must_change_password = True
    return password


@transaction.atomic
def give_first_password(
    *,
    user: User,
    by: User | None,
    seen_in: Mapping[int | None, uuid.UUID | None],
    forget_second_factor: bool = False,
) -> str:
    """A new first password for somebody who lost theirs; whether `by` may do that the caller has seen to.

    Of a clinician it opens no record: whoever made it has seen it (`accounts.confirmation`). The owner is told, and so
    are the other members of the clinic where the account is one of its staff.

    by : None for whoever runs the machine
    seen_in : the clinics in whose audit it stands, each with the patient there that it is about
    forget_second_factor : also take away the devices and codes that were lost
    """
    # `no_key`: rows that name the account, such as its looks at records, are written meanwhile.
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    password = set_first_password(row)
    row.save(update_fields=["password", "must_change_password"])
    forgotten = bool(forget_second_factor and Authenticator.objects.filter(user=row).delete()[0])
    waits = set_aside(row)
    texts = _texts(row, by, forgotten=forgotten, waits=bool(waits))
    # An entry for each clinic: an auditor sees those of their own clinic alone.
    for clinic_id, person_id in seen_in.items():
        for action in ["first_password_given", *(["second_factor_forgotten"] if forgotten else [])]:
            entry = ledger.record_event(
                action, by=by, person_id=person_id, clinic_id=clinic_id, row=row, detail={"account": row.pk}
            )
        staff_changed.send(sender=Membership, entry=entry, user=row, by=by, **texts)
    return password


def _texts(user: User, by: User | None, *, forgotten: bool, waits: bool) -> dict[str, str]:
    """What colleagues and the owner read of it."""
    whose, name = "Whoever runs the machine" if by is None else by.shown_name(), user.shown_name()
    also = " and took the second factor away" if forgotten else ""
    text = f"{whose} made a new first password for {name}{also}."
    if waits:
        text += (
            f" {name} opens no record until a clinician confirms who they are, or they show the second factor they had."
        )
    own_text = f"{whose} made a new first password for you{also}. If you did not ask for it, tell your clinic at once."
    return {"text": text, "own_text": own_text}

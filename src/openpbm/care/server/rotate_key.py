"""Another key in the key file: everything it seals is sealed again, and whatever interrupts it, everything still opens.

First the key file holds both keys, the new one first. Then one transaction seals again. Then the old key leaves the
file, all but the part that checks what it signed. Begun again after an interruption, it goes on with the two keys
that are there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from openpbm.care.accounts.mail_address import account_address, keep_account_address
from openpbm.care.accounts.models import User
from openpbm.care.audit.ledger import record_event
from openpbm.care.audit.noted_heads import ROTATED, note_head
from openpbm.care.encryption.keys import KEY_BYTES, KeyRing, key_ring, replace_ring
from openpbm.care.encryption.sealing import current_key_name, signing_key_of, unwrap, wrap
from openpbm.care.people.models import PersonKey

__all__ = ["RotatedKey", "rotate_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatedKey:
    """What a rotation did; `went_on` where an earlier one had been interrupted."""

    key_name: str
    people: int
    second_factors: int
    went_on: bool


def rotate_key() -> RotatedKey:
    """Give the installation a new key. Nobody else may write meanwhile: the caller holds the data folder. BadInput."""
    path = Path(settings.KEY_FILE)
    before = key_ring(path)
    went_on = bool(before.leaving)
    if not went_on:
        replace_ring(path, KeyRing(secrets.token_bytes(KEY_BYTES), (before.current,), before.audit))
    with transaction.atomic():
        people, second_factors = _wrap_people(), _seal_second_factors()
        _seal_addresses()
        detail = {"key": current_key_name(), "people": people, "second_factors": second_factors}
        record_event("key_rotated", by=None, detail=detail)
    ring = key_ring(path)
    note_head(ROTATED)
    replace_ring(path, KeyRing(ring.current, (), (*ring.audit, *map(signing_key_of, ring.leaving))))
    return RotatedKey(key_name=current_key_name(), people=people, second_factors=second_factors, went_on=went_on)


def _wrap_people() -> int:
    rows = PersonKey.objects.select_for_update().exclude(wrapped=None).order_by("pk")
    for row in rows:
        owner = str(row.pk)
        # The same key gives the same bytes: who was seen to before an interruption is not written again.
        row.wrapped = wrap(unwrap(bytes(row.wrapped or b""), owner), owner)
        row.save(update_fields=["wrapped"])
    return len(rows)


def _seal_second_factors() -> int:
    from allauth.mfa.models import Authenticator

    rows = Authenticator.objects.select_for_update().order_by("pk")
    for row in rows:
        row.data = {name: _sealed_anew(name, value) for name, value in row.data.items()}
        row.save(update_fields=["data"])
    return len(rows)


def _seal_addresses() -> None:
    """The addresses that lie with accounts, those of people in their record apart."""
    for user in User.objects.select_for_update(no_key=True).exclude(sealed_address=b"").order_by("pk"):
        keep_account_address(user, account_address(user))


def _sealed_anew(name: str, value: Any) -> Any:
    from allauth.mfa.adapter import get_adapter

    if name not in _SEALED:
        return value
    adapter = get_adapter()
    return (
        [_sealed_anew(name, one) for one in value]
        if isinstance(value, list)
        else adapter.encrypt(adapter.decrypt(value))
    )


#: What allauth hands over to be sealed: a secret, what recovery codes are made from, and codes of before.
_SEALED = ("secret", "seed", "migrated_codes")

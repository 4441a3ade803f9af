"""The e-mail address of an account, and the links that are sent to it.

Staff, helpers, and whoever has no record yet leave their address with the account, sealed by the key file; a person's
own stands in the record, under their key (`people.access.address_of` knows both). An address is believed once its
owner, signed in, came back by a link that was sent there: a slip of the pen must not hand the account to a stranger.
"""

from __future__ import annotations

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from openpbm.care.accounts.models import User
from openpbm.care.encryption.sealing import file_key, open_by_file_key, seal

__all__ = ["AddressLink", "PasswordLink", "account_address", "is_confirmed", "keep_account_address"]

_SALT = "openpbm.care.accounts.mail_address"
_LINK_HOLDS_S = 3 * 24 * 3600


def account_address(user: User) -> str:
    """The address that lies with the account; "" for none."""
    if not user.sealed_address:
        return ""
    return open_by_file_key(bytes(user.sealed_address), _place(user)).decode()


def keep_account_address(user: User, address: str) -> None:
    """Leave an address with the account, or take it away with ""."""
    user.sealed_address = seal(address.encode(), file_key(), _place(user)) if address else b""
    user.save(update_fields=["sealed_address"])


def _place(user: User) -> str:
    return f"address of account {user.pk}"


def is_confirmed(user: User, address: str) -> bool:
    """Whether the owner showed that mail to this very address reaches them."""
    return bool(address) and constant_time_compare(user.confirmed_address, _digest(user, address))


def _digest(user: User, address: str) -> str:
    # Keyed, so that the database does not tell whether an address somebody guesses is the one.
    return salted_hmac(_SALT, f"{user.pk}:{address.lower()}", algorithm="sha256").hexdigest()


class AddressLink:
    """A link to an address, by which its owner shows that it is theirs."""

    @staticmethod
    def make_token(user: User, address: str) -> str:
        """What the link carries: neither the account nor the address can be read out of it."""
        return signing.dumps(_digest(user, address), salt=_SALT)

    @staticmethod
    def confirm(user: User, address: str, token: str) -> bool:
        """Believe the address, where the token was made for it and for this account, and not long ago."""
        try:
            digest = signing.loads(token, salt=_SALT, max_age=_LINK_HOLDS_S)
        except signing.BadSignature:
            return False
        if not address or not constant_time_compare(str(digest), _digest(user, address)):
            return False
        user.confirmed_address = _digest(user, address)
        user.save(update_fields=["confirmed_address"])
        return True


class PasswordLink(PasswordResetTokenGenerator):
    """A link by which a forgotten password is replaced, as Django makes one: good for an hour, and once.

    It dies with the password, with the next sign-in, and here also with the address it was sent to.
    """

    key_salt = f"{_SALT}.password"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.confirmed_address}"

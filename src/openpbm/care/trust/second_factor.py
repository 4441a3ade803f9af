"""The second factor's secrets, sealed in the database by the key file."""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter

from openpbm.care.trust.sealing import file_key, open_sealed, seal

__all__ = ["SealedSecondFactor"]

_PLACE = "second factor"


class SealedSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals one-time-password secrets and recovery codes; sends no e-mail about them."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return base64.b64encode(seal(text.encode(), file_key(), _PLACE)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return open_sealed(base64.b64decode(encrypted_text), file_key(), _PLACE).decode()

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Accounts have no address of their own."""

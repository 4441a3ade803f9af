"""The demo's accounts: their passwords and second factors, and the file that names them."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpbm.care import clock
from openpbm.care.accounts.first_password import new_password
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.people.models import Person
from openpbm.errors import BadInput, Problem

__all__ = ["Accounts"]


@dataclass
class Accounts:
    """Every account of the demo. `known`: what the credentials file said before, by login name."""

    path: Path | None
    known: dict[str, dict[str, Any]]
    entries: list[dict[str, Any]] = field(default_factory=list)
    opened: bool = False
    _holds: bool | None = None

    @classmethod
    def read(cls, path: Path | None) -> Accounts:
        """The accounts a credentials file already names; BadInput for a file that is none."""
        if path is None or not path.exists():
            return cls(path=path, known={})
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["users"]
            return cls(path=path, known={row["username"]: row for row in rows if row["password"]})
        except (OSError, ValueError, KeyError, TypeError):
            raise BadInput(
                Problem(
                    key=str(path),
                    message="is no credentials file of the demo",
                    remedy="name another file, or remove it",
                )
            ) from None

    def account(self, role: str, username: str, display_name: str = "", *, staff: bool = False) -> User:
        """The account of that login name, made where it is missing; its password is the one in the file, or a new one.

        A password that nobody can know any more (no file names it) is only replaced when a file is asked for.
        """
        known = self.known.get(username, {})
        user = User.objects.filter(username=username).first()
        password = known.get("password")
        if user is None:
            user = self._open(username, display_name)
        if password is None and (self.path is not None or not user.has_usable_password()):
            password = new_password()
        if password is not None and not self._is_set(user, password, from_file="password" in known):
            user.set_password(password)
            user.save(update_fields=["password"])
            ledger.record_event("password_set", by=None, row=user)
        secret = self._second_factor(user, known.get("totp_secret"), renew=self.path is not None) if staff else None
        self.entries.append(
            {"role": role, "username": username, "password": password, "totp_secret": secret, "person_id": None}
        )
        return user

    def _is_set(self, user: User, password: str, *, from_file: bool) -> bool:
        """Whether it is the account's password. Comparing is slow on purpose: one of the file's stands for all."""
        if not from_file or not user.has_usable_password():
            return False
        if self._holds is None:
            self._holds = user.check_password(password)
        return self._holds

    def _open(self, username: str, display_name: str) -> User:
        self.opened = True
        # The column is Django's, and so is its default: it would say the time on the wall.
        user = User(username=username, display_name=display_name, date_joined=clock.now())
        user.set_unusable_password()
        user.save()
        ledger.record_event("account_opened", by=None, row=user, detail={"account": user.pk})
        return user

    def _second_factor(self, user: User, known: str | None, *, renew: bool) -> str | None:
        from allauth.mfa.models import Authenticator
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        there = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        # A second factor whose secret no file holds is of no use to anybody who tries the demo: it is made again.
        if there is not None and (not renew or known is not None):
            return known
        if there is not None:
            there.delete()
        secret: str = known or generate_totp_secret()
        made = TOTP.activate(user, secret).instance
        made.created_at = clock.now()
        made.save(update_fields=["created_at"])
        ledger.record_event("second_factor_set", by=None, row=user)
        return secret

    def belongs_to(self, user: User, person: Person) -> None:
        """Say whose record an account opens."""
        for entry in self.entries:
            if entry["username"] == user.username:
                entry["person_id"] = str(person.pk)

    def hand_over(self) -> None:
        """Write the file (0600), or print new passwords where no file was asked for."""
        if self.path is not None:
            _write(self.path, json.dumps({"users": self.entries}, indent=1) + "\n")
            print(
                f"openpbm: the demo's accounts and passwords are in {self.path.resolve()}", file=sys.stderr, flush=True
            )
        elif self.opened:
            print("The demo's accounts (shown this once; --credentials FILE keeps them):")
            for entry in self.entries:
                second = f"  one-time-password secret {entry['totp_secret']}" if entry["totp_secret"] else ""
                print(f"  {entry['role']:<22} {entry['username']:<16} {entry['password']}{second}", flush=True)


def _write(path: Path, text: str) -> None:
    """The whole file or the old one; never readable by others, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        os.fchmod(handle, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

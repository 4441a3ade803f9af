"""A clinic of invented people, to try the application with: `openpbm serve --demo`."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["make_demo"]


def make_demo(credentials: Path | None = None) -> None:
    """Make the demo clinic where it is not there yet; all of it or nothing. Running it again is harmless.

    credentials : file the accounts' passwords and one-time-password secrets are written to, for its owner alone; what
        it already holds is used. Without one the passwords are printed, once, when the accounts are made.
    """
    from django.db import transaction

    from openpbm.care.home.demo.accounts import Accounts
    from openpbm.care.home.demo.clinic import fill

    accounts = Accounts.read(credentials)
    with transaction.atomic():
        fill(accounts, _say)
    accounts.hand_over()


def _say(line: str) -> None:
    """Progress, beside the line that scripts wait for."""
    print(f"openpbm: the demo clinic: {line}", file=sys.stderr, flush=True)

"""How much one account may ask for: beyond it the answer is "later", and when."""

from __future__ import annotations

from openpbm.errors import OpenPBMError

__all__ = ["MOST_JOBS_AN_HOUR", "MOST_OPEN_JOBS", "TooMany"]

#: Long work that one account has waiting or running, for everybody whose record is open to it.
MOST_OPEN_JOBS = 10
#: Long work that one account orders about one person.
MOST_JOBS_AN_HOUR = 20


class TooMany(OpenPBMError):
    """One account has asked for more than its share; `retry_after_s` says when there is room again."""

    retry_after_s: int = 60

"""The end of the audit, noted in a file outside the database: a chain that was cut off, or put back as it was, shows.

A chain cut off at its end is sound in itself, and so is the whole database of last week. What was noted since says what
is missing. A restore notes where the audit goes on from, so that what it takes back is not taken for a forgery.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from openpbm.care import clock
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.encryption.signed_lines import SignedLine, change_lines, read_lines, signed_line

__all__ = [
    "BACKUP",
    "DAILY",
    "RESTORED",
    "NotedHead",
    "head_faults",
    "heads_file",
    "note_head",
    "note_restore",
    "noted_heads",
]

_log = logging.getLogger(__name__)

#: Why a head was noted: the day's last one, or what was about to happen to the record.
DAILY, BACKUP, RESTORED, ROTATED = "day", "backup", "restored", "key rotated"
_BECAUSE = {
    DAILY: "the day's last one",
    BACKUP: "a backup was made",
    ROTATED: "the key file has another key",
    RESTORED: "a backup was put back; later entries are those made since",
}


@dataclass(frozen=True, slots=True)
class NotedHead:
    """Where the audit ended at a moment; `signed` as of its line."""

    at: dt.datetime
    number: int
    digest: str
    why: str
    signed: bool | None

    @property
    def because(self) -> str:
        """Why, for the auditor."""
        return _BECAUSE.get(self.why, self.why)


def heads_file() -> Path:
    """Where they are noted."""
    return Path(settings.AUDIT_HEADS_FILE)


def noted_heads(*more: Path) -> list[NotedHead]:
    """The heads that were noted, in the installation's file and in further copies of it. BadInput."""
    return [_head(line) for file in (heads_file(), *more) for line in read_lines(file)]


def _head(line: SignedLine) -> NotedHead:
    told = line.content
    moment = dt.datetime.fromisoformat(str(told.get("at", "1970-01-01T00:00:00+00:00")))
    number, digest = int(told.get("number", 0)), str(told.get("digest", ""))
    return NotedHead(moment, number, digest, str(told.get("why", "")), line.signed)


def note_head(why: str = DAILY) -> None:
    """Note where the audit ends now: one line a day, which moves on with it, and one for each other reason. BadInput.

    Where the chain does not hold what was noted last, nothing is noted over it.
    """
    # The file comes first, and then the database, which is never behind it.
    change_lines(heads_file(), lambda lines: _with_the_head(lines, why))


def note_restore(number: int, digest: str) -> None:
    """Note that a backup was put back whose audit ends there: what was noted beyond it, until now, is taken back."""
    at = clock.now().astimezone(dt.UTC).isoformat()
    line = signed_line(heads_file(), at=at, number=number, digest=digest, why=RESTORED)
    change_lines(heads_file(), lambda lines: [*lines, line])


def _with_the_head(lines: list[SignedLine], why: str) -> list[SignedLine]:
    head = ChainHead.objects.filter(pk=1).first()
    last = _head(lines[-1]) if lines else None
    if head is None or (why == DAILY and last is not None and last.number == head.number):
        return lines
    if last is not None and not _is_in_the_chain(last):
        _log.error("the audit does not hold entry %s as it was noted outside the database: verify it", last.number)
        return lines
    now = clock.now().astimezone(dt.UTC)
    line = signed_line(heads_file(), at=now.isoformat(), number=head.number, digest=head.digest, why=why)
    same_day = last is not None and last.why == why == DAILY and last.at.date() == now.date()
    return [*(lines[:-1] if same_day else lines), line]


def _is_in_the_chain(head: NotedHead) -> bool:
    return head.number == 0 or AuditEntry.objects.filter(number=head.number, digest=head.digest).exists()


def head_faults(heads: Sequence[NotedHead]) -> Iterator[str]:
    """What was noted of the audit since the last restore and is not in it.

    What a restore notes names the whole chain up to there; of what was noted earlier, it took back what is not in it.
    """
    restored = max((head.at for head in heads if head.why == RESTORED and head.signed), default=None)
    for head in heads:
        if head.signed is False:
            yield f"the head noted for entry {head.number} on {head.at:%Y-%m-%d} was not signed with our key"
        elif (restored is None or head.at >= restored) and not _is_in_the_chain(head):
            yield (
                f"entry {head.number}: was there on {head.at:%Y-%m-%d %H:%M} UTC, as noted outside the database, and is"
                " not in the audit: its end was cut off, or another was put in its place"
            )

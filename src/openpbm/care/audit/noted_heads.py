"""The end of the audit, noted in a file outside the database: a chain that was cut off, or put back as it was, shows.

A chain cut off at its end is sound in itself, and so is the whole database of last week. What was noted since says what
is missing. A restore notes where the audit goes on from, so that what it takes back is not taken for a forgery. A
database that came back in another way is noted too, once its courses are held; for the verification it stays a fault.
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
from openpbm.errors import BadInput

__all__ = [
    "BACKUP",
    "DAILY",
    "PUT_BACK",
    "RESTORED",
    "NotedHead",
    "goes_on_from_notes",
    "head_faults",
    "heads_file",
    "note_head",
    "note_put_back",
    "noted_heads",
]

_log = logging.getLogger(__name__)

#: Why a head was noted: the day's last one, or what was about to happen to the record.
DAILY, BACKUP, RESTORED, PUT_BACK, ROTATED = "day", "backup", "restored", "put back", "key rotated"
_BECAUSE = {
    DAILY: "the day's last one",
    BACKUP: "a backup was made",
    ROTATED: "the key file has another key",
    RESTORED: "a backup was put back; later entries are those made since",
    PUT_BACK: "the database was found put back to an earlier state, or without these notes; every course was held",
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
    try:
        moment = dt.datetime.fromisoformat(str(told["at"])).astimezone(dt.UTC)
        number = int(told["number"])
    except (KeyError, TypeError, ValueError, OverflowError):
        # Whoever wrote it had no key of ours, and it must not keep the lines beside it from being read.
        moment, number = dt.datetime.fromtimestamp(0, dt.UTC), 0
    return NotedHead(moment, number, str(told.get("digest", "")), str(told.get("why", "")), line.signed)


def goes_on_from_notes() -> bool:
    """Whether the database holds the head that was noted last; without a note of ours only an empty one does.

    An older database together with the file of that day goes on from it: that cannot be told here.
    """
    try:
        return _goes_on(read_lines(heads_file()))
    except BadInput:
        return False


def _goes_on(lines: Sequence[SignedLine]) -> bool:
    last = _last_of_ours(lines)
    if last is None:
        return not ChainHead.objects.filter(number__gt=0).exists()
    return _is_in_the_chain(last)


def _last_of_ours(lines: Sequence[SignedLine]) -> NotedHead | None:
    return next((_head(line) for line in reversed(lines) if line.signed), None)


def note_head(why: str = DAILY) -> None:
    """Note where the audit ends now: one line a day, which moves on with it, and one for each other reason. BadInput.

    Where the database does not go on from the notes, nothing is noted: it would go on from them afterwards.
    """
    # The file comes first, and then the database, which is never behind it.
    change_lines(heads_file(), lambda lines: _with_the_head(lines, why))


def note_put_back(entry: AuditEntry, why: str) -> None:
    """Note where the audit of a database that came back goes on from: the entry that holds every course. BadInput.

    why : RESTORED takes back what was noted until now, PUT_BACK nothing
    """
    path, line = heads_file(), _new_line(why, entry.number, entry.digest)
    # A file that cannot be read is kept for whoever looks into it.
    aside = path.with_name(f"{path.name}.unreadable-{entry.number}")
    change_lines(path, lambda lines: [*lines, line], unreadable_to=aside)


def _new_line(why: str, number: int, digest: str) -> SignedLine:
    at = clock.now().astimezone(dt.UTC).isoformat()
    return signed_line(heads_file(), at=at, number=number, digest=digest, why=why)


def _with_the_head(lines: list[SignedLine], why: str) -> list[SignedLine]:
    if not _goes_on(lines):
        _log.error("the audit does not go on from what was noted outside the database: verify it")
        return lines
    # A site that has no entry yet is noted too: the notes of its first day are then never taken for lost.
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(number=0, digest="")
    last = _last_of_ours(lines)
    if why == DAILY and last is not None and last.number == head.number:
        return lines
    line = _new_line(why, head.number, head.digest)
    moves_on = last is not None and last.why == why == DAILY and last.at.date() == clock.now().astimezone(dt.UTC).date()
    return [*(lines[:-1] if moves_on and lines[-1].signed else lines), line]


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
        elif restored is not None and head.at < restored:
            continue
        elif not _is_in_the_chain(head):
            yield (
                f"entry {head.number}: was there on {head.at:%Y-%m-%d %H:%M} UTC, as noted outside the database, and is"
                " not in the audit: its end was cut off, or another was put in its place"
            )
        elif head.why == PUT_BACK:
            yield f"entry {head.number}: on {head.at:%Y-%m-%d %H:%M} UTC {head.because}"

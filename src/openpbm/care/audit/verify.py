"""Whether the record is still what was written: the chain, every row it names, the sealed reads, the guards.

Whoever can write to the database but has no key file can make no link of the chain, so what they change, make or remove
is found here; that the chain was cut off at its end, by what was noted of it outside the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from openpbm.care.audit.insert_only import missing_guards
from openpbm.care.audit.ledger import ROW_WRITTEN, Watched, link_digest, read_digest
from openpbm.care.audit.models import AuditEntry, ChainHead, InsertOnly, ReadEntry
from openpbm.care.audit.noted_heads import NotedHead, head_faults, noted_heads
from openpbm.care.encryption.sealing import key_is_known

__all__ = ["Verification", "further_check", "noted_words", "reading_at_length", "verify", "verify_database"]

_MOST_FAULTS = 100
#: A row can be a whole plan of 150 kB: so many are in memory at once.
_ROWS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification found; `faults` one sentence each, the first hundred.

    noted_heads, last_noted : how many ends of the audit were noted outside the database, and the moment of the last
    """

    ok: bool
    entries: int
    rows: int
    reads: int
    unsealed_reads: int
    head: str
    noted_heads: int
    last_noted: str
    faults: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The verification as JSON."""
        return asdict(self)


def verify(*more_heads: Path) -> Verification:
    """Walk the whole chain from its first link, and hold it against the heads that were noted outside the database.

    more_heads : further files of noted heads, such as an auditor's own copy
    """
    # Before the database is looked at: what is noted meanwhile lies behind the moment that is verified.
    heads = noted_heads(*more_heads)
    with transaction.atomic():
        found = verify_database(heads)
        faults = (*found.faults, *(fault for check in _further_checks for fault in check()))[:_MOST_FAULTS]
        return replace(found, ok=not faults, faults=faults)


_further_checks: list[Callable[[], Iterator[str]]] = []


def further_check(function: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
    """Register what those above this layer know of an installation, and the database by itself does not tell."""
    _further_checks.append(function)
    return function


def verify_database(heads: Sequence[NotedHead] = ()) -> Verification:
    """Walk the whole chain of a database by itself, which may be older than what was noted of another one here."""
    rows = _rows_of_the_chain()
    faults = [
        *_chain_faults(),
        *head_faults(heads),
        *_row_faults(rows),
        *_watched_faults(),
        *_read_faults(),
        *(f"table {table}: its triggers against changes are missing" for table in missing_guards()),
    ][:_MOST_FAULTS]
    head = ChainHead.objects.filter(pk=1).first()
    return Verification(
        ok=not faults,
        entries=AuditEntry.objects.count(),
        rows=len(rows),
        reads=ReadEntry.objects.count(),
        unsealed_reads=ReadEntry.objects.filter(sealed_in=None).count(),
        head=head.digest if head else "0" * 64,
        noted_heads=len(heads),
        last_noted=max(heads, key=lambda noted: noted.at).at.isoformat(timespec="seconds") if heads else "",
        faults=tuple(faults),
    )


def noted_words(noted: int, last: str) -> str:
    """What the end of the audit was compared with.

    >>> noted_words(2, "2027-03-01T12:00:00+00:00")
    'Its end was compared with what was noted outside the database (notes: 2, the last of 2027-03-01 12:00 UTC).'
    >>> noted_words(0, "")
    'Nothing was noted outside the database yet: whether the end was cut off cannot be told.'
    """
    if not noted:
        return "Nothing was noted outside the database yet: whether the end was cut off cannot be told."
    moment = f"{last[:16].replace('T', ' ')} UTC"
    return f"Its end was compared with what was noted outside the database (notes: {noted}, the last of {moment})."


def _rows_of_the_chain() -> dict[tuple[str, str], str]:
    linked = AuditEntry.objects.exclude(row_digest="").values_list("table", "row_id", "row_digest")
    return {(table, row_id): digest for table, row_id, digest in linked}


def _chain_faults() -> Iterator[str]:
    number, previous = 0, "0" * 64
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            yield f"entry {number + 1}: missing; the next one found is {entry.number}"
        if entry.previous != previous:
            yield f"entry {entry.number}: does not follow the one before it"
        if not key_is_known(entry.key_name):
            yield f"entry {entry.number}: was signed with the key {entry.key_name}, which the key file does not hold"
        elif entry.digest != link_digest(entry):
            yield f"entry {entry.number}: was changed after it was written"
        number, previous = entry.number, entry.digest
    head = ChainHead.objects.filter(pk=1).first()
    ends = (head.number, head.digest) if head is not None else (0, "0" * 64)
    # Links cut off at the end leave a chain that is sound in itself: only the head shows them.
    if ends != (number, previous):
        yield f"the chain ends at entry {number}, its head says {ends[0]}: entries are missing at the end"


def _row_faults(linked: dict[tuple[str, str], str]) -> Iterator[str]:
    seen = set()
    for model in apps.get_models():
        if not issubclass(model, InsertOnly):
            continue
        table = model._meta.db_table
        for row in model._default_manager.iterator(chunk_size=_ROWS_AT_ONCE):
            key = (table, str(row.pk))
            seen.add(key)
            if key not in linked:
                yield f"{table} {row.pk}: is in the table, and no entry names it"
            elif linked[key] != row.row_digest():
                yield f"{table} {row.pk}: was changed after it was written"
    for table, row_id in sorted(set(linked) - seen):
        yield f"{table} {row_id}: an entry names it, and it is gone"


def _watched_faults() -> Iterator[str]:
    """Rows that may change: each column must hold what the audit says last of it."""
    last: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    told = AuditEntry.objects.filter(action=ROW_WRITTEN).order_by("number")
    for table, row_id, key_name, detail in told.values_list("table", "row_id", "key_name", "detail").iterator():
        columns = last.setdefault((table, row_id), {})
        columns |= {name: (key_name, digest) for name, digest in detail.items()}
    for model in apps.get_models():
        if not issubclass(model, Watched):
            continue
        table = model._meta.db_table
        for row in model._base_manager.iterator(chunk_size=_ROWS_AT_ONCE):
            columns = last.pop((table, str(row.pk)), {})
            if not columns:
                yield f"{table} {row.pk}: is in the table, and no entry names it"
            elif wrong := [field.attname for field in model.watched_columns() if not _as_told(row, field, columns)]:
                yield f"{table} {row.pk}: {', '.join(wrong)} was changed behind the application's back"
    for table, row_id in sorted(last):
        yield f"{table} {row_id}: an entry names it, and it is gone"


def _as_told(row: Watched, field: Any, columns: dict[str, tuple[str, str]]) -> bool:
    key_name, digest = columns.get(field.attname, ("", ""))
    return key_is_known(key_name) and row.column_digest(field, key_name) == digest


def _read_faults() -> Iterator[str]:
    seals = AuditEntry.objects.filter(action="reads_sealed").values("number")
    astray = ReadEntry.objects.filter(sealed_in__isnull=False).exclude(sealed_in__in=seals).count()
    if astray:
        yield f"reads that are marked as sealed, and no entry seals them: {astray}"
    for seal in AuditEntry.objects.filter(action="reads_sealed").iterator(chunk_size=500):
        reads = list(ReadEntry.objects.filter(sealed_in=seal.number).order_by("id"))
        if len(reads) != seal.detail["count"] or read_digest(reads) != seal.detail["digest"]:
            yield f"the reads sealed in entry {seal.number} were changed after they were sealed"


@contextmanager
def reading_at_length() -> Iterator[None]:
    """Transactions in here read a snapshot and keep no writer waiting (SQLite's would take the lock at once)."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]

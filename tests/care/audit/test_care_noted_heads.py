"""A chain cut off at its end, or a database put back as it was last week, is sound in itself: a noted head tells."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from care.audit.test_care_ledger import without_guards
from care.conftest import House, signed_in
from django.conf import settings
from django.db import connection

from openpbm.care import clock
from openpbm.care.audit.ledger import record_event
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.audit.noted_heads import (
    DAILY,
    PUT_BACK,
    RESTORED,
    goes_on_from_notes,
    note_head,
    note_put_back,
    noted_heads,
)
from openpbm.care.audit.verify import verify
from openpbm.care.encryption.signed_lines import change_lines, signed_line
from openpbm.errors import BadInput

NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def act(count: int, day: int = 10) -> None:
    with clock.told_by(lambda: NOON + day * DAY):
        for _ in range(count):
            record_event("lamp_looked_at", by=None)


def faults() -> str:
    return "\n".join(fault for fault in verify().faults if "triggers" not in fault)


def cut_off(entries: int) -> None:
    """Take the last entries away, with all that names them in the database."""
    numbers = AuditEntry.objects.order_by("-number").values_list("number", flat=True)
    keep = numbers[entries]
    without_guards("audit_auditentry", f"DELETE FROM audit_auditentry WHERE number > {keep}")
    ChainHead.objects.update(number=keep, digest=AuditEntry.objects.get(number=keep).digest)


def write_line(number: int, digest: str, at: dt.datetime = NOON) -> None:
    """Note an end that the chain need not have, signed as ours are."""
    line = signed_line(settings.AUDIT_HEADS_FILE, at=at.isoformat(), number=number, digest=digest, why=DAILY)
    change_lines(settings.AUDIT_HEADS_FILE, lambda lines: [*lines, line])


@pytest.fixture
def heads(house: House, settings: Any, tmp_path: Path) -> Path:
    """Some days of an audit, each noted."""
    settings.AUDIT_HEADS_FILE = tmp_path / "heads.jsonl"
    # As the first start leaves it, with nothing in the audit yet.
    write_line(0, "")
    for day in range(3):
        with clock.told_by(lambda day=day: NOON + day * DAY):  # type: ignore[misc]
            act(3, day)
            note_head()
            act(2, day)
            note_head()
    assert not faults()
    return tmp_path / "heads.jsonl"


def test_a_day_has_one_line_which_moves_on_with_it(heads: Path) -> None:
    noted = noted_heads()
    assert [(head.at.date().day, head.signed) for head in noted] == [(1, True), (2, True), (3, True)]
    head = ChainHead.objects.get()
    assert (noted[-1].number, noted[-1].digest) == (head.number, head.digest)
    assert heads.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in heads.parent.iterdir()] == ["heads.jsonl"]


@pytest.mark.parametrize("entries", [1, 4, 12])
def test_an_end_that_was_cut_off_is_found_and_not_noted_over(heads: Path, entries: int) -> None:
    cut_off(entries)
    assert "as noted outside the database, and is not in the audit" in faults()
    act(20)
    note_head()
    assert "is not in the audit" in faults()


def test_a_database_without_any_audit_is_found(heads: Path) -> None:
    without_guards("audit_auditentry", "DELETE FROM audit_auditentry")
    ChainHead.objects.all().delete()
    assert "is not in the audit" in faults()
    assert noted_heads()
    note_head()


def test_an_audit_put_in_the_place_of_another_is_found_even_with_the_key(heads: Path) -> None:
    number = ChainHead.objects.get().number
    cut_off(7)
    act(10)
    assert ChainHead.objects.get().number > number
    assert f"entry {number}: was there on 2027-03-03" in faults()


def _later(line: dict[str, object]) -> dict[str, object]:
    return line | {"number": 3}


def _of_a_restore(line: dict[str, object]) -> dict[str, object]:
    return line | {"why": RESTORED}


def _copied(line: dict[str, object]) -> dict[str, object]:
    return line | {"at": "2030-01-01T00:00:00+00:00"}


@pytest.mark.parametrize("change", [_later, _of_a_restore, _copied])
def test_a_line_that_was_changed_is_found(heads: Path, change: Callable[..., dict[str, object]]) -> None:
    lines = heads.read_text().splitlines()
    heads.write_text("\n".join([*lines[:-1], json.dumps(change(json.loads(lines[-1])))]) + "\n")
    assert "was not signed with our key" in faults()


@pytest.mark.parametrize("text", ["no line of ours\n", "[1]\n", '{"number": 1}\n'])
def test_a_file_that_is_none_is_one_line(heads: Path, text: str) -> None:
    heads.write_text(text)
    with pytest.raises(BadInput, match="line 1 is none that was written there"):
        verify()


def test_a_restore_takes_back_what_came_after_it_and_excuses_nothing_else(heads: Path) -> None:
    cut_off(6)
    with clock.told_by(lambda: NOON + 4 * DAY):
        note_put_back(record_event("database_restored", by=None), RESTORED)
    assert not faults()
    act(30)
    assert not faults()
    cut_off(32)
    assert "is not in the audit" in faults()


def put_back(day: int) -> None:
    with clock.told_by(lambda: NOON + day * DAY):
        note_put_back(record_event("database_restored", by=None), PUT_BACK)


def test_a_database_that_was_put_back_is_noted_once_and_stays_a_fault_until_a_restore(heads: Path) -> None:
    assert goes_on_from_notes()
    cut_off(6)
    assert not goes_on_from_notes()
    put_back(4)
    assert goes_on_from_notes()
    act(3)
    note_head()
    assert "is not in the audit" in faults()
    # Taken out of the file, what was lost leaves what was found.
    lines = heads.read_text().splitlines()
    heads.write_text("".join(f"{line}\n" for line in lines if json.loads(line)["why"] == PUT_BACK))
    assert "found put back to an earlier state, or without these notes; every course was held" in faults()
    with clock.told_by(lambda: NOON + 11 * DAY):
        note_put_back(record_event("database_restored", by=None), RESTORED)
    assert not faults()


def test_without_its_notes_a_database_may_be_any_and_nothing_is_noted_over_that(heads: Path) -> None:
    for text in (None, "", "no line of ours\n", '{"at": 5, "number": "x", "key": "theirs", "signature": ""}\n'):
        heads.unlink()
        if text is not None:
            heads.write_text(text)
        assert not goes_on_from_notes()
        if text != "no line of ours\n":
            note_head()
        assert not goes_on_from_notes()
        put_back(4)
        assert goes_on_from_notes()
        assert "every course was held" in faults()
    (aside,) = heads.parent.glob("heads.jsonl.unreadable-*")
    assert aside.read_text() == "no line of ours\n"


def test_a_line_behind_ours_that_we_did_not_sign_changes_nothing(heads: Path) -> None:
    ours = json.loads(heads.read_text().splitlines()[0])
    forged = (
        json.dumps(ours | {"signature": "0"}),
        json.dumps(ours | {"key": "another"}),
        '{"key": "", "signature": ""}',
    )
    with heads.open("a") as file:
        file.write("".join(f"{line}\n" for line in forged))
    assert goes_on_from_notes()
    act(1)
    note_head()
    assert [head.signed for head in noted_heads()] == [True, True, True, False, None, None, True]
    assert "was not signed with our key" in faults()
    cut_off(1)
    assert not goes_on_from_notes()


def test_a_copy_kept_elsewhere_tells_when_the_file_here_was_taken_away(heads: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / heads.name
    copy.parent.mkdir()
    heads.rename(copy)
    cut_off(3)
    assert verify().noted_heads == 0
    assert any("is not in the audit" in fault for fault in verify(copy).faults)


def test_the_auditor_sees_where_it_ended_and_what_was_compared(house: House, heads: Path) -> None:
    ChainHead.objects.update(at=None)
    page = signed_in(house.auditor).post("/clinic/audit/").content.decode()
    assert "notes: 3, the last of 2027-03-03 12:00 UTC" in page
    for head in noted_heads():
        assert head.digest[:16] in page


def test_a_guard_that_guards_nothing_any_more_is_found(house: House) -> None:
    """By its name alone it was still there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER people_goal_no_update")
            cursor.execute(
                "CREATE TRIGGER people_goal_no_update BEFORE UPDATE ON people_goal WHEN FALSE"
                " BEGIN SELECT RAISE(ABORT, 'people_goal is insert-only'); END"
            )
        else:
            cursor.execute(
                "CREATE OR REPLACE TRIGGER people_goal_no_update BEFORE UPDATE ON people_goal FOR EACH ROW"
                " WHEN (FALSE) EXECUTE FUNCTION openpbm_refuse()"
            )
    assert verify().faults == ("table people_goal: its triggers against changes are missing",)

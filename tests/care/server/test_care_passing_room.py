"""What a backup or a restore makes on its way is gone afterwards: when it ended, was told to end, or was killed."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from openpbm.care.backup.passing_room import passing_room
from openpbm.care.backup.restore import _close_for_good
from openpbm.errors import BadInput


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fill(room: Path) -> None:
    (room / "content").mkdir()
    (room / "content" / "half").write_text("half of a backup")


def full(room: Path) -> None:
    raise OSError(28, "No space left on device")


def told_to_end(room: Path) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def fails(room: Path) -> None:
    raise ZeroDivisionError


def make(folder: Path, ends: Callable[[Path], None]) -> None:
    with passing_room(folder, "backup.tar.gz") as room:
        fill(room)
        ends(room)


@pytest.mark.parametrize(
    ("ends", "error"), [(full, BadInput), (told_to_end, KeyboardInterrupt), (fails, ZeroDivisionError)]
)
def test_however_it_ends_nothing_is_left(
    tmp_path: Path, ends: Callable[[Path], None], error: type[BaseException]
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(error):
        make(tmp_path, ends)
    assert left(tmp_path) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        make(tmp_path, full)
    (problem,) = caught.value.problems
    assert "takes no more (No space left on device)" in str(problem)
    with pytest.raises(BadInput, match="takes no more"):
        make(tmp_path / "nowhere", fill)


def test_what_a_killed_one_left_goes_with_the_next_and_what_another_is_making_stays(tmp_path: Path) -> None:
    killed, at_work = (tmp_path / f".openpbm-at-work.{name}" for name in ("killed", "other"))
    for folder in (killed, at_work):
        folder.mkdir()
        fill(folder)
    (tmp_path / "backup.tar.gz").write_text("of yesterday")
    held = os.open(at_work, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with passing_room(tmp_path, "backup.tar.gz") as room:
        assert left(tmp_path) == sorted([at_work.name, room.name, "backup.tar.gz"])
    os.close(held)
    assert left(tmp_path) == [at_work.name, "backup.tar.gz"]


def test_a_log_that_cannot_be_folded_into_the_database_is_kept_and_said(tmp_path: Path) -> None:
    """On a disk that was all but full the last rows of a restore lay in the log, and the log was dropped."""
    path = tmp_path / "openpbm.sqlite3"
    with closing(sqlite3.connect(path)) as writer, closing(sqlite3.connect(path)) as reader:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE kept (number INTEGER)")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM kept").fetchone()
        writer.execute("INSERT INTO kept VALUES (1)")
        writer.commit()
        with pytest.raises(sqlite3.OperationalError):
            _close_for_good(path, wait_s=0)
        assert (tmp_path / "openpbm.sqlite3-wal").stat().st_size > 0
        reader.rollback()
    _close_for_good(path, wait_s=0)
    assert left(tmp_path) == [path.name]

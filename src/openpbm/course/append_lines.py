"""Lines added to the files of a course folder: nothing there is changed, and a file is replaced whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbm.course.lines import FILES, FileKind
from openpbm.course.paper_diary import PaperDiary
from openpbm.errors import BadInput, Problem
from openpbm.files import Line, Table, read_table

__all__ = ["Taken", "begin_course", "take_paper_diary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was added to each file. `already_there`: days of the paper that the folder already holds, word for word."""

    sessions: int
    days: int
    already_there: tuple[str, ...]
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewText:
    """A file as it will be."""

    path: Path
    text: str
    added: int
    encoding: str


def begin_course(folder: Path) -> tuple[str, ...]:
    """Make the folder and the files a person writes in, each with its first line; return the names of the new ones.

    A file that is there stays as it is. Raises BadInput where nothing can be written.
    """
    wanted = [kind for kind in FILES.values() if kind.wanted and not (folder / kind.name).exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in wanted:
            _replace(folder / kind.name, ",".join(kind.columns) + "\n")
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return tuple(kind.name for kind in wanted)


def take_paper_diary(folder: Path, paper: PaperDiary) -> Taken:
    """Add the lines of a printed diary to sessions.csv, diary.csv and events.csv.

    A day that is there already is left out when it says the same; when it says anything else nothing is written at
    all, and BadInput names both lines. Of events a day may hold several.
    """
    problems: list[Problem] = []
    already: list[str] = []
    sessions = _extended(folder, FILES["sessions"], paper.sessions, paper.name, problems, already)
    days = _extended(folder, FILES["diary"], paper.days, paper.name, problems, already)
    events = _extended(folder, FILES["events"], paper.events, paper.name, problems, already, one_a_day=False)
    if sessions is None or days is None or events is None or problems:
        raise BadInput({str(problem): problem for problem in problems}.values())
    try:
        # Should a later one fail, the earlier stand: typing the same paper again adds only what is missing.
        for new in (sessions, days, events):
            if new.added:
                _replace(new.path, new.text, new.encoding)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return Taken(sessions=sessions.added, days=days.added, already_there=tuple(already), events=events.added)


def _extended(
    folder: Path,
    kind: FileKind,
    rows: Iterable[tuple[int, dict[str, str]]],
    paper: str,
    problems: list[Problem],
    already: list[str],
    *,
    one_a_day: bool = True,
) -> _NewText | None:
    path = folder / kind.name
    table = read_table(path, kind.table_columns, problems) if path.exists() else Table(columns=(), lines=())
    if table is None:
        return None
    columns = table.columns or kind.columns
    there = _by_day(kind, table)
    new = []
    for number, cells in sorted(rows, key=lambda row: row[1]["date"]):
        same_day = there.get(cells["date"], [])
        said = any(_says_the_same(kind, line, noun, cells) for line, noun in same_day)
        if not said and not (same_day and one_a_day):
            problems.extend(_without_column(kind, columns, cells))
            new.append([cells.get(column, "") for column in columns])
        elif said:
            already.append(f"{kind.name}: {cells['date']} is there already")
        else:
            problems.append(_conflict(kind, same_day[0][0], paper, number, cells))
    text = _with_rows(path, table, columns, new)
    return _NewText(path=path, text=text, added=len(new), encoding=_encoding_for(text, table.encoding))


def _by_day(kind: FileKind, table: Table) -> dict[str, list[tuple[Line, Any]]]:
    days: dict[str, list[tuple[Line, Any]]] = {}
    for line in table.lines:
        noun = kind.read(line)
        if noun is not None:
            days.setdefault(noun.date.isoformat(), []).append((line, noun))
    return days


def _says_the_same(kind: FileKind, line: Line, noun: Any, cells: dict[str, str]) -> bool:
    """Whether a line holds every value of `cells`; when it was entered does not count."""
    asked = kind.read(Line(file=line.file, number=line.number, cells=cells, problems=[]))
    columns = [column for column, cell in cells.items() if cell and column != "entered_at"]
    return all(getattr(noun, column) == getattr(asked, column) for column in columns)


def _conflict(kind: FileKind, line: Line, paper: str, number: int, cells: dict[str, str]) -> Problem:
    return Problem(
        document=paper,
        line=number,
        message=(
            f"{kind.name} line {line.number} holds {cells['date']} already and says something else"
            f" ({_in_words(line.cells)}; on paper {_in_words(cells)})"
        ),
        remedy="correct one of the two, nothing was written",
    )


def _in_words(cells: dict[str, str]) -> str:
    return ", ".join(
        f"{name} {cell[:40]}" for name, cell in cells.items() if cell and name not in ("date", "entered_at")
    )


def _without_column(kind: FileKind, columns: tuple[str, ...], cells: dict[str, str]) -> list[Problem]:
    return [
        Problem(
            document=kind.name,
            message=f"no column {column} for what the paper says",
            remedy="add it to the first line",
        )
        for column, cell in cells.items()
        if cell and column not in columns
    ]


def _with_rows(path: Path, table: Table, columns: tuple[str, ...], rows: list[list[str]]) -> str:
    """The file's own text, untouched, and the new lines behind it in its own line ends."""
    # UTF-8 alone keeps a byte order mark as a character of the text, so that it is written back as it was.
    encoding = "utf-8" if table.encoding == "utf-8-sig" else table.encoding
    text = path.read_bytes().decode(encoding) if table.columns else ""
    end = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith(("\n", "\r")):
        text += end
    if not text:
        text = ",".join(columns) + end
    tail = io.StringIO(newline="")
    csv.writer(tail, lineterminator=end, delimiter=table.delimiter).writerows(rows)
    return text + tail.getvalue()


def _encoding_for(text: str, encoding: str) -> str:
    """The encoding of the file as it is, unless it has no letter for what is added."""
    if encoding == "utf-8-sig":
        return "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        # With the mark: without one a spreadsheet goes on reading the file as Windows-1252.
        return "utf-8-sig"
    return encoding


def _replace(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write beside, then put in place at once: a reader sees the old file or the new one, never half of one."""
    # A link stays a link: what it points to is replaced.
    path = path.resolve()
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding=encoding, newline="") as handle:
            handle.write(text)
            handle.flush()
            # Without this a power cut just after the renaming can leave an empty file under the right name.
            os.fsync(handle.fileno())
        if path.exists():
            # The new file is born with the usual rights, and would open a diary its owner had closed to others.
            shutil.copymode(path, beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _cannot_write(folder: Path, error: OSError) -> BadInput:
    return BadInput(
        Problem(
            key=str(folder), message=f"cannot be written ({error.strerror})", remedy="check the folder and its rights"
        )
    )

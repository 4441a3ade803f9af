"""Folders and files of evidence as people write them: read, and written so that nothing is lost half-way."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from openpbm.errors import BadInput, Problem
from openpbm.evidence.table.rows import ROW_CLASSES, EvidenceTable, Row
from openpbm.files import adapter, csv_rows, guarded, read_bytes, suggest

__all__ = ["as_csv", "columns_of", "read_folder", "read_rows", "template_columns", "write_folder"]

_REMEDY = "correct the cell"


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of one of the five files."""
    return tuple(field.name for field in dataclasses.fields(ROW_CLASSES[table]))


def template_columns() -> tuple[str, ...]:
    """The columns of one file that holds a whole study: `studies.id`, `arms.arm` and so on."""
    return tuple(f"{table}.{column}" for table in ROW_CLASSES for column in columns_of(table))


def read_folder(path: Path) -> EvidenceTable:
    """A folder of the five files, one of them, or one file as the template; BadInput with a line for each problem."""
    if path.is_dir():
        files = {table: path / f"{table}.csv" for table in ROW_CLASSES}
        present = {table: file for table, file in files.items() if file.is_file()}
        if not present:
            names = ", ".join(file.name for file in files.values())
            raise BadInput(Problem(str(path), message="holds no file of evidence", remedy=f"it may hold {names}"))
        rows, problems = _read_all(present)
    elif path.stem in ROW_CLASSES:
        rows, problems = _read_all({path.stem: path})
    else:
        rows, problems = _read_template(path)
    if problems:
        raise BadInput(problems)
    return EvidenceTable(**rows)  # type: ignore[arg-type]


def _read_all(files: Mapping[str, Path]) -> tuple[dict[str, tuple[Row, ...]], list[Problem]]:
    rows: dict[str, tuple[Row, ...]] = {}
    problems: list[Problem] = []
    for table, file in files.items():
        rows[table] = read_rows(table, read_bytes(file), file.name, problems)
    return rows, problems


def read_rows(table: str, content: bytes, document: str, problems: list[Problem]) -> tuple[Row, ...]:
    """The rows of one of the five files; what is wrong is added to `problems`."""
    lines = csv_rows(content, document).rows
    if not lines:
        problems.append(
            Problem(document=document, message="is empty", remedy=f"columns: {', '.join(columns_of(table))}")
        )
        return ()
    (_, header), *rest = lines
    if not _columns_known(header, columns_of(table), document, problems):
        return ()
    found = [_row(table, _cells(header, cells), document, line, problems) for line, cells in rest]
    return tuple(row for row in found if row is not None)


def _columns_known(header: list[str], known: tuple[str, ...], document: str, problems: list[Problem]) -> bool:
    wrong = [name for name in header if name.strip() not in known]
    for name in wrong:
        problems.append(Problem(name, None, "not a known column", suggest(name, known), line=1, document=document))
    return not wrong


def _cells(header: list[str], cells: list[str]) -> dict[str, str]:
    # An empty cell is dropped: the row's own default is what "not given" means there.
    pairs = zip(header, cells, strict=False)
    return {name.strip(): cell.strip() for name, cell in pairs if cell.strip()}


def _row(table: str, cells: dict[str, str], document: str, line: int, problems: list[Problem]) -> Row | None:
    # pydantic costs a tenth of a second, which `openpbm --help` must not pay.
    from pydantic import ValidationError

    try:
        return adapter(ROW_CLASSES[table]).validate_python(cells)
    except ValidationError as error:
        id = cells.get("id") or ".".join(filter(None, (cells.get("study"), cells.get("arm"))))
        for item in error.errors():
            column = ".".join(map(str, item["loc"]))
            message = item["msg"][0].lower() + item["msg"][1:]
            key = f"{id}.{column}".lstrip(".")
            problems.append(Problem(key, cells.get(column), message, _REMEDY, line=line, document=document))
        return None


def _read_template(path: Path) -> tuple[dict[str, tuple[Row, ...]], list[Problem]]:
    problems: list[Problem] = []
    lines = csv_rows(read_bytes(path), path.name).rows
    if not lines:
        raise BadInput(Problem(str(path), message="is empty", remedy="start from: openpbm evidence template"))
    (_, header), *rest = lines
    if not _columns_known(header, template_columns(), path.name, problems):
        return {}, problems
    rows: dict[str, dict[Row, None]] = {table: {} for table in ROW_CLASSES}
    for line, cells in rest:
        given = _cells(header, cells)
        for table, found in rows.items():
            part = {name.partition(".")[2]: cell for name, cell in given.items() if name.startswith(f"{table}.")}
            row = _row(table, part, path.name, line, problems) if part else None
            if row is not None:
                # A study's cells may be repeated on every line; the same row counts once.
                found[row] = None
    return {table: tuple(found) for table, found in rows.items()}, problems


def as_csv(table: str, rows: Iterable[Row]) -> str:
    """Rows as one of the five files has them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = columns_of(table)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(getattr(row, column)) for column in columns])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    return guarded(str(value)) if isinstance(value, str) else f"{value}"


def write_folder(folder: Path, table: EvidenceTable) -> tuple[Path, ...]:
    """Write the five files, each whole or not at all: beside the old one first, then in its place."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = []
    for name in ROW_CLASSES:
        beside = folder / f".{name}.csv.new"
        beside.write_text(as_csv(name, table.rows(name)), encoding="utf-8")
        waiting.append((beside, folder / f"{name}.csv"))
    for beside, place in waiting:
        os.replace(beside, place)
    return tuple(place for _, place in waiting)
